"""The case page, changing what is known, and who sees the case."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from app.access.models import Role
from app.audit.models import Event
from app.cases.models import AccessKind, Case, CaseAccess, Referrer
from app.people.models import AddressProtection, Citizen
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, events, running_deadline
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World

TABS = ("", "/frister", "/historik", "/rediger", "/borger", "/adgang", "/adgang/ny", "/ansvarlig")


def test_the_case_at_a_glance(client: Browser, frozen: Freeze, make: Make, owner: Engine) -> None:
    frozen(MORNING)
    by, mentor = make.user(Role.KOORDINATOR), make.user(Role.MENTOR)
    school = make.school("Lund Skole")
    citizen = make.citizen("Åse Aagaard", cpr=make.cpr(date(2010, 11, 20)), bydel=school.bydel, school=school)
    case = make.case(2, citizen=citizen, owner=by, mentors=[mentor], concern="<b>Slagsmål</b>\nved stationen")
    make.access(case, make.user(Role.MENTOR, name="Ehemalig Mentor"), AccessKind.MENTOR, to_day=date(2026, 1, 1))
    running_deadline(make, owner, case, date(2026, 11, 18))
    page = client.sign_in(by).get(f"/sager/{case.id}")
    for shown in (
        "Åse Aagaard",
        f"{citizen.cpr[:6]}-{citizen.cpr[6:]} (16 år)",
        "Lund Skole",
        school.bydel.name,
        "Niveau 2 · kriminalitet",
        "05-01-2026",
        "2 dage over fristen",
        "Indkaldelse til netværkssamråd",
        "<b>Slagsmål</b>",
        f"{by.name} · Ansvarlig",
        f"{mentor.name} · Mentor",
    ):
        assert shown in page.main, shown
    assert "Ehemalig" not in page.main
    assert page.title.startswith(f"Sag {case.number}")


@pytest.mark.parametrize(
    ("protection", "shown"),
    [
        (AddressProtection.YES, "beskyttelse Ja"),
        (AddressProtection.NO, "beskyttelse Nej"),
        (AddressProtection.UNKNOWN, "Ikke afklaret – behandles som beskyttet"),
    ],
)
def test_what_is_unknown_counts_as_protected(
    client: Browser, make: Make, protection: AddressProtection, shown: str
) -> None:
    by = make.user(Role.KOORDINATOR)
    case = make.case(1, citizen=make.citizen(address_protection=protection), owner=by)
    assert shown in client.sign_in(by).get(f"/sager/{case.id}").main


@pytest.mark.parametrize(
    "where",
    [(relation, tab) for tab in TABS for relation in ("elsewhere", "restricted", "barred")]
    + [("ended", ""), ("coming", "")],
    ids="".join,
)
def test_a_case_out_of_sight_is_as_one_that_does_not_exist(
    client: Browser, frozen: Freeze, world: World, owner: Engine, where: tuple[str, str]
) -> None:
    relation, tab = where
    frozen(MORNING)  # the token in the page tells the time
    client.sign_in(world.nord.koordinator)
    hidden = client.get(f"/sager/{world.case_id(relation)}{tab}", status=404)
    missing = client.get(f"/sager/{world.case_id('missing')}{tab}", status=404)
    assert hidden.html == missing.html
    [denied, _] = events(owner, Event.ACCESS_DENIED)
    assert (denied.case_id, denied.user_id) == (world.case_id(relation), world.nord.koordinator.id)
    assert events(owner, Event.CASE_READ) == []


@pytest.mark.parametrize(("tab", "status"), [(tab, 200 if tab in {"", "/frister"} else 403) for tab in TABS])
def test_a_mentor_reads_and_changes_nothing(client: Browser, world: World, tab: str, status: int) -> None:
    client.sign_in(world.nord.mentor)
    page = client.get(f"/sager/{world.case_id('mentor')}{tab}", status=status)
    if status == 200:
        assert "Historik" not in page.links
        assert not {"Ret sag", "Ret borger", "Ret adgang"} & set(page.links)


@pytest.mark.parametrize(
    ("relation", "basis"), [("unit", "unit"), ("owner", "owner"), ("restricted_named", "member"), ("mentor", "mentor")]
)
def test_each_reading_is_recorded_with_its_ground(
    client: Browser, world: World, owner: Engine, relation: str, basis: str
) -> None:
    case_id = world.case_id(relation)
    client.sign_in(world.nord.koordinator).get(f"/sager/{case_id}/frister")
    [read] = events(owner, Event.CASE_READ)
    assert (read.case_id, read.user_id, read.basis, read.details) == (
        case_id,
        world.nord.koordinator.id,
        basis,
        {"tab": "frister"},
    )


def test_a_page_whose_reading_cannot_be_recorded_is_not_shown(
    client: Browser, world: World, owner: Engine, app: Flask
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("ALTER TABLE audit_events ADD CONSTRAINT no_room CHECK (event <> 'case.read') NOT VALID")
        )
    app.testing = False
    try:
        page = client.sign_in(world.nord.koordinator).get(f"/sager/{world.case_id('unit')}", status=500)
    finally:
        app.testing = True
    assert world.cases["unit"].citizen.name not in page.html


def test_why_there_is_a_case_can_be_changed(client: Browser, world: World, owner: Engine) -> None:
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/rediger")
    page = client.submit(page, {"referrer": "klub", "concern": "Ny bekymring"})
    assert "Ændringerne er gemt." in page.main
    assert "Ny bekymring" in page.main
    assert "Der var ingen ændringer" in client.submit(client.get(f"/sager/{case.id}/rediger")).main
    [changed] = events(owner, Event.CASE_CHANGED)
    assert changed.details == {"fields": ["referrer", "concern"]}


def test_the_citizen_can_be_changed_and_each_case_in_sight_tells(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["unit"]
    older = make.case(1, citizen=case.citizen, unit=world.nord.unit, closed=date(2026, 3, 1))
    hidden = make.case(3, citizen=case.citizen, unit=world.syd.unit)
    school = make.school("Øster Skole")
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/borger")
    page = client.submit(page, {"name": "Nyt Navn", "school": school.id, "address_protection": "ja"})
    assert "Nyt Navn" in page.main
    assert "Øster Skole" in page.main
    recorded = {event.case_id: event.details for event in events(owner, Event.CITIZEN_CHANGED)}
    fields = {"fields": ["name", "school_id", "address_protection"]}
    assert recorded == {case.id: fields, older.id: fields}
    assert hidden.id not in recorded


CHANGES = [
    ("rediger", {"concern": "Min udgave"}, {"concern": "Din udgave"}, "Hvad er bekymringen?"),
    ("borger", {"name": "Min Udgave"}, {"name": "Din Udgave"}, "Navn"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0])
def test_of_two_who_change_the_same_one_wins_and_the_other_is_told(
    browser: Callable[[], Browser],
    world: World,
    make: Make,
    owner: Engine,
    frozen: Freeze,
    change: tuple[str, dict[str, str], dict[str, str], str],
) -> None:
    page_name, mine, yours, label = change
    frozen(MORNING)
    other = make.user(Role.KOORDINATOR, world.nord.unit, name="Mette Holm")
    url = f"/sager/{world.case_id('unit')}/{page_name}"
    one, two = browser().sign_in(world.nord.koordinator), browser().sign_in(other)
    page = one.get(url)
    two.submit(two.get(url), yours)
    refused = one.submit(page, mine, status=422)
    [typed], [stored] = mine.values(), yours.values()
    assert "Mette Holm rettede" in refused.main
    assert "20-11-2026 kl. 10.00" in refused.main
    assert [label, stored, typed] in refused.rows()
    assert typed in refused.html
    assert stored in one.get(f"/sager/{world.case_id('unit')}").main
    assert typed in one.submit(refused).main


def test_of_two_who_save_at_the_same_instant_one_wins(
    client: Browser, world: World, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's change comes between reading and saving."""
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/rediger")

    def change_meanwhile(*_: Any) -> None:
        with owner.begin() as connection:
            connection.execute(text("UPDATE cases SET version = version + 1, referrer = 'bolig'"))

    monkeypatch.setattr("app.cases.routes.case.require_same_version", change_meanwhile)
    refused = client.submit(page, {"concern": "Min udgave"}, status=422)
    assert "Der er en fejl, og intet er gemt" in refused.main
    assert ["Hvem henvender sig?", Referrer("bolig").label, Referrer.POLICE.label] in refused.rows()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "999"])
