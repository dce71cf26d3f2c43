"""Starting and stopping a clock, and letting it run again."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.core.errors import DomainError, NotFoundError
from app.deadlines import queries, services
from app.deadlines.models import Deadline, StopOutcome
from app.extensions import db
from tests.conftest import ActAs, Freeze
from tests.moments import at
from tests.world import World

TODAY = date(2026, 3, 3)
Start = Callable[..., Deadline]
Stop = Callable[..., None]


@pytest.fixture
def start(frozen: Freeze, world: World, acting_as: ActAs) -> Start:
    frozen("2026-03-03 10.00")

    def start(received: str = "2026-03-03 09.00", *, now: str = "2026-03-03 10.00", subject_id: int = 1) -> Deadline:
        acting_as(world.nord.koordinator, TODAY)
        return services.start_deadline(
            case_id=world.case_id("unit"),
            rule_code="netv_indkald",
            subject=("netvaerkssamraad", subject_id),
            started_at=at(received),
            by=world.nord.koordinator,
            at=at(now),
        )

    return start


@pytest.fixture
def stop(world: World) -> Stop:
    def stop(deadline: Deadline, when: str, outcome: StopOutcome = StopOutcome.MET, reason: str | None = None) -> None:
        services.stop_deadline(
            deadline, outcome=outcome, stopped_at=at(when), reason=reason, by=world.nord.koordinator, at=at(when)
        )

    return stop


def test_seven_days_are_counted_from_the_day_after_receipt(start: Start) -> None:
    deadline = start("2026-03-03 23.59")
    assert (deadline.started_on, deadline.due_on) == (date(2026, 3, 3), date(2026, 3, 10))
    assert deadline.last_workday == date(2026, 3, 10)
    assert deadline.next_reminder_on == TODAY


def test_last_workday_before_a_sunday(start: Start) -> None:
    deadline = start("2026-03-01 12.00")
    assert (deadline.due_on, deadline.last_workday) == (date(2026, 3, 8), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("received", "stop_event"),
    [
        ("2014-09-30 23.59", "foreloebig_handleplan"),
        ("2014-10-01 00.01", "indkaldelse_sendt"),
    ],
)
def test_the_rule_is_that_of_the_local_day_of_receipt(start: Start, received: str, stop_event: str) -> None:
    assert start(received).rule.stop_event == stop_event


def test_the_rule_since_2024_says_that_it_is_not_confirmed(start: Start) -> None:
    assert "ikke bekræftet" in (start("2026-03-03").rule.notice or "")
    assert start("2015-03-03", subject_id=2).rule.notice is None


def test_a_rule_that_does_not_exist(world: World, db_session: scoped_session[Session]) -> None:
    with pytest.raises(NotFoundError):
        queries.rule_on("findes-ikke", TODAY)


def test_stopping_in_time(start: Start, stop: Stop) -> None:
    deadline = start()
    stop(deadline, "2026-03-10 23.59")
    assert not deadline.is_open
    assert not deadline.is_late
    assert deadline.next_reminder_on is None
    assert deadline.state(date(2026, 3, 20)).label == "Opfyldt i tide"


def test_stopping_late_asks_why(start: Start, stop: Stop) -> None:
    deadline = start()
    with pytest.raises(DomainError) as refused:
        stop(deadline, "2026-03-11 00.00")
    assert refused.value.field == "late_reason"
    assert "10-03-2026" in refused.value.message
    assert deadline.is_open
    stop(deadline, "2026-03-11 00.00", reason="Politiets liste lå i en forkert bakke.")
    assert deadline.is_late
    assert deadline.state(TODAY).kind == "late"


def test_an_exemption_asks_why(start: Start, stop: Stop) -> None:
    deadline = start()
    with pytest.raises(DomainError):
        stop(deadline, "2026-03-04", StopOutcome.EXEMPT)
    stop(deadline, "2026-03-04", StopOutcome.EXEMPT, "Behandles i Ungdomskriminalitetsnævnet.")
    assert deadline.state(TODAY).label == "Undtaget"


def test_stopping_twice_and_before_the_beginning(start: Start, stop: Stop) -> None:
    deadline = start()
    with pytest.raises(DomainError):
        stop(deadline, "2026-03-03 08.59")
    stop(deadline, "2026-03-04")
    with pytest.raises(DomainError):
        stop(deadline, "2026-03-05")


def test_the_reason_is_encrypted(start: Start, stop: Stop, owner: Engine) -> None:
    deadline = start()
    stop(deadline, "2026-03-11", reason="Sygdom i holdet.")
    db.session.commit()
    with owner.connect() as connection:
        stored = connection.exec_driver_sql("SELECT reason FROM deadlines").scalar_one()
    assert b"Sygdom" not in bytes(stored)


@pytest.mark.parametrize(
    ("today", "label", "kind"),
    [
        (date(2026, 3, 3), "7 dage tilbage", "ok"),
        (date(2026, 3, 7), "3 dage tilbage", "soon"),
        (date(2026, 3, 9), "I morgen", "soon"),
        (date(2026, 3, 10), "I dag", "today"),
        (date(2026, 3, 11), "1 dag over fristen", "late"),
    ],
)
def test_where_a_running_clock_stands(start: Start, today: date, label: str, kind: str) -> None:
    state = start().state(today)
    assert (state.label, state.kind) == (label, kind)


def test_reading_deadlines_of_a_case(start: Start, stop: Stop, world: World) -> None:
    first, second, third = start(subject_id=1), start("2026-03-01", subject_id=2), start("2026-03-02", subject_id=3)
    stop(third, "2026-03-03 10.00")
    case_id = world.case_id("unit")
    assert [deadline.id for deadline in queries.deadlines_of_case(case_id)] == [second.id, first.id, third.id]
    assert queries.deadline_of("netvaerkssamraad", 1) is first


def test_out_of_sight_there_is_no_deadline(start: Start, world: World, acting_as: ActAs) -> None:
    start()
    acting_as(world.syd.leder, TODAY)
    db.session.expire_all()
    assert queries.deadlines_of_case(world.case_id("unit")) == []
    assert queries.deadline_of("netvaerkssamraad", 1) is None


def test_a_reopened_clock_ends_when_it_would_have_ended(start: Start, stop: Stop, world: World) -> None:
    deadline = start()
    stop(deadline, "2026-03-12 10.00", reason="Sygdom")
    services.reopen_deadline(deadline, by=world.nord.koordinator, at=at("2026-03-12 11.00"))
    assert (deadline.stopped_at, deadline.stopped_on, deadline.outcome, deadline.reason) == (None, None, None, None)
    assert (deadline.due_on, deadline.next_reminder_on) == (date(2026, 3, 10), date(2026, 3, 12))
    stop(deadline, "2026-03-12 12.00", reason="Sygdom")


def test_a_clock_that_runs_is_not_reopened(start: Start, world: World) -> None:
    with pytest.raises(DomainError, match="løber allerede"):
        services.reopen_deadline(start(), by=world.nord.koordinator, at=at("2026-03-12 11.00"))
