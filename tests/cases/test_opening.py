from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from app.access.models import WebSession
from app.audit.models import Event
from app.cases.codes import Consent, LegalBasis
from app.cases.models import Case
from app.outbox.models import OutboxMail
from app.people.services import MOST_ANSWERS_PER_HOUR
from tests.browser import Browser
from tests.cases.pages import MORNING, counts, cpr_of, events, filled_in
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World


def test_a_coordinator_opens_a_case(client: Browser, world: World, make: Make, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    school = make.school("Vester Skole")
    cpr = make.cpr()
    page = client.submit(client.get("/sager/ny"), filled_in(cpr, bydel=school.bydel_id, school=school.id))
    assert page.h1 == "Sag 2026-0011"
    assert "Sag 2026-0011 er oprettet." in page.main
    for shown in ("Fatima Yıldız", cpr.formatted, "Vester Skole", "Ikke afklaret", world.nord.koordinator.name):
        assert shown in page.main
    assert "Fatima" not in page.title
    [created], [opened], [asked] = (
        events(owner, kind) for kind in (Event.CITIZEN_CREATED, Event.CASE_OPENED, Event.CPR_ASKED)
    )
    assert opened.request_id is None  # written on the database's own side
    assert (created.user_id, asked.details) == (world.nord.koordinator.id, {"taken": False})
    [read] = events(owner, Event.CASE_READ)
    assert (read.case_id, read.basis, read.details) == (opened.case_id, "owner", {"tab": "sag"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, (None, None, None)),
        (
            {"legal_basis": "rpl_115_ssp", "consent": "givet", "consent_on": date(2026, 3, 2)},
            (LegalBasis.SSP, Consent.GIVEN, date(2026, 3, 2)),
        ),
        ({"consent": "ikke_spurgt", "consent_on": date(2026, 3, 2)}, (None, Consent.NOT_ASKED, None)),
    ],
)
def test_why_the_unit_may_know_of_it_is_told_at_once_or_later(
    client: Browser, world: World, owner: Engine, typed: dict[str, Any], kept: tuple[Any, ...]
) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get("/sager/ny"), filled_in("170510-4321", **typed))
    columns = select(Case.legal_basis, Case.consent, Case.consent_on)
    with owner.connect() as connection:
        row = connection.execute(columns.where(Case.id == int(page.url.split("/")[2]))).one()
    assert tuple(row) == kept


def test_an_answer_about_consent_has_its_day(client: Browser, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get("/sager/ny"), filled_in("170510-4321", consent="givet"), status=422)
    assert page.errors == ["Skriv, hvornår der blev svaret."]


@pytest.mark.parametrize(("last", "sex"), [("1", "Mand"), ("2", "Kvinde")])
def test_sex_follows_the_number_unless_it_is_chosen(client: Browser, world: World, last: str, sex: str) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get("/sager/ny"), filled_in(f"170510-432{last}"))
    assert f"Køn {sex}" in page.main
    page = client.submit(client.get("/sager/ny"), filled_in(f"180510-432{last}", sex="ukendt"))
    assert "Køn Ikke oplyst" in page.main


