"""Changing a case's level, and setting up the levels there are."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text, update

from app.access.models import Role
from app.audit.models import Event
from app.cases import niveauer, queries
from app.cases.assessments.models import Assessment, RatingSource, State, Urgency
from app.cases.codes import Theme
from app.cases.levels.picture import LEFT, RIGHT, WIDTH, level_picture
from app.cases.levels.queries import changes_of
from app.cases.levels.services import change_level
from app.cases.models import Case, CaseSpell, CaseStatus
from app.core.errors import ChangedMeanwhileError, DomainError
from tests.browser import Browser
from tests.cases.acting import NOON, TODAY, Db, access_of, events_of, open_one, sees
from tests.cases.intake.conftest import decided, refer, spells
from tests.cases.pages import events, statements
from tests.conftest import ActAs
from tests.factories import Make
from tests.samples import Sampler
from tests.world import Team, World

LATER = TODAY + timedelta(days=7)


@pytest.fixture
def team(world: World, acting_as: ActAs) -> Team:
    acting_as(world.nord.koordinator, TODAY)
    return world.nord


def test_a_change_keeps_from_to_why_when_and_who(
    team: Team, acting_as: ActAs, db_session: Db, owner: Engine, make: Make
) -> None:
    case = open_one(team.koordinator)
    db_session.commit()
    proposing = Sampler(make, owner).assessment(case).id
    acting_as(team.koordinator, LATER)
    at = NOON + timedelta(days=7)
    change_level(case, niveau=2, reasons="Ny sigtelse", assessment_id=proposing, by=team.koordinator, at=at)
    db_session.commit()

    (change,) = changes_of(case.id)
    assert (change.from_niveau, change.to_niveau, change.reasons, change.on_day, change.by.name) == (
        1,
        2,
        "Ny sigtelse",
        LATER,
        team.koordinator.name,
    )
    assert (change.assessment_id, case.niveau, case.opened_niveau) == (proposing, 2, 1)
    assert spells(owner, case.id) == [("aktiv", 1, TODAY, LATER), ("aktiv", 2, LATER, None)]
    assert events_of(owner, case.id)[-1] == (
        Event.LEVEL_CHANGED.value,
        team.koordinator.id,
        {"from_niveau": 1, "niveau": 2},
    )


def test_up_to_3_names_those_who_see_it(
    team: Team, make: Make, acting_as: ActAs, db_session: Db, owner: Engine
) -> None:
    other = make.user(Role.KOORDINATOR, team.unit)
    case = open_one(team.koordinator, owner_id=None)
    change_level(case, niveau=3, reasons="Bande", member_ids=[team.mentor.id], by=team.koordinator, at=NOON)
    db_session.commit()
    case_id = case.id

    assert case.restricted
    assert {user for user, *_ in access_of(owner, case_id)} == {team.koordinator.id, team.mentor.id}
    assert sees(acting_as, db_session, team.mentor, case_id)
    assert not sees(acting_as, db_session, other, case_id)


def test_down_again_stays_restricted_until_the_leader_lifts_it(
    team: Team, acting_as: ActAs, db_session: Db, owner: Engine
) -> None:
    case = open_one(team.koordinator, niveau=3)
    change_level(case, niveau=2, reasons="Ude af miljøet", by=team.koordinator, at=NOON)
    assert case.restricted
    with pytest.raises(DomainError) as refused:
        change_level(case, niveau=1, reasons="x", lift_restriction=True, by=team.koordinator, at=NOON)
    assert refused.value.field == "lift_restriction"
    db_session.commit()

    acting_as(team.leder, TODAY)
    case = queries.get_case(case.id)
    change_level(case, niveau=1, reasons="Roligt", lift_restriction=True, by=team.leder, at=NOON)
    db_session.commit()
    assert not case.restricted
    assert decided(owner, case.id) == [("unrestricted", None, "Roligt")]


def test_what_keeps_it_restricted_cannot_be_lifted_with_the_level(team: Team, acting_as: ActAs) -> None:
    case = open_one(team.koordinator, niveau=2, themes=[Theme.EXTREMISM])
    with pytest.raises(DomainError, match="ekstremisme"):
        change_level(case, niveau=1, reasons="x", lift_restriction=True, by=team.koordinator, at=NOON)
    with pytest.raises(DomainError, match="På niveau 3"):
        change_level(case, niveau=3, reasons="x", lift_restriction=True, by=team.koordinator, at=NOON)


@pytest.mark.parametrize(("niveau", "words"), [(1, "allerede på niveau 1"), (7, "fra listen")])
def test_a_niveau_that_is_no_change_or_not_on_offer(team: Team, niveau: int, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        change_level(open_one(team.koordinator), niveau=niveau, reasons="x", by=team.koordinator, at=NOON)


def test_a_referral_has_no_level_to_change(team: Team) -> None:
    with pytest.raises(DomainError, match="aktiv sag"):
        change_level(refer(team.koordinator), niveau=2, reasons="x", by=team.koordinator, at=NOON)


def test_whoever_looks_at_an_older_case_does_not_overrule(team: Team, db_session: Db) -> None:
    case = open_one(team.koordinator)
    db_session.commit()
    stale = queries.get_case(case.id)
    db_session.expunge(stale)
    change_level(queries.get_case(case.id), niveau=2, reasons="x", by=team.koordinator, at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        change_level(stale, niveau=3, reasons="x", by=team.koordinator, at=NOON)


# ---------------------------------------------------------------- the page


def signed_assessment(make: Make, owner: Engine, case: Case) -> int:
    """The id of a signed assessment of the case."""
    draft = Sampler(make, owner).assessment(case)
    with owner.begin() as connection:
        connection.execute(
            update(Assessment)
            .where(Assessment.id == draft.id)
            .values(
                state=State.SIGNED,
                ended_at=draft.saved_at,
                ended_by_id=draft.saved_by_id,
                urgency=Urgency.LOW,
                urgency_reasons="Intet nyt",
                proposed_niveau=2,
                review_on=date(2099, 1, 1),
                main_source=RatingSource.CITIZEN,
            )
        )
    return draft.id


def test_no_draft_and_no_assessment_of_another_case_is_named(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["unit"]
    of_another = signed_assessment(make, owner, world.cases["owner"])
    draft = Sampler(make, owner).assessment(case).id
    client.sign_in(world.nord.koordinator)

    for other in (of_another, draft, 99_999):
        client.get(f"/sager/{case.id}/niveau?forslag=2&vurdering={other}", status=404)


def test_the_level_is_changed_on_its_page(client: Browser, world: World, make: Make, owner: Engine) -> None:
    case = world.cases["unit"]
    proposing = signed_assessment(make, owner, case)
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/niveau?forslag=2&vurdering={proposing}")
    assert "Risikovurderingen foreslår niveau 2" in page.main
    assert page.one("main//input[@value='2']").get("checked") is not None
    page = client.submit(page, {"reasons": "Ny sigtelse"})
    assert "Niveau 2 · kriminalitet" in page.main

    assert "fra niveau 1 til niveau 2" in client.get(f"/sager/{case.id}/historik").main
    told = client.get(page.links["Skift niveau"]).main
    assert "Fra niveau 1 til niveau 2" in told
    assert "Ny sigtelse" in told


@pytest.mark.parametrize("proposed", ["9", "x", "-1", "1", "99999999999999999999"])
def test_a_proposal_that_cannot_be_is_left_out(client: Browser, world: World, proposed: str) -> None:
    page = client.sign_in(world.nord.koordinator).get(
        f"/sager/{world.cases['unit'].id}/niveau?forslag={proposed}", status=None
    )

    assert page.status in {200, 404}
    assert "foreslår" not in page.html


def test_only_the_leader_is_offered_to_lift(browser: Callable[[], Browser], world: World) -> None:
    case = world.cases["restricted_named"]
    words = "Lad hele enheden se sagen igen"
    assert words not in browser().sign_in(world.nord.koordinator).get(f"/sager/{case.id}/niveau").main
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/sager/{case.id}/niveau")
    assert words in page.main
    page = client.submit(page, {"niveau": "1", "reasons": "Roligt", "lift_restriction": True})
    assert "Kun navngivne og leder" not in page.main


def test_a_closed_case_shows_its_line_and_no_form(client: Browser, world: World, make: Make) -> None:
    case = make.case(2, unit=world.nord.unit, opened=date(2026, 2, 1), closed=date(2026, 5, 1))
    page = client.sign_in(world.nord.koordinator).get(f"/sager/{case.id}/niveau")

    assert list(page.rows()) == [
        ["01-05-2026", "nu", "Afsluttet", "2"],
        ["01-02-2026", "01-05-2026", "Aktiv", "2"],
    ]
    assert "Niveauet kan kun skiftes, mens sagen er aktiv." in page.main
    assert not page.all("main//form")


def test_the_page_needs_few_statements(client: Browser, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    with statements() as sent:
        client.get(f"/sager/{world.cases['unit'].id}/niveau")

    assert len(sent) <= 15


# ---------------------------------------------------------------- the picture


def spell(niveau: int, begin: date, end: date | None, status: CaseStatus = CaseStatus.ACTIVE) -> CaseSpell:
    return CaseSpell(case_id=1, status=status, niveau=niveau, from_day=begin, until_day=end)


def test_the_picture_says_in_words_what_it_draws() -> None:
    picture = level_picture(
        [
            spell(1, date(2026, 1, 1), date(2026, 2, 1), CaseStatus.HENVENDELSE),
            spell(1, date(2026, 2, 1), date(2026, 6, 1)),
            spell(3, date(2026, 6, 1), None),
        ],
        TODAY,
    )

    assert picture.description == (
        "Henvendelse fra 01-01-2026 til 01-02-2026; niveau 1 fra 01-02-2026 til 01-06-2026; niveau 3 fra 01-06-2026."
    )
    assert [lane.label for lane in picture.lanes] == ["Niveau 3", "Niveau 1", "Ikke aktiv"]
    assert [bar.kind for bar in picture.bars] == ["away", "active", "active"]


@given(days=st.lists(st.integers(1, 400), min_size=1, max_size=8), niveauer_=st.lists(st.integers(1, 9), min_size=8))
def test_every_spell_lies_within_the_drawing(days: list[int], niveauer_: list[int]) -> None:
    begin, drawn = date(2024, 1, 1), []
    for length, niveau in zip(days, niveauer_, strict=False):
        drawn.append(spell(niveau, begin, begin + timedelta(days=length)))
        begin += timedelta(days=length)
    drawn[-1].until_day = None
    picture = level_picture(drawn, begin)

    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH - RIGHT + 3.1 for bar in picture.bars)
    assert all(before.x <= after.x for before, after in zip(picture.bars, picture.bars[1:], strict=False))


# ---------------------------------------------------------------- setting up


def test_a_fourth_niveau_is_offered_and_restricts(browser: Callable[[], Browser], world: World, owner: Engine) -> None:
    client = browser().sign_in(world.nord.administrator)
    values = {"number": "4", "name": "akut fare", "meaning": "Fare for liv", "restricts": True}
    page = client.submit(client.get("/administration/niveauer"), values)
    assert ["Niveau 4 · akut fare", "Fare for liv", "Navngivne og lederen", "Åben"] in page.rows()
    assert [event.subject_id for event in events(owner, Event.NIVEAU_ADDED)] == [4]

    desk = browser().sign_in(world.nord.koordinator)
    case = world.cases["unit"]
    page = desk.submit(desk.get(f"/sager/{case.id}/niveau"), {"niveau": "4", "reasons": "Trusler på livet"})
    assert "Niveau 4 · akut fare" in page.main
    assert "Kun navngivne og leder" in page.main


def test_a_closed_niveau_is_offered_no_more_and_keeps_its_cases(
    browser: Callable[[], Browser], world: World, make: Make
) -> None:
    case = make.case(2, unit=world.nord.unit)
    admin = browser().sign_in(world.nord.administrator)
    page = admin.submit(admin.get("/administration/niveauer/2"), form="Luk niveauet")
    assert ["Lukket"] in [row[3:] for row in page.rows()]

    desk = browser().sign_in(world.nord.koordinator)
    assert "Niveau 2" not in desk.get("/sager/ny").main
    assert "Niveau 2 · kriminalitet" in desk.get(f"/sager/{case.id}").main
    admin.submit(admin.get("/administration/niveauer/2"), form="Åbn niveauet igen")
    assert "Niveau 2" in desk.get("/sager/ny").main


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"number": "2"}, "findes allerede"),
        ({"number": "0"}, "mellem 1 og 9"),
        ({"number": "10"}, "mellem 1 og 9"),
        ({"number": ""}, "Skriv niveauets nummer"),
        ({"name": "kriminalitet"}, "allerede et niveau med det navn"),
        ({"name": ""}, "Skriv niveauets navn."),
        ({"meaning": ""}, "Skriv, hvad niveauet betyder."),
        ({"meaning": "x" * 301}, "300 tegn"),
    ],
)
def test_a_niveau_that_cannot_be(client: Browser, world: World, values: dict[str, str], message: str) -> None:
    client.sign_in(world.nord.administrator)
    filled = {"number": "4", "name": "akut", "meaning": "Fare"} | values
    page = client.submit(client.get("/administration/niveauer"), filled, status=422)

    assert any(message in error for error in page.errors), page.errors


def test_a_niveau_is_renamed_once_at_a_time(browser: Callable[[], Browser], world: World) -> None:
    first, second = (browser().sign_in(world.nord.administrator) for _ in range(2))
    page = second.get("/administration/niveauer/1")
    told = first.submit(first.get("/administration/niveauer/1"), {"name": "bekymring"}, form="Gem ændringer")
    assert "Niveau 1 · bekymring" in told.main
    answer = second.submit(page, {"name": "risiko"}, form="Gem ændringer", status=422)
    assert "imens" in answer.errors[0]


def test_one_niveau_stays(client: Browser, world: World, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE niveauer SET active = false WHERE number > 1"))
    client.sign_in(world.nord.administrator)
    page = client.submit(client.get("/administration/niveauer/1"), form="Luk niveauet", status=422)

    assert page.errors == ["Der skal være mindst ét niveau."]


def test_names_and_what_restricts(world: World, db_session: Db) -> None:
    assert list(niveauer.names()) == [1, 2, 3]
    assert (niveauer.restricting(), niveauer.restricts(3), niveauer.restricts(8)) == ([3], True, False)
    assert (niveauer.label(8), niveauer.first()) == ("Niveau 8", 1)