def test_a_version_that_nobody_was_shown(client: Browser, world: World, version: str) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{world.case_id('unit')}/rediger")
    client.submit(page, {"concern": "Min udgave", "version": version}, status=422)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("rediger", {"concern": ""}, "Skriv kort"),
    ("rediger", {"concern": "x" * 5000}, "4.000"),
    ("rediger", {"concern": "a\x00"}, "kan ikke gemmes"),
    ("rediger", {"referrer": "x"}, "Vælg en af mulighederne."),
    ("borger", {"name": ""}, "Skriv borgerens navn."),
    ("borger", {"name": "x" * 500}, "150"),
    ("borger", {"name": "a\x00"}, "kan ikke gemmes"),
    ("borger", {"sex": ""}, "Vælg køn."),
    ("borger", {"bydel": "99999"}, "Vælg en af mulighederne."),
    ("borger", {"school": "99999"}, "Vælg en af mulighederne."),
    ("borger", {"address_protection": ""}, "Ved ikke"),
    ("ansvarlig", {"owner": "99999"}, "Vælg en af mulighederne."),
    ("ansvarlig", {"owner": "mentor"}, "Vælg en af mulighederne."),
    ("ansvarlig", {"owner": "elsewhere"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"user": ""}, "Vælg en medarbejder."),
    ("adgang/ny", {"user": "elsewhere"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"user": "99999"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"kind": "owner"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"kind": "break_glass"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"from_day": ""}, "Skriv den første dag."),
    ("adgang/ny", {"from_day": "2026-02-30"}, ""),
    ("adgang/ny", {"from_day": "2020-01-01"}, "tidligst begynde i dag"),
    ("adgang/ny", {"to_day": "2020-01-01"}, "før den første"),
]


