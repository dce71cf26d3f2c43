"""What the tests of the case pages share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select

from app.access.models import FormSubmission
from app.audit.models import AuditEvent, Event
from app.cases.models import Case, CaseAccess
from app.core.clock import from_local
from app.core.cpr import Cpr
from app.deadlines.models import Deadline, DeadlineRule
from app.people.models import Citizen
from tests.factories import Make
from tests.moments import at

TODAY = date(2026, 11, 20)
MORNING = "2026-11-20 10.00"

LONE_SURROGATE = b"\xed\xa0\x80"
"""What a browser never sends, and a program may."""


def filled_in(cpr: Cpr | str, **known: Any) -> dict[str, Any]:
    """A form for a new case, filled in."""
    return {
        "cpr": cpr if isinstance(cpr, str) else cpr.formatted,
        "name": "Fatima Yıldız",
        "address_protection": "ukendt",
        "referrer": "skole",
        "concern": "Ses med en gruppe ældre drenge",
        "suitable": "Familien ønsker hjælp, og han vil gerne i klub",
        "niveau": "1",
    } | known


def cpr_of(citizen: Citizen) -> Cpr:
    """The CPR number of a citizen who has one."""
    number = citizen.number
    assert number is not None
    return number


def counts(owner: Engine) -> tuple[int, ...]:
    """How many citizens, cases and saved forms there are."""
    with owner.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in (Citizen, Case, FormSubmission)
        )


def events(owner: Engine, *kinds: Event) -> list[Any]:
    """The events of these kinds, oldest first."""
    with owner.connect() as connection:
        statement = select(AuditEvent.__table__).order_by(AuditEvent.id)
        return list(connection.execute(statement.where(AuditEvent.event.in_([kind.value for kind in kinds]))))


def running_deadline(make: Make, owner: Engine, case: Case, due_on: date, *, subject_id: int | None = None) -> Deadline:
    """A running deadline of the case."""
    with owner.connect() as connection:
        rule_id = connection.scalar(
            select(DeadlineRule.id).where(DeadlineRule.code == "netv_indkald", DeadlineRule.valid_to.is_(None))
        )
    started_on = due_on - timedelta(days=7)
    return make.add(
        Deadline(
            case_id=case.id,
            rule_id=rule_id,
            subject_kind="netvaerkssamraad",
            subject_id=subject_id or case.id,
            started_at=from_local(started_on, at(MORNING).time()),
            started_on=started_on,
            due_on=due_on,
            last_workday=due_on,
            next_reminder_on=due_on,
        )
    )


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def keep(_: Connection, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


def stored(owner: Engine) -> list[Any]:
    """All cases, citizens and access, to tell whether anything was saved."""
    with owner.connect() as connection:
        return [
            connection.execute(select(table).order_by(table.c.id)).all()
            for table in (Case.__table__, Citizen.__table__, CaseAccess.__table__)
        ]
