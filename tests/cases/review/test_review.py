"""Gennemgang: what is due, what stands still, what has changed, and what was said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.handovers import hand_over_all
from app.cases.models import AccessKind, Case
from app.cases.queries import get_case
from app.cases.review import services
from app.cases.services import give_access
from app.core.clock import now
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from tests.browser import Browser
from tests.cases.acting import NOON, Db
from tests.cases.acting import TODAY as DAY
from tests.cases.pages import MORNING, TODAY, events, running_deadline, statements
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.page import Page


@pytest.fixture
def by(make: Make) -> User:
    return make.user(Role.KOORDINATOR, name="Mette Holm")


def points(page: Page) -> dict[str, str]:
    """The text of each case on the list, by number, in its order."""
    found = {}
    for section in page.all("main//section[@aria-labelledby]"):
        text = " ".join("".join(section.itertext()).split())
        found[text.split()[0]] = text
    return found


def said(client: Browser, case: Case, note: str = "Ring til skolen") -> Page:
    return client.submit(client.get(f"/sager/{case.id}/gennemgang"), {"note": note})


def test_open_cases_on_the_higher_niveauer_stand_on_the_list(client: Browser, make: Make, by: User) -> None:
    for niveau in (1, 2, 3, 2):
        make.case(niveau, owner=by)
    make.case(2, owner=by, closed=date(2026, 2, 2))
    make.case(2)

    page = client.sign_in(by).get("/gennemgang")

    assert list(points(page)) == ["2026-0003", "2026-0002", "2026-0004"]


def test_what_was_said_goes_to_the_end_of_its_niveau(
    client: Browser, make: Make, by: User, frozen: Freeze, owner: Engine
) -> None:
    frozen(MORNING)
    first, second = make.case(2, owner=by), make.case(2, owner=by)
    client.sign_in(by)

    page = said(client, first)

    assert "Sag 2026-0001 er gennemgået." in page.text
    assert list(points(page)) == [second.number, first.number]
    text = points(page)[first.number]
    assert "Gennemgået i dag" in text
    assert "20-11-2026, Mette Holm: Ring til skolen" in text
    assert "Ikke gennemgået før" in points(page)[second.number]
    [event] = events(owner, Event.CASE_REVIEWED)
    assert (event.case_id, event.user_id) == (first.id, by.id)
    assert "Ring til skolen" in client.get(f"/sager/{first.id}/journal").main


def test_what_stands_still_is_what_nobody_has_done_anything_in(
    client: Browser, make: Make, by: User, frozen: Freeze
) -> None:
    clock = frozen("2026-09-01 10.00")
    quiet, busy = make.case(2, owner=by), make.case(2, owner=by)
    client.sign_in(by)
    for case in (quiet, busy):
        client.submit(client.get(f"/sager/{case.id}/rediger"), {"concern": "Noget andet"})
    clock.shift(timedelta(days=29))
    client.sign_in(by).submit(client.get(f"/sager/{busy.id}/rediger"), {"concern": "Noget tredje"})
    client.get(f"/sager/{quiet.id}")
    said(client, quiet)
    assert not any("Står stille" in text for text in points(client.get("/gennemgang")).values())

    clock.shift(timedelta(days=1))
    shown = points(client.sign_in(by).get("/gennemgang"))

    assert "Står stille" in shown[quiet.number]
    assert "Står stille" not in shown[busy.number]


def test_who_has_a_case_and_who_sees_it_moves_nothing_in_it(
    client: Browser, make: Make, by: User, frozen: Freeze, acting_as: ActAs, db_session: Db
) -> None:
    clock = frozen("2026-09-01 10.00")
    case = make.case(2, owner=by)
    taker, mentor = (make.user(role, unit=by.unit) for role in (Role.KOORDINATOR, Role.MENTOR))
    client.sign_in(by).submit(client.get(f"/sager/{case.id}/rediger"), {"concern": "Noget andet"})
    clock.shift(timedelta(days=30))
    at = now()
    acting_as(by, local_day(at))
    case = get_case(case.id)
    give_access(case, user_id=mentor.id, kind=AccessKind.MENTOR, from_day=local_day(at), to_day=None, by=by, at=at)
    hand_over_all(by, takers={case.id: taker.id}, note="Barsel", seen=[case.id], by=by, at=at)
    db_session.commit()

    shown = points(client.sign_in(by).get("/gennemgang"))[case.number]

    assert "Står stille" in shown
    assert "Valgte ansvarlig" in shown
    assert "Gav adgang til sagen" in shown


def test_changes_are_counted_since_the_last_review(client: Browser, make: Make, by: User, frozen: Freeze) -> None:
    clock = frozen(MORNING)
    case = make.case(2, owner=by)
    client.sign_in(by)
    client.submit(client.get(f"/sager/{case.id}/rediger"), {"concern": "Før mødet"})
    assert "De seneste 30 dage Rettede sagens oplysninger" in points(client.get("/gennemgang"))[case.number]
    clock.shift(timedelta(minutes=1))
    said(client, case)
    assert "Siden sidst Intet" in points(client.get("/gennemgang"))[case.number]

    for concern in ("Efter mødet", "Og igen"):
        clock.shift(timedelta(minutes=1))
        client.submit(client.get(f"/sager/{case.id}/rediger"), {"concern": concern})

    assert "Siden sidst Rettede sagens oplysninger (2)" in points(client.get("/gennemgang"))[case.number]


def test_what_is_due_is_told(client: Browser, make: Make, by: User, frozen: Freeze, owner: Engine) -> None:
    frozen(MORNING)
    case = make.case(2, owner=by)
    running_deadline(make, owner, case, TODAY - timedelta(days=1))

    text = points(client.sign_in(by).get("/gennemgang"))[case.number]

    assert "19-11-2026" in text


def test_the_list_costs_the_same_however_long_it_is(client: Browser, make: Make, by: User, owner: Engine) -> None:
    client.sign_in(by)
    costs = []
    for _ in range(2):
        for _ in range(6):
            running_deadline(make, owner, make.case(2, owner=by), TODAY)
        with counted() as sent:
            client.get("/gennemgang")
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert costs[0] <= 15


@contextmanager
def counted() -> Iterator[list[str]]:
    with statements() as sent:
        yield sent


def test_the_list_is_recorded_and_paged(client: Browser, make: Make, by: User, owner: Engine) -> None:
    cases = [make.case(2, owner=by) for _ in range(51)]
    page = client.sign_in(by).get("/gennemgang")
    assert len(points(page)) == 50
    [event] = events(owner, Event.CASES_LISTED)
    assert (len(event.listed_case_ids), event.details) == (50, {"list": "gennemgang"})
    assert list(points(client.get("/gennemgang", {"side": 2}))) == [cases[50].number]
    assert "Der er ikke flere sager" in client.get("/gennemgang", {"side": 3}).main


def test_the_list_goes_on_paper(client: Browser, make: Make, by: User, owner: Engine) -> None:
    case = make.case(2, owner=by)
    client.sign_in(by)
    said(client, case, "Aftalt med *skolen* #1")
    paper = client.get("/gennemgang.pdf")
    assert paper.response.data.startswith(b"%PDF")
    assert paper.response.mimetype == "application/pdf"
    assert case.number not in paper.response.headers["Content-Disposition"]
    assert events(owner, Event.CASES_LISTED)[-1].listed_case_ids == [case.id]


def test_an_empty_list_says_so(client: Browser, by: User) -> None:
    page = client.sign_in(by).get("/gennemgang")
    assert "Ingen sager skal gennemgås" in page.main
    assert client.get("/gennemgang.pdf").response.data.startswith(b"%PDF")


def test_a_line_is_needed(client: Browser, make: Make, by: User) -> None:
    case = make.case(2, owner=by)
    client.sign_in(by)
    page = client.submit(client.get(f"/sager/{case.id}/gennemgang"), {"note": " "}, status=422)
    assert page.errors == ["Skriv en linje om, hvad der blev sagt eller aftalt."]


def test_a_closed_case_is_not_gone_through(
    make: Make, by: User, acting_as: ActAs, db_session: Callable[[], object]
) -> None:
    case = make.case(2, owner=by, closed=date(2026, 2, 2))
    acting_as(by, DAY)
    with pytest.raises(DomainError, match="ikke åben"):
        services.mark_reviewed(case, note="x", by=by, at=NOON)