@pytest.mark.parametrize("refusal", BAD, ids=lambda refusal: f"{refusal[0]} {str(refusal[1])[:30]}")
def test_bad_input_gives_the_form_back(
    client: Browser, world: World, owner: Engine, refusal: tuple[str, dict[str, Any], str]
) -> None:
    name, values, message = refusal
    people = {"elsewhere": world.syd.koordinator.id, "mentor": world.nord.mentor.id}
    filled = {
        "version": 1,
        "submission": "8d1ec1a2-0c9f-4ac1-9a0c-0d7a5e7c0a11",
        "concern": "Bekymring",
        "referrer": "skole",
        "name": "Nyt Navn",
        "sex": "mand",
        "address_protection": "ja",
        "user": world.nord.mentor.id,
        "kind": "mentor",
        "from_day": "2099-01-01",
    }
    data = filled | {field: people.get(value, value) for field, value in values.items()}
    before = stored(owner)
    page = client.sign_in(world.nord.koordinator).post(f"/sager/{world.case_id('unit')}/{name}", data, status=422)
    assert any(message in error for error in page.errors), page.errors
    assert stored(owner) == before


def stored(owner: Engine) -> list[Any]:
    with owner.connect() as connection:
        return [
            connection.execute(select(table).order_by(table.c.id)).all()
            for table in (Case.__table__, Citizen.__table__, CaseAccess.__table__)
        ]


@pytest.mark.parametrize("name", ["rediger", "borger", "ansvarlig", "adgang/ny"])
@pytest.mark.parametrize("relation", ["elsewhere", "restricted"])
def test_nothing_is_changed_out_of_sight(
    client: Browser, world: World, owner: Engine, name: str, relation: str
) -> None:
    before = stored(owner)
    client.sign_in(world.nord.koordinator)
    client.post(f"/sager/{world.case_id(relation)}/{name}", {"concern": "x", "version": 1}, status=404)
    assert stored(owner) == before


def test_an_owner_is_chosen(browser: Callable[[], Browser], world: World, make: Make) -> None:
    case, other = world.cases["unit"], make.user(Role.KOORDINATOR, world.nord.unit, name="Mette Holm")
    client = browser().sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/ansvarlig")
    assert "Mette Holm · Ansvarlig" not in client.get(f"/sager/{case.id}").main
    client.submit(page, {"owner": other.id})
    assert "Mette Holm · Ansvarlig" in client.get(f"/sager/{case.id}").main
    refused = client.submit(page, {"owner": world.nord.koordinator.id}, status=422)
    assert ["Ansvarlig", "Mette Holm (koordinator)", f"{world.nord.koordinator.name} (koordinator)"] in refused.rows()


