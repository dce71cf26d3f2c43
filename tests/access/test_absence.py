"""Days away: one's own, and the unit's."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.access import queries
from app.access.models import Role, User
from tests.access.people import at_once, events, rows
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
OWN = "/min-side/fravaer"


@pytest.fixture(autouse=True)
def monday(frozen: Freeze) -> None:
    frozen("2026-11-23 08.00")


@pytest.fixture
def anna(make: Make) -> User:
    return make.user(Role.MENTOR, make.unit("Vester"), name="Anna")


@pytest.fixture
def bo(make: Make, anna: User) -> User:
    return make.user(Role.KOORDINATOR, anna.unit, name="Bo")


def days(from_day: date, to_day: date, substitute: User | None = None) -> dict[str, object]:
    return {"from_day": from_day, "to_day": to_day, "substitute": substitute.id if substitute else ""}


def stored(owner: Engine) -> list[tuple[int, date, date, int | None]]:
    found = rows(owner, "SELECT user_id, from_day, to_day, substitute_id FROM absences ORDER BY id")
    return [tuple(row) for row in found]


def test_is_registered_shown_and_removed(client: Browser, anna: User, bo: User, owner: Engine) -> None:
    client.sign_in(anna)

    page = client.submit(client.get(OWN), days(MONDAY, MONDAY + 4 * DAY, bo))

    assert "Fraværet er registreret." in page.main
    assert page.rows() == [["23-11-2026", "27-11-2026", "Bo", "Fjern"]]
    assert stored(owner) == [(anna.id, MONDAY, MONDAY + 4 * DAY, bo.id)]
    page = client.submit(page, form="Fjern")
    assert "Du har ikke registreret noget fravær." in page.main
    assert stored(owner) == []
    added, removed = events(owner, "absence.added") + events(owner, "absence.removed")
    assert added.user_id == removed.user_id == anna.id
    assert added.details == removed.details
    assert (added.details["substitute"], added.details["from_day"]) == (bo.id, "2026-11-23")


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.KOORDINATOR, ["koordinator", "leder"]),
        (Role.LEDER, ["koordinator", "leder"]),
        (Role.MENTOR, ["koordinator", "leder", "mentor"]),
        (Role.REVISOR, sorted(Role)),
    ],
)
def test_whoever_sees_no_case_does_not_stand_in_for_one_who_does(
    client: Browser, make: Make, role: Role, offered: list[str]
) -> None:
    away = make.user(role)
    for other in Role:
        make.user(other, away.unit, name=other.value)
    page = client.sign_in(away).get(OWN)
    assert page.texts("select[@name='substitute']/option") == ["Ingen", *offered]


def test_only_open_colleagues_of_the_unit_can_stand_in(client: Browser, make: Make, anna: User, bo: User) -> None:
    make.user(Role.MENTOR, anna.unit, name="Lukket", active=False)
    elsewhere = make.user(Role.MENTOR, name="Fremmed")
    client.sign_in(anna)

    page = client.get(OWN)

    assert page.texts("select[@name='substitute']/option") == ["Ingen", "Bo"]
    refused = client.post(OWN, {"from_day": MONDAY, "to_day": MONDAY, "substitute": elsewhere.id}, status=422)
    assert "Vælg en af mulighederne." in refused.errors


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Skriv den første dag."),
        (days(MONDAY, MONDAY - DAY), "Sidste dag ligger før første dag."),
        (days(MONDAY - 7 * DAY, MONDAY - DAY), "Dagene er gået. Registrér kun fravær i dag eller senere."),
        ({"from_day-dag": "31", "from_day-maaned": "2", "from_day-aar": "2026"}, "31-02-2026 findes ikke."),
        ({"from_day-dag": "\x00"}, "Skriv datoen med tal"),
        ({"from_day-dag": "9" * 5000}, "Skriv datoen med tal"),
        (days(MONDAY, MONDAY) | {"substitute": "9" * 30}, "Vælg en af mulighederne."),
        (days(MONDAY, MONDAY) | {"substitute": "\x00"}, "Vælg en af mulighederne."),
    ],
)
def test_bad_input_is_told_and_kept(
    client: Browser, anna: User, owner: Engine, typed: dict[str, object], message: str
) -> None:
    client.sign_in(anna)

    page = client.submit(client.get(OWN), typed, status=422)

    assert message in " ".join(page.errors)
    assert stored(owner) == []


@pytest.mark.parametrize("shift", [-2, 0, 2])
def test_days_already_taken(client: Browser, make: Make, anna: User, owner: Engine, shift: int) -> None:
    make.absence(anna, MONDAY + 7 * DAY, MONDAY + 9 * DAY)
    client.sign_in(anna)

    first = MONDAY + (7 + shift) * DAY
    page = client.submit(client.get(OWN), days(first, first + 2 * DAY), status=422)

    assert page.errors == ["Anna har allerede fravær 30-11-2026 – 02-12-2026."]
    assert page.one("input[@name='from_day-dag']").get("value") == str(first.day)
    assert len(stored(owner)) == 1


@pytest.mark.parametrize("offset", [-1, 3])
def test_days_beside_are_free(client: Browser, make: Make, anna: User, owner: Engine, offset: int) -> None:
    make.absence(anna, MONDAY + 7 * DAY, MONDAY + 9 * DAY)
    client.sign_in(anna)
    day = MONDAY + (7 + offset) * DAY

    client.submit(client.get(OWN), days(day, day))

    assert len(stored(owner)) == 2


def test_substitute_who_is_away(client: Browser, make: Make, anna: User, bo: User) -> None:
    make.absence(bo, MONDAY + DAY, MONDAY + DAY)
    client.sign_in(anna)

    page = client.submit(client.get(OWN), days(MONDAY, MONDAY + 4 * DAY, bo), status=422)

    assert page.errors == ["Bo er selv fraværende 24-11-2026 – 24-11-2026. Vælg en anden."]


def test_one_who_stands_in_for_another(client: Browser, make: Make, anna: User, bo: User) -> None:
    make.absence(bo, MONDAY, MONDAY + 2 * DAY, anna)
    client.sign_in(anna)

    page = client.submit(client.get(OWN), days(MONDAY + DAY, MONDAY + DAY), status=422)

    assert page.errors == ["Anna er stedfortræder for Bo 23-11-2026 – 25-11-2026. Find først en anden stedfortræder."]


def test_double_click_saves_once(client: Browser, anna: User, owner: Engine) -> None:
    client.sign_in(anna)
    page = client.get(OWN)
    client.submit(page, days(MONDAY, MONDAY))

    again = client.submit(page, days(MONDAY, MONDAY))

    assert "Det var allerede gemt." in again.main
    assert len(stored(owner)) == 1


def test_two_who_name_each_other_at_once(app: Flask, make: Make, anna: User, bo: User, owner: Engine) -> None:
    """Neither sees the other's row before it is committed; one must lose."""
    people = [(Browser(app, owner).sign_in(user), other) for user, other in ((anna, bo), (bo, anna))]
    forms = [(browser, browser.csrf_token(), browser.get(OWN), other) for browser, other in people]

    def send(number: int) -> int:
        browser, token, page, other = forms[number]
        submission = page.one("input[@name='submission']").get("value")
        form = {"csrf_token": token, "submission": submission, "substitute": other.id}
        form |= {"from_day": "2026-11-24", "to_day": "2026-11-25"}
        return browser.client.post(OWN, data=form).status_code

    assert sorted(at_once(2, send)) == [302, 422]
    assert len(stored(owner)) == 1


