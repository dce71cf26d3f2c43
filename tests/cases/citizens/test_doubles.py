"""Somebody new who looks like one who is known: the warning while typing, and again when the form is sent."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.audit.models import Event
from app.cases.models import Case
from app.cases.newcomers import LOOKS_LIKE_ONE
from app.people.models import Citizen, Sex
from tests.browser import Browser
from tests.cases.pages import counts, events, filled_in
from tests.factories import Make
from tests.world import World

BORN = date(2010, 5, 17)
WITHOUT_NUMBER = {"birth_date-dag": "17", "birth_date-maaned": "5", "birth_date-aar": "2010", "sex": "kvinde"}


@pytest.fixture
def known(make: Make, world: World, client: Browser) -> Case:
    """A closed case on somebody whom the new one will look like."""
    client.sign_in(world.nord.koordinator)
    citizen = make.citizen("Fatima Vindelev", cpr=make.cpr(BORN))
    return make.case(citizen=citizen, unit=world.nord.unit, closed=date(2026, 3, 3))


def typed(**values: Any) -> dict[str, Any]:
    return filled_in("", name="Fatima Vindelev") | WITHOUT_NUMBER | values


def look(client: Browser, **values: str) -> list[dict[str, Any]]:
    form = client.get("/sager/ny")
    token = form.one("main//form//input[@name='csrf_token']").get("value")
    answer = client.post("/borgere/ligner", {"csrf_token": token} | values, status=200)
    found: list[dict[str, Any]] = json.loads(answer.response.get_data(as_text=True))
    return found


def test_while_typing_likely_doubles_are_told(client: Browser, known: Case, owner: Engine) -> None:
    (found,) = look(client, name="fatima vindelev", birth_date="2010-05-02")
    assert (found["name"], found["url"], found["cases"]) == (
        "Fatima Vindelev",
        f"/borgere/{known.citizen_id}",
        [known.number],
    )
    (event,) = events(owner, Event.CITIZENS_COMPARED)
    assert event.listed_case_ids == [known.id]
    assert "Fik borgeren vist som mulig dublet" in client.get(f"/sager/{known.id}/historik").main


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": "Fatima Vindelev"},
        {"birth_date": "2010-05-17"},
        {"name": "Fatima Vindelev", "birth_date": "2010-13-45"},
        {"name": "Fatima Vindelev", "cpr": "17051"},
        {"name": "\x00", "birth_date": "2010-05-17"},
        {"name": "Bodil Bech", "birth_date": "2010-05-17"},
    ],
)
def test_nothing_is_told_of_too_little_or_of_another(
    client: Browser, known: Case, owner: Engine, values: dict[str, str]
) -> None:
    assert look(client, **values) == []
    assert events(owner, Event.CITIZENS_COMPARED) == []


def test_nothing_is_told_of_somebody_out_of_sight(client: Browser, make: Make, world: World) -> None:
    make.case(citizen=make.citizen("Fatima Vindelev", cpr=make.cpr(BORN)), unit=world.syd.unit)
    client.sign_in(world.nord.koordinator)
    assert look(client, name="Fatima Vindelev", birth_date="2010-05-17") == []


def test_without_a_script_the_form_comes_back_and_a_tick_creates(client: Browser, known: Case, owner: Engine) -> None:
    before = counts(owner)
    page = client.submit(client.get("/sager/ny"), typed(), status=422, form="Opret sag")
    assert page.errors[0] == LOOKS_LIKE_ONE
    assert "født 17-05-2010" in page.main
    assert counts(owner) == before
    made = client.submit(page, {"not_a_double": True}, form="Opret sag")
    assert "Kendes ikke endnu" in made.main
    with Session(owner) as session:
        citizen = session.scalars(select(Citizen).where(Citizen.cpr.is_(None))).one()
        assert (citizen.name, citizen.birth_date, citizen.sex) == ("Fatima Vindelev", BORN, Sex.FEMALE)


def test_the_case_goes_to_the_one_who_is_known(client: Browser, known: Case, owner: Engine) -> None:
    before = counts(owner)
    page = client.submit(client.get("/sager/ny"), typed(), status=422, form="Opret sag")
    (button,) = [button for button in page.all("main//button") if button.get("formaction")]
    assert button.get("formaction") == f"/sager/ny?borger={known.citizen_id}"
    hidden = {field.get("name"): field.get("value") for field in page.all("main//input[@type='hidden']")}
    made = client.follow(client.post(str(button.get("formaction")), typed(submission=hidden["submission"])))
    assert "Fatima Vindelev" in made.main
    assert counts(owner)[:2] == (before[0], before[1] + 1)


def test_one_with_an_open_case_is_shown_and_not_offered(client: Browser, make: Make, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    open_one = make.case(citizen=make.citizen("Fatima Vindelev", born=BORN), unit=world.nord.unit)
    page = client.submit(client.get("/sager/ny"), typed(), status=422, form="Opret sag")
    assert f"har sag {open_one.number}" in page.main
    assert not [button for button in page.all("main//button") if button.get("formaction")]


def test_somebody_who_looks_like_nobody_is_created_at_once(client: Browser, known: Case) -> None:
    page = client.submit(client.get("/sager/ny"), typed(name="Bodil Bech"), form="Opret sag")
    assert "Bodil Bech" in page.main
    assert "født 17-05-2010 (" in page.main


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sex": ""}, "Vælg køn, når CPR-nummeret ikke kendes."),
        ({"birth_date-aar": "2099"}, "Datoen ligger i fremtiden."),
        ({"cpr": "180510-4321"}, "Fødselsdatoen passer ikke til CPR-nummeret."),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(
    client: Browser, known: Case, values: dict[str, str], message: str
) -> None:
    page = client.submit(client.get("/sager/ny"), typed(name="Bodil Bech", **values), status=422, form="Opret sag")
    assert page.errors == [message]


def test_the_birth_date_is_corrected_on_the_case(client: Browser, make: Make, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    case = make.case(citizen=make.citizen("Yusuf Vindelev", born=BORN), unit=world.nord.unit)
    page = client.get(f"/sager/{case.id}/borger")
    page = client.submit(page, {"birth_date": date(2011, 6, 2)})
    assert "født 02-06-2011" in page.main
    assert "fødselsdato" in client.get(f"/sager/{case.id}/historik").main
