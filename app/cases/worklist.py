"""What is due, across cases. What is out of sight does not exist."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, any_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.access.models import Role
from app.access.policy import Reader
from app.cases.models import Case, CaseAccess, CaseStatus
from app.cases.summaries import Clock, Summary, summaries
from app.deadlines.models import SOON_DAYS, Deadline, DeadlineRule
from app.extensions import db


@dataclass(frozen=True)
class Due:
    """A running deadline with its case. title: that of its rule."""

    case: Summary
    subject_kind: str
    title: str
    clock: Clock

    @property
    def case_id(self) -> int:
        """The id of its case."""
        return self.case.id


@dataclass(frozen=True)
class Group:
    """Deadlines that press equally."""

    title: str
    rows: list[Due]


def hint_named(reader: Reader, case_id: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
    """A hint for the planner, not a filter: a mentor sees only cases with a row about himself in `case_access`.

    The policies say so already, but as part of an "or" from which no plan can begin; this gives it the few ids to begin
    from, as an array that is made once.
    """
    if reader.role is not Role.MENTOR:
        return []
    return [case_id == any_(func.array(select(CaseAccess.case_id).scalar_subquery()))]


def running(reader: Reader, *, own: bool, offset: int = 0, limit: int) -> list[Due]:
    """Running deadlines of the reader's cases, the most pressing first.

    own: only of cases that the reader answers for; a mentor's are all his own.
    """
    statement = (
        select(Deadline.case_id, Deadline.subject_kind, DeadlineRule.title, Deadline.due_on)
        .join(Case, Case.id == Deadline.case_id)
        .join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
        .where(Deadline.stopped_at.is_(None), *hint_named(reader, Deadline.case_id))
        .order_by(Deadline.due_on, Deadline.id)
        .offset(offset)
        .limit(limit)
    )
    if own and reader.role is not Role.MENTOR:
        statement = statement.where(Case.owner_id == reader.user_id)
    rows = db.session.execute(statement).all()
    # One that has just gone out of sight is left out.
    cases = summaries([row.case_id for row in rows], reader.today)
    return [
        Due(cases[row.case_id], row.subject_kind, row.title, Clock(row.due_on)) for row in rows if row.case_id in cases
    ]


_GROUPS: Final = ("Over fristen", "I dag", f"Inden for {SOON_DAYS} dage", "Senere")


def grouped(rows: list[Due], today: date) -> list[Group]:
    """The rows by how much they press; groups without any are left out."""
    groups: dict[str, list[Due]] = {title: [] for title in _GROUPS}
    for row in rows:
        groups[_GROUPS[_pressure(row.clock.due_on, today)]].append(row)
    return [Group(title, of_group) for title, of_group in groups.items() if of_group]


def _pressure(due_on: date, today: date) -> int:
    steps = (due_on < today, due_on == today, due_on <= today + timedelta(days=SOON_DAYS))
    return next((index for index, holds in enumerate(steps) if holds), len(steps))


def cases_without_owner(reader: Reader, limit: int) -> list[Summary]:
    """Open cases that nobody answers for, the newest first."""
    newest = select(Case.id).where(Case.status == CaseStatus.ACTIVE, Case.owner_id.is_(None))
    ids = list(db.session.scalars(newest.order_by(Case.number.desc()).limit(limit)))
    return list(summaries(ids, reader.today).values())