def test_giving_away_a_restricted_case_can_put_it_out_of_sight(browser: Callable[[], Browser], make: Make) -> None:
    by = make.user(Role.KOORDINATOR)
    other = make.user(Role.KOORDINATOR, by.unit)
    case = make.case(3, owner=by)
    client = browser().sign_in(by)
    page = client.submit(client.get(f"/sager/{case.id}/ansvarlig"), {"owner": other.id})
    assert page.h1 == "Sager"
    assert "Du kan ikke længere se sagen." in page.main
    client.get(f"/sager/{case.id}", status=404)
    browser().sign_in(other).get(f"/sager/{case.id}")


def test_a_mentor_is_given_access_for_some_days_and_it_is_ended(
    browser: Callable[[], Browser], world: World, frozen: Freeze, owner: Engine
) -> None:
    clock = frozen(MORNING)
    case, mentor = world.cases["unit"], world.nord.mentor
    client = browser().sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang/ny")
    page = client.submit(page, {"user": mentor.id, "to_day": TODAY + timedelta(days=30)})
    assert page.rows() == [[mentor.name, "Mentor", "20-11-2026", "20-12-2026", f"Afslut adgang for {mentor.name}"]]
    browser().sign_in(mentor).get(f"/sager/{case.id}")
    clock.shift(timedelta(days=3))
    client = browser().sign_in(world.nord.koordinator)
    ending = client.get(client.get(f"/sager/{case.id}/adgang").links[f"Afslut adgang for {mentor.name}"])
    assert f"Skal {mentor.name} ikke længere kunne se sagen som mentor?" in ending.main
    page = client.submit(ending)
    assert [mentor.name, "Mentor", "20-11-2026", "22-11-2026"] in page.rows()
    browser().sign_in(mentor).get(f"/sager/{case.id}", status=404)
    assert "allerede gemt" in client.submit(ending).main
    assert len(events(owner, Event.CASE_ACCESS_ENDED)) == 1


def test_access_that_began_today_and_is_ended_twice(client: Browser, world: World, frozen: Freeze) -> None:
    frozen(MORNING)
    case, mentor = world.cases["unit"], world.nord.mentor
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get(f"/sager/{case.id}/adgang/ny"), {"user": mentor.id})
    address = page.links[f"Afslut adgang for {mentor.name}"]
    first, second = client.get(address), client.get(address)
    assert "Adgangen er afsluttet." in client.submit(first).main
    assert "Adgangen er allerede afsluttet." in client.submit(second).main


def test_only_access_of_this_case_given_by_hand_is_ended(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["unit"]
    own = make.access(case, world.nord.koordinator, AccessKind.OWNER)
    others = make.access(world.cases["elsewhere"], world.nord.mentor, AccessKind.MENTOR)
    client.sign_in(world.nord.koordinator)
    before = stored(owner)
    for access_id in (own.id, others.id, 99_999):
        url = f"/sager/{case.id}/adgang/{access_id}/afslut"
        assert "allerede afsluttet" in client.follow(client.get(url, status=302)).main
        client.post(url, {"submission": f"8d1ec1a2-0c9f-4ac1-9a0c-{access_id:012}"})
    assert stored(owner) == before


def test_ending_ones_own_access_says_what_it_means(client: Browser, world: World, make: Make) -> None:
    case = world.cases["restricted_named"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang")
    page = client.submit(client.get(page.links[f"Afslut adgang for {world.nord.koordinator.name}"]))
    assert page.h1 == "Sager"
    assert "Du kan ikke længere se sagen." in page.main


def test_a_double_click_gives_access_once(client: Browser, world: World, owner: Engine) -> None:
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang/ny")
    for _ in range(2):
        client.submit(page, {"user": world.nord.mentor.id})
    with owner.connect() as connection:
        assert len(connection.scalars(select(CaseAccess.id).where(CaseAccess.case_id == case.id)).all()) == 1
