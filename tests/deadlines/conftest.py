"""Running clocks, and the scheduler's jobs."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import scheduler
from app.cases.models import Case
from app.core.job_runs import JobRun
from app.deadlines import arithmetic
from app.deadlines.models import Deadline, DeadlineRule, Reminder
from app.outbox.models import OutboxMail
from tests.factories import Make
from tests.moments import at

MakeDeadline = Callable[..., Deadline]
RunJob = Callable[..., JobRun]


@pytest.fixture
def make_deadline(make: Make, owner: Engine) -> MakeDeadline:
    """A running clock on the case, as start_deadline leaves it."""
    with Session(owner) as session:
        rule = session.scalar(
            select(DeadlineRule).where(DeadlineRule.code == "netv_indkald", DeadlineRule.valid_to.is_(None))
        )
        assert rule is not None
        rule_id, count = rule.id, iter(range(1, 1_000_000))

    def make_deadline(case: Case, *, received: str = "2026-03-03 10.00", next_on: date | None = None) -> Deadline:
        started_on = arithmetic.local_day(at(received))
        due_on = arithmetic.due_date(at(received), 7, arithmetic.Unit.DAYS)
        return make.add(
            Deadline(
                case_id=case.id,
                rule_id=rule_id,
                subject_kind="netvaerkssamraad",
                subject_id=next(count),
                started_at=at(received),
                started_on=started_on,
                due_on=due_on,
                last_workday=arithmetic.last_workday(due_on),
                next_reminder_on=next_on or started_on,
            )
        )

    return make_deadline


@pytest.fixture
def run_job(job_app: Flask) -> RunJob:
    """`run_job("plan-reminders", "2026-03-03 10.00")`: as the scheduler does; fails when the job failed."""

    def run(name: str, when: str, *, error: str | None = None) -> JobRun:
        finished = scheduler.run(job_app, name, at=at(when))
        assert finished.error == error
        return finished

    return run


@pytest.fixture
def sweep(run_job: RunJob) -> Callable[[str], None]:
    """`sweep("2026-03-03 10.00")`: plan, then deliver."""

    def sweep(when: str) -> None:
        run_job("plan-reminders", when)
        run_job("deliver-mail", when)

    return sweep


class Books:
    """What stands in the ledger and the outbox, read as the owner."""

    def __init__(self, owner: Engine) -> None:
        self._owner = owner

    def reminders(self) -> list[Reminder]:
        """The ledger, oldest first."""
        with Session(self._owner) as session:
            return list(session.scalars(select(Reminder).order_by(Reminder.id)))

    def mails(self) -> list[OutboxMail]:
        """The outbox, oldest first."""
        with Session(self._owner) as session:
            return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.fixture
def books(owner: Engine) -> Books:
    return Books(owner)
