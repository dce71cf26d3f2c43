"""The clock of the next review follows the case: another niveau, and being opened again."""

from datetime import date, datetime

from sqlalchemy import select

from app.cases.assessments import queries
from app.cases.codes import Result
from app.cases.intake import services as intake
from app.cases.intake.services.endings import running_clocks
from app.cases.levels.services import change_level
from app.cases.queries import get_case
from app.deadlines.models import Deadline, StopOutcome
from tests.cases.assessments.conftest import Desk
from tests.moments import at


def move(desk: Desk, niveau: int, now: datetime) -> None:
    change_level(get_case(desk.case.id), niveau=niveau, reasons="Aftalt på mødet", by=desk.by, at=now)


def close(desk: Desk, now: datetime) -> None:
    case = get_case(desk.case.id)
    intake.close_case(case, reasons="Flyttet", result=Result.MOVED, risk_view="Lav", by=desk.by, at=now)


def reopen(desk: Desk, now: datetime) -> None:
    intake.reopen_case(get_case(desk.case.id), reasons="Er tilbage", by=desk.by, at=now)


def clocks(desk: Desk) -> list[tuple[str, date, StopOutcome | None]]:
    """Rule, last day and outcome of each, in the order they began."""
    found = desk.session.scalars(select(Deadline).order_by(Deadline.id))
    return [(each.rule.code[-1], each.due_on, each.outcome) for each in found]


def due(desk: Desk) -> date | None:
    running = queries.running_review(desk.case.id)
    return None if running is None else running.due_on


def test_up_and_down_and_up_again(desk: Desk) -> None:
    """Signed 3 March on niveau 2; a lower niveau never puts off the day that was set, and each rule can come again."""
    gone = StopOutcome.CANCELLED
    desk.signed()
    move(desk, 3, at("2026-03-10"))
    move(desk, 2, at("2026-03-11"))
    move(desk, 3, at("2026-03-12"))
    move(desk, 1, at("2026-03-13"))
    move(desk, 3, at("2026-03-13 13.00"))

    april = date(2026, 4, 10)
    assert clocks(desk) == [
        ("2", date(2026, 6, 3), gone),
        ("3", april, gone),
        ("2", april, gone),
        ("3", april, gone),
        ("1", april, gone),
        ("3", april, None),
    ]
    first = desk.session.scalars(select(Deadline).order_by(Deadline.id)).first()
    assert first is not None
    assert first.reason == "Sagen kom fra niveau 2 til niveau 3."


def test_a_review_that_is_late_stays_late(desk: Desk) -> None:
    desk.signed(review_on=date(2026, 3, 20))
    move(desk, 3, at("2026-04-01"))

    running = queries.running_review(desk.case.id)
    assert running is not None
    assert running.is_overdue(date(2026, 4, 1))
    assert running.due_on == date(2026, 3, 20)


def test_next_signature_meets_the_clock_that_was_renewed(desk: Desk) -> None:
    desk.signed()
    move(desk, 3, at("2026-03-10"))
    desk.signed(at("2026-04-01"), proposed_niveau=3)

    assert clocks(desk)[1:] == [("3", date(2026, 4, 10), StopOutcome.MET), ("3", date(2026, 5, 1), None)]


def test_a_case_that_was_never_assessed_gets_no_clock(desk: Desk) -> None:
    move(desk, 3, at("2026-03-10"))
    close(desk, at("2026-03-11"))
    reopen(desk, at("2026-03-12"))

    assert clocks(desk) == []


def test_opened_again_twice_it_counts_from_that_day(desk: Desk) -> None:
    desk.signed()
    for day, again, last in (("2026-04-01", "2026-07-01", (10, 1)), ("2026-07-02", "2026-08-05", (11, 5))):
        close(desk, at(day))
        assert due(desk) is None
        reopen(desk, at(again))
        assert due(desk) == date(2026, *last)

    assert [outcome for *_, outcome in clocks(desk)] == [StopOutcome.CANCELLED, StopOutcome.CANCELLED, None]


def test_a_case_that_was_opened_again_can_be_closed(desk: Desk) -> None:
    """The clock of the next assessment is the unit's own, whatever started it."""
    desk.signed()
    move(desk, 3, at("2026-03-10"))
    assert running_clocks(get_case(desk.case.id)) == []
