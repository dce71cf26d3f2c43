"""What is to be done, derived from what is due: on the case, and on Min dag."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.access.models import Role
from app.audit.models import Event
from app.cases import due, tasks
from app.cases.tasks import Task
from tests.browser import Browser
from tests.cases.acting import Db
from tests.cases.pages import MORNING, TODAY, events, running_deadline, statements
from tests.conftest import Freeze
from tests.factories import Make
from tests.page import Page
from tests.world import World

CARD = "Opgaver i mine sager"


def card(page: Page, title: str = CARD) -> list[str]:
    """The lines of a card or panel."""
    for section in page.all("section[@class='panel']"):
        if "".join(section.find(".//h2").itertext()) == title:  # type: ignore[union-attr]
            return [" ".join("".join(line.itertext()).split()) for line in section.findall(".//li")]
    return []


@pytest.fixture
def things_to_do(app: Flask) -> Iterator[list[tuple[str, date | None]]]:
    """A source of tasks of every case that is asked about; the test says what is to be done."""
    wanted: list[tuple[str, date | None]] = []

    def source(case_ids: Collection[int], _: date) -> Iterable[Task]:
        for case_id in sorted(case_ids):
            yield from (Task(case_id, title, due_on, f"/sager/{case_id}") for title, due_on in wanted)

    tasks.register(app, source, for_mentors=True)
    yield wanted
    # The application is that of all tests.
    tasks._registry(app).pop()


def test_the_deadlines_of_a_case_are_tasks(client: Browser, make: Make, owner: Engine, frozen: Freeze) -> None:
    frozen(MORNING)
    by = make.user()
    case = make.case(owner=by)
    running_deadline(make, owner, case, TODAY + timedelta(days=9), subject_id=1)
    running_deadline(make, owner, case, TODAY - timedelta(days=1), subject_id=2)
    page = client.sign_in(by).get(f"/sager/{case.id}")
    assert card(page, "Opgaver") == [
        "Indkaldelse til netværkssamråd 1 dag over fristen 19-11-2026",
        "Indkaldelse til netværkssamråd 9 dage tilbage 29-11-2026",
    ]
    assert page.links["Indkaldelse til netværkssamråd"] == f"/sager/{case.id}/netvaerkssamraad"


def test_a_case_with_nothing_to_do_says_so(client: Browser, make: Make) -> None:
    by = make.user()
    page = client.sign_in(by).get(f"/sager/{make.case(owner=by).id}")
    assert "Ingen frist løber, og intet venter på dig." in page.main


def test_min_dag_shows_what_is_to_be_done_beside_the_deadlines(
    client: Browser,
    make: Make,
    owner: Engine,
    frozen: Freeze,
    things_to_do: list[tuple[str, date | None]],
) -> None:
    frozen(MORNING)
    by = make.user()
    case = make.case(owner=by, citizen=make.citizen("Bo Holm"))
    make.case(owner=by, closed=date(2026, 6, 1), citizen=make.citizen("Ikke Mere"))
    make.case(owner=make.user(unit=by.unit), citizen=make.citizen("En Andens"))
    running_deadline(make, owner, case, TODAY)
    things_to_do += [("Ring til skolen", None), ("Følg op", TODAY + timedelta(days=2))]
    page = client.sign_in(by).get("/")
    assert card(page) == [
        f"{case.number} · Bo Holm Følg op 2 dage tilbage 22-11-2026",
        f"{case.number} · Bo Holm Ring til skolen",
    ]
    read = [row for row in events(owner, Event.CASES_LISTED) if row.listed_case_ids == [case.id]]
    assert [row.details["list"] for row in read] == ["min-dag"]


def test_min_dag_without_tasks_has_no_such_card(client: Browser, make: Make) -> None:
    by = make.user()
    make.case(owner=by)
    assert CARD not in client.sign_in(by).get("/").main


@pytest.mark.parametrize("role", [Role.KOORDINATOR, Role.MENTOR, Role.LEDER])
def test_only_tasks_of_ones_own_cases(
    client: Browser, world: World, things_to_do: list[tuple[str, date | None]], role: Role
) -> None:
    things_to_do.append(("Følg op", None))
    user = world.nord.of(role)
    shown = card(client.sign_in(user).get("/"))
    own = {world.cases[name].number for name in ("named", "mentor", "restricted_named", "owner")}
    numbers = {line.split(" · ")[0] for line in shown}
    assert numbers == (own if role is Role.MENTOR else numbers & own)
    assert world.cases["barred"].number not in numbers
    assert world.cases["unit"].number not in numbers


def test_a_long_list_is_cut_and_costs_no_more(
    client: Browser, make: Make, things_to_do: list[tuple[str, date | None]]
) -> None:
    by = make.user()
    make.case(owner=by)
    things_to_do.append(("Følg op", None))
    client.sign_in(by)
    with statements() as few:
        client.get("/")
    for _ in range(11):
        make.case(owner=by)
    with statements() as many:
        page = client.get("/")
    assert len(card(page)) == 8
    assert "Der er 4 til, som står på sagerne." in page.main
    assert len(many) == len(few)


@given(st.lists(st.tuples(st.integers(1, 5), st.one_of(st.none(), st.dates())), max_size=12))
def test_what_is_due_first_stands_on_top_and_what_has_no_day_last(wanted: list[tuple[int, date | None]]) -> None:
    app = Flask("tasks")
    tasks.register(app, lambda case_ids, _: [Task(number, "x", day, "/") for number, day in wanted])
    days = [task.due_on for task in tasks.of_cases(app, [1], TODAY)]
    known = [day for day in days if day is not None]
    assert days == [*sorted(known), *[None] * (len(days) - len(known))]
    assert len(days) == len(wanted)


def test_without_cases_no_source_is_asked() -> None:
    def source(case_ids: Collection[int], today: date) -> Iterable[Task]:
        raise AssertionError

    app = Flask("tasks")
    tasks.register(app, source)
    assert tasks.of_cases(app, [], TODAY) == []
    assert tasks.of_cases(app, [1], TODAY, apart_from=(source, due.deadlines)) == []


def test_a_mentor_is_told_what_he_can_do_alone(app: Flask, db_session: Db) -> None:
    tasks.register(app, lambda case_ids, _: [Task(number, "Skriv vurderingen", None, "/") for number in case_ids])
    tasks.register(
        app, lambda case_ids, _: [Task(number, "Følg op", None, "/") for number in case_ids], for_mentors=True
    )
    try:
        told = {mentor: tasks.of_cases(app, [-1], TODAY, mentor=mentor) for mentor in (True, False)}
    finally:
        del tasks._registry(app)[-2:]

    assert [task.title for task in told[True]] == ["Følg op"]
    assert {"Følg op", "Skriv vurderingen"} <= {task.title for task in told[False]}