def test_a_number_that_fails_its_check_is_only_a_hint(client: Browser, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    assert "Tjek CPR-nummeret" in client.submit(client.get("/sager/ny"), filled_in("170510-4321")).main
    assert "Tjek CPR-nummeret" not in client.submit(client.get("/sager/ny"), filled_in("070761-4285")).main


def test_niveau_3_says_who_will_see_it_and_names_them(
    browser: Callable[[], Browser], world: World, owner: Engine
) -> None:
    client = browser().sign_in(world.nord.koordinator)
    page = client.get("/sager/ny")
    assert "På niveau 3 og ved ekstremisme kan kun de medarbejdere, du vælger her" in page.main
    page = client.submit(page, filled_in("170510-4321", niveau="3", owner="", members=[world.nord.mentor.id]))
    assert f"{world.nord.mentor.name} · Navngiven medarbejder" in page.main
    assert "Kun lederen af" in page.main
    address = page.url
    for user in (world.nord.mentor, world.nord.leder):
        browser().sign_in(user).get(address)
    for user in (world.syd.koordinator, world.syd.leder, world.nord.analytiker):
        browser().sign_in(user).get(address, status=404)


def test_members_below_niveau_3_are_left_out(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get("/sager/ny"), filled_in("170510-4321", members=[world.nord.mentor.id]))
    assert world.nord.mentor.name not in page.main


TOO_LONG = "x" * 20_000
BAD: list[tuple[dict[str, Any], str]] = [
    ({"cpr": ""}, "Skriv borgerens CPR-nummer, eller fødselsdatoen, hvis nummeret ikke kendes."),
    ({"cpr": "1705"}, "10 cifre"),
    ({"cpr": "310210-4321"}, "findes ikke"),
    ({"cpr": "010130-4321"}, "fremtiden"),
    ({"cpr": "170510\x004321"}, "kan ikke gemmes"),
    ({"name": ""}, "Skriv borgerens navn."),
    ({"name": "   "}, "Skriv borgerens navn."),
    ({"name": TOO_LONG}, "150"),
    ({"name": "Fati\x00ma"}, "kan ikke gemmes"),
    ({"address_protection": ""}, "Ved ikke"),
    ({"address_protection": "måske"}, "Vælg en af mulighederne."),
    ({"sex": "x"}, "Vælg en af mulighederne."),
    ({"bydel": "99999"}, "Vælg en af mulighederne."),
    ({"school": "-1"}, "Vælg en af mulighederne."),
    ({"referrer": "x"}, "Vælg en af mulighederne."),
    ({"concern": ""}, "Skriv kort, hvad bekymringen er."),
    ({"concern": TOO_LONG}, "4.000"),
    ({"concern": "a\x00b"}, "kan ikke gemmes"),
    ({"niveau": ""}, "Vælg sagens niveau."),
    ({"niveau": "4"}, "Vælg en af mulighederne."),
    ({"niveau": "9" * 400}, "Vælg en af mulighederne."),
    ({"owner": "elsewhere"}, "Vælg en af mulighederne."),
    ({"owner": "mentor"}, "Vælg en af mulighederne."),
    ({"niveau": "3", "members": "elsewhere"}, "Vælg en af mulighederne."),
    ({"niveau": "3", "members": "leder"}, "Vælg en af mulighederne."),
]


@pytest.mark.parametrize("refusal", BAD, ids=lambda refusal: str(refusal[0])[:40])
def test_bad_input_gives_the_form_back(
    client: Browser, world: World, owner: Engine, refusal: tuple[dict[str, Any], str]
) -> None:
    values, message = refusal
    client.sign_in(world.nord.koordinator)
    before = counts(owner)
    people = {"elsewhere": world.syd.koordinator.id, "mentor": world.nord.mentor.id, "leder": world.nord.leder.id}
    page = client.post(
        "/sager/ny",
        {"submission": "8d1ec1a2-0c9f-4ac1-9a0c-0d7a5e7c0a11"}
        | filled_in("170510-4321")
        | {name: people.get(value, value) for name, value in values.items()},
        status=422,
    )
    assert any(message in error for error in page.errors), page.errors
    assert counts(owner) == before
    assert "ældre drenge" in page.html or "concern" in values


@pytest.mark.parametrize("field", ["cpr", "name", "concern", "niveau", "owner", "members", "submission"])
def test_a_lone_surrogate_is_no_fault(client: Browser, world: World, owner: Engine, field: str) -> None:
    client.sign_in(world.nord.koordinator)
    before = counts(owner)
    body = "&".join(f"{name}={value}" for name, value in filled_in("1705104321").items() if name != field)
    body += f"&csrf_token={client.csrf_token()}&{field}=%ED%A0%80"
    content_type = "application/x-www-form-urlencoded"
    page = client._ask("POST", "/sager/ny", 422, data=body, content_type=content_type)
    assert page.errors
    assert counts(owner) == before


def test_an_empty_post_is_no_fault(client: Browser, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    errors = client.post("/sager/ny", status=422).errors
    assert any(error.startswith("Skriv borgerens CPR-nummer") for error in errors)


def test_a_citizen_in_sight_with_an_open_case_leads_there(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    case = world.cases["unit"]
    before = counts(owner)
    page = client.submit(client.get("/sager/ny"), filled_in(cpr_of(case.citizen)), status=422)
    assert f"Borgeren findes allerede: {case.citizen.name}" in page.main
    assert page.links[f"Gå til sag {case.number}"] == f"/sager/{case.id}"
    assert counts(owner) == before
    [searched] = events(owner, Event.CASES_SEARCHED)
    assert (searched.listed_case_ids, searched.details) == ([case.id], {"search": "cpr"})
    assert events(owner, Event.CPR_ASKED) == []


def test_a_citizen_in_sight_without_one_gets_the_case_that_was_typed(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    client.sign_in(world.nord.koordinator)
    citizen = make.citizen("Bo Bech")
    make.case(1, citizen=citizen, unit=world.nord.unit, closed=date(2026, 2, 1))
    page = client.submit(client.get("/sager/ny"), filled_in(cpr_of(citizen)), status=422)
    [button] = [button for button in page.all("main//button") if button.get("formaction")]
    buttons = page.texts("main//form//button")
    assert buttons.index("Opret sag") < buttons.index("Opret sagen på Bo Bech")
    hidden = {field.get("name"): field.get("value") for field in page.all("main//input[@type='hidden']")}
    made = client.post(str(button.get("formaction")), filled_in("x", submission=hidden["submission"]))
    page = client.follow(made)
    assert "Bo Bech" in page.main
    assert "ældre drenge" in page.main
    assert counts(owner)[0] == len(world.cases) + 1


def test_who_sees_a_citizen_with_closed_cases_stands_in_their_record(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    client.sign_in(world.nord.koordinator)
    citizen = make.citizen("Bo Bech")
    closed = make.case(1, citizen=citizen, unit=world.nord.unit, closed=date(2026, 2, 1))
    client.submit(client.get("/sager/ny"), filled_in(cpr_of(citizen)), status=422)
    client.get(f"/sager/ny?borger={citizen.id}")
    assert [event.listed_case_ids for event in events(owner, Event.CASES_SEARCHED)] == [[closed.id]] * 2


def test_a_known_citizen_needs_only_the_case(client: Browser, world: World, make: Make) -> None:
    client.sign_in(world.nord.koordinator)
    citizen = make.citizen("Bo Bech")
    make.case(1, citizen=citizen, unit=world.nord.unit, closed=date(2026, 2, 1))
    page = client.get(f"/sager/ny?borger={citizen.id}")
    assert not page.all("input[@name='cpr']")
    values = {name: filled_in("x")[name] for name in ("referrer", "concern", "suitable", "niveau")}
    assert "Bo Bech" in client.submit(page, values).main


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "99999", "21474836480", "9" * 5000, "1.5"])
def test_a_citizen_that_no_address_can_name(client: Browser, world: World, text: str) -> None:
    client.sign_in(world.nord.koordinator)
    client.get("/sager/ny", {"borger": text}, status=404)


@pytest.mark.parametrize("relation", ["elsewhere", "restricted"])
def test_a_citizen_out_of_sight_is_as_one_that_does_not_exist(
    client: Browser, frozen: Freeze, world: World, relation: str
) -> None:
    frozen(MORNING)  # the token in the page tells the time
    client.sign_in(world.nord.koordinator)
    missing = client.get("/sager/ny?borger=99999", status=404)
    hidden = client.get(f"/sager/ny?borger={world.cases[relation].citizen_id}", status=404)
    assert hidden.html == missing.html


def test_a_number_out_of_sight_is_recorded_and_told_though_the_form_is_refused(
    client: Browser, world: World, owner: Engine
) -> None:
    client.sign_in(world.nord.koordinator)
    case = world.cases["restricted"]
    before = counts(owner)
    page = client.submit(client.get("/sager/ny"), filled_in(cpr_of(case.citizen)), status=422)
    assert page.errors == ["CPR-nummeret er i brug i en sag, du ikke kan se. Kontakt din leder, som har fået besked."]
    assert case.citizen.name not in page.html
    assert case.number not in page.html
    assert counts(owner) == before
    [asked] = events(owner, Event.CPR_ASKED)
    assert (asked.user_id, asked.details) == (world.nord.koordinator.id, {"taken": True})
    with owner.connect() as connection:
        assert connection.scalars(select(OutboxMail.recipient_id)).all() == [world.nord.leder.id]


def test_asking_too_often_is_refused_in_so_many_words(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    form = client.get("/sager/ny")
    case = world.cases["elsewhere"]
    for _ in range(MOST_ANSWERS_PER_HOUR):
        client.submit(form, filled_in(cpr_of(case.citizen)), status=422)
    page = client.submit(form, filled_in(cpr_of(case.citizen)), status=422)
    assert "Prøv igen om en time" in page.errors[0]
    with owner.connect() as connection:
        assert len(connection.scalars(select(OutboxMail.id)).all()) == MOST_ANSWERS_PER_HOUR


def test_a_double_click_opens_one_case(browser: Callable[[], Browser], world: World, owner: Engine) -> None:
    page = browser().sign_in(world.nord.koordinator).get("/sager/ny")
    hidden = {field.get("name"): field.get("value") for field in page.all("main//input[@type='hidden']")}
    data = filled_in("170510-4321", submission=hidden["submission"])
    clicks = [browser().sign_in(world.nord.koordinator) for _ in range(3)]
    locations: list[str] = []
    threads = [Thread(target=lambda one=one: locations.append(one.post("/sager/ny", data).location)) for one in clicks]
    before = counts(owner)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(owner) == tuple(count + 1 for count in before)
    assert len(set(locations)) == 1
    assert len(locations) == len(clicks)
    assert "Det var allerede gemt" in clicks[0].get(locations[0]).main + clicks[1].get(locations[0]).main


def test_the_words_of_the_form_stand_nowhere_readable(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    client.submit(client.get("/sager/ny"), filled_in("170510-4321"))
    with owner.connect() as connection:
        for table in ("citizens", "cases", "audit_events", "web_sessions", "form_submissions"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            for secret in ("Fatima", "170510", "4321", "ældre"):
                found = [row for row in rows if secret in row or secret.encode().hex() in row]
                assert not found, (table, secret)


@pytest.mark.parametrize("role", ["mentor", "analytiker", "administrator", "revisor"])
def test_others_open_no_case(client: Browser, world: World, owner: Engine, role: str) -> None:
    client.sign_in(getattr(world.nord, role))
    before = counts(owner)
    client.get("/sager/ny", status=403)
    client.post("/sager/ny", filled_in("170510-4321"), status=403)
    assert counts(owner) == before


def test_session_content_holds_nothing_personal(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    client.submit(client.get("/sager/ny"), filled_in("170510-4321"))
    with owner.connect() as connection:
        assert connection.scalars(select(WebSession.content)).all() == [{}]
