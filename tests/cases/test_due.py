"""Deadlines on the case, across cases and on Min dag; and how many questions the pages ask the database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from app.access.models import Role
from app.audit.models import Event
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, events, running_deadline, statements
from tests.conftest import Freeze
from tests.factories import Make
from tests.page import Page, text_of
from tests.world import World

MOST_STATEMENTS = 15


def test_the_cases_deadlines_with_rule_and_reminders(
    client: Browser, make: Make, owner: Engine, frozen: Freeze
) -> None:
    frozen(MORNING)
    by = make.user(Role.KOORDINATOR)
    case = make.case(1, owner=by)
    running_deadline(make, owner, case, date(2026, 11, 22))
    page = client.sign_in(by).get(f"/sager/{case.id}/frister")
    for shown in (
        "Indkaldelse til netværkssamråd",
        "2 dage tilbage",
        "søndag 22. november 2026",
        "Retsgrundlaget er ikke bekræftet.",
        "Løber stadig",
        "7 dage efter begyndelsen",
    ):
        assert shown in page.main, shown
    assert [row[0] for row in page.rows()][-1] == "23-11-2026"
    assert {row[3] for row in page.rows()} == {"Planlagt"}


def test_no_deadlines_says_when_one_begins(client: Browser, make: Make) -> None:
    by = make.user(Role.KOORDINATOR)
    page = client.sign_in(by).get(f"/sager/{make.case(1, owner=by).id}/frister")
    assert "Sagen har ingen frister" in page.main


@pytest.fixture
def due(world: World, make: Make, owner: Engine, frozen: Freeze) -> dict[str, Case]:
    """Running deadlines that press more or less, in and out of sight of the people of Nord."""
    frozen(MORNING)
    days = {"unit": 4, "owner": -1, "mentor": 0, "restricted_named": 3, "restricted": -9, "elsewhere": -9, "barred": -9}
    for relation, left in days.items():
        running_deadline(make, owner, world.cases[relation], TODAY + timedelta(days=left))
    return world.cases


def test_all_deadlines_the_most_pressing_first(
    browser: Callable[[], Browser], world: World, due: dict[str, Case], owner: Engine
) -> None:
    page = browser().sign_in(world.nord.koordinator).get("/frister")
    order = ["owner", "mentor", "restricted_named", "unit"]
    assert [row[0] for row in page.rows()] == [due[name].number for name in order]
    titles = ["Over fristen", "I dag", "Inden for 3 dage", "Senere"]
    assert [title for title in page.texts("h2") if title in titles] == titles
    [listed] = events(owner, Event.CASES_LISTED)
    assert (listed.listed_case_ids, listed.details) == ([due[name].id for name in order], {"list": "frister"})
    leader = browser().sign_in(world.nord.leder).get("/frister")
    assert [row[0] for row in leader.rows()] == [due[name].number for name in ["restricted", *order]]


def test_only_ones_own(browser: Callable[[], Browser], world: World, due: dict[str, Case]) -> None:
    page = browser().sign_in(world.nord.koordinator).get("/frister")
    page = browser().sign_in(world.nord.koordinator).get(page.links["Dem, jeg er ansvarlig for"])
    assert [row[0] for row in page.rows()] == [due["owner"].number]
    mentor = browser().sign_in(world.nord.mentor).get("/frister")
    assert "Hele enheden" not in mentor.links
    assert [row[0] for row in mentor.rows()] == [due[name].number for name in ("owner", "mentor", "restricted_named")]


def test_stopped_clocks_are_not_due(client: Browser, world: World, due: dict[str, Case], owner: Engine) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE deadlines SET stopped_at = started_at, stopped_on = started_on, outcome = 'opfyldt',"
            " next_reminder_on = NULL"
        )
    assert "Ingen frister løber" in client.sign_in(world.nord.koordinator).get("/frister").main


def cards(page: Page) -> dict[str, list[str]]:
    """What the cards of Min dag list, by their headings."""
    return {
        text_of(heading): [text_of(item) for item in section.findall(".//li")]
        for section in page.all("section")
        for heading in section.findall(".//h2")[:1]
    }


def test_min_dag(browser: Callable[[], Browser], world: World, due: dict[str, Case], owner: Engine) -> None:
    expected = {
        "koordinator": {"Mine frister": ["owner"], "Mine sager": ["owner"]},
        "mentor": {
            "Mine frister": ["owner", "mentor", "restricted_named"],
            "Mine sager": ["named", "restricted_named", "owner", "mentor"],
        },
        "leder": {
            "Frister": ["restricted", "owner", "mentor", "restricted_named", "unit"],
            "Sager uden ansvarlig": ["unit", "restricted", "restricted_named", "named", "mentor"],
        },
    }
    for role, lists in expected.items():
        found = cards(browser().sign_in(getattr(world.nord, role)).get("/"))
        for title, names in lists.items():
            shown = [next(name for name, case in due.items() if case.number in line) for line in found[title]]
            assert set(shown) == set(names), (role, title)
            if "rister" in title:
                assert shown == names, role
    assert {event.details["list"] for event in events(owner, Event.CASES_LISTED)} >= {"min-dag"}


def test_min_dag_of_somebody_new_says_what_to_do(browser: Callable[[], Browser], make: Make) -> None:
    page = browser().sign_in(make.user(Role.KOORDINATOR)).get("/")
    assert "Du er ikke ansvarlig for nogen sager" in page.main
    assert "Ingen frister løber" in page.main
    assert "Du er ikke på nogen sager endnu" in browser().sign_in(make.user(Role.MENTOR)).get("/").main
    leader = browser().sign_in(make.user(Role.LEDER)).get("/")
    assert "Alle sager har en ansvarlig" in leader.main
    assert "Mine sager" not in leader.main


PAGES = (
    "/",
    "/sager",
    "/sager?sorter=navn",
    "/sager?sorter=frist",
    "/frister",
    "search",
    "case",
    "frister",
    "historik",
)


@pytest.mark.parametrize("role", [Role.KOORDINATOR, Role.MENTOR])
def test_the_number_of_statements_does_not_grow(
    browser: Callable[[], Browser], make: Make, owner: Engine, frozen: Freeze, role: Role
) -> None:
    frozen(MORNING)
    by = make.user(role)
    kind = {"mentors": [by]} if role is Role.MENTOR else {"owner": by}

    def one(number: int) -> Case:
        case = make.case(1, unit=by.unit, citizen=make.citizen("Fatima Holm", bydel=make.bydel()), **kind)
        running_deadline(make, owner, case, TODAY + timedelta(days=number % 9))
        return case

    def more(count: int) -> Case:
        return [one(number) for number in range(count)][-1]

    few = counted(browser().sign_in(by), more(2))
    many = counted(browser().sign_in(by), more(58))
    assert {name: count for name, count in many.items() if count > few[name]} == {}
    assert max(few.values()) <= MOST_STATEMENTS, few


def counted(client: Browser, case: Case) -> dict[str, int]:
    """Statements by page."""
    found = {}
    for name in PAGES:
        address = {
            "case": f"/sager/{case.id}",
            "frister": f"/sager/{case.id}/frister",
            "historik": f"/sager/{case.id}/historik",
            "search": client.post("/sager", {"words": "fatima"}).location,
        }.get(name, name)
        with statements() as sent:
            page = client.get(address, status=None)
        found[name] = len(sent) if page.status == 200 else 0
    return found