def test_absence_of_another_is_out_of_sight(client: Browser, make: Make, anna: User, bo: User, owner: Engine) -> None:
    other = make.absence(bo, MONDAY, MONDAY)
    client.sign_in(anna)

    client.post(f"{OWN}/{other.id}/fjern", status=404)
    client.post(f"{OWN}/99999/fjern", status=404)

    assert len(stored(owner)) == 1


class TestLeader:
    """Medarbejdere."""

    @pytest.fixture
    def leader(self, make: Make, anna: User) -> User:
        return make.user(Role.LEDER, anna.unit, name="Leif")

    def test_sees_who_is_away_now_and_soon(
        self, client: Browser, make: Make, anna: User, bo: User, leader: User
    ) -> None:
        make.absence(anna, MONDAY, MONDAY + DAY, bo)
        make.absence(bo, MONDAY + 7 * DAY, MONDAY + 8 * DAY)
        make.absence(bo, MONDAY - 8 * DAY, MONDAY - DAY)
        make.absence(make.user(Role.MENTOR), MONDAY, MONDAY)

        page = client.sign_in(leader).get("/medarbejdere")

        assert page.rows() == [
            ["Anna", "23-11-2026", "24-11-2026", "Bo", "Fjern"],
            ["Bo", "30-11-2026", "01-12-2026", "Ingen", "Fjern"],
            ["Anna", "Mentor", anna.email, "Registrér fravær for Anna", "–"],
            ["Bo", "Koordinator", bo.email, "Registrér fravær for Bo", "Overdrag sager fra Bo"],
            ["Leif", "Leder", leader.email, "Registrér fravær for Leif", "Overdrag sager fra Leif"],
        ]

    def test_registers_and_removes_for_an_employee(
        self, client: Browser, anna: User, bo: User, leader: User, owner: Engine
    ) -> None:
        client.sign_in(leader)

        form = client.get(f"/medarbejdere/{anna.id}/fravaer")
        page = client.submit(form, days(MONDAY, MONDAY, bo))

        assert form.h1 == "Registrér fravær for Anna"
        assert stored(owner) == [(anna.id, MONDAY, MONDAY, bo.id)]
        assert events(owner, "absence.added")[0].user_id == leader.id
        client.submit(page, form="Fjern")
        assert stored(owner) == []

    def test_reaches_only_the_own_unit(self, client: Browser, make: Make, leader: User, owner: Engine) -> None:
        other = make.user(Role.MENTOR)
        absence = make.absence(other, MONDAY, MONDAY)
        client.sign_in(leader)

        client.get(f"/medarbejdere/{other.id}/fravaer", status=404)
        client.post(f"/medarbejdere/{other.id}/fravaer", days(MONDAY, MONDAY), status=404)
        client.post(f"/medarbejdere/fravaer/{absence.id}/fjern", status=404)

        assert len(stored(owner)) == 1

    def test_is_the_leader_s_page_alone(self, client: Browser, anna: User, bo: User) -> None:
        client.sign_in(bo)

        client.get("/medarbejdere", status=403)
        client.get(f"/medarbejdere/{anna.id}/fravaer", status=403)


class TestQueries:
    """What the deadlines ask."""

    def test_who_is_away_and_who_stands_in(
        self, make: Make, anna: User, bo: User, db_session: scoped_session[Session]
    ) -> None:
        closed = make.user(Role.MENTOR, anna.unit, active=False)
        make.absence(anna, MONDAY, MONDAY + DAY, bo)
        make.absence(bo, MONDAY + 2 * DAY, MONDAY + 3 * DAY, closed)
        away = {day: queries.away_on(MONDAY + day * DAY) for day in range(-1, 5)}

        assert away == {
            -1: {},
            0: {anna.id: bo.id},
            1: {anna.id: bo.id},
            2: {bo.id: None},
            3: {bo.id: None},
            4: {},
        }

    def test_leaders_of_units(self, make: Make, anna: User, db_session: scoped_session[Session]) -> None:
        first, second = make.user(Role.LEDER, anna.unit), make.user(Role.LEDER, anna.unit)
        make.user(Role.LEDER, anna.unit, active=False)
        other = make.user(Role.LEDER)
        empty = make.unit()
        assert anna.unit_id
        assert other.unit_id

        leaders = queries.leaders_of([anna.unit_id, empty.id])

        assert {unit: [user.id for user in found] for unit, found in leaders.items()} == {
            anna.unit_id: [first.id, second.id]
        }
