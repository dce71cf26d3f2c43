"""What is due, across cases. What is out of sight does not exist."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, any_, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.access.models import Role
from app.access.policy import Reader
from app.cases.models import Case, CaseAccess, CaseStatus
from app.deadlines.models import SOON_DAYS, Deadline
from app.extensions import db
from app.people.models import Citizen


@dataclass(frozen=True)
class Due:
    """A running deadline with its case."""

    deadline: Deadline
    case: Case


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
        select(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.stopped_at.is_(None), *hint_named(reader, Deadline.case_id))
        .order_by(Deadline.due_on, Deadline.id)
        .offset(offset)
        .limit(limit)
    )
    if own and reader.role is not Role.MENTOR:
        statement = statement.where(Case.owner_id == reader.user_id)
    deadlines = list(db.session.scalars(statement))
    cases = load([deadline.case_id for deadline in deadlines])
    return [Due(deadline, cases[deadline.case_id]) for deadline in deadlines]


def load(case_ids: list[int]) -> dict[int, Case]:
    """The cases with what lists show of them, in one statement, by id and in the order of the ids."""
    if not case_ids:
        return {}
    statement = (
        select(Case)
        .join(Case.citizen)
        .where(Case.id.in_(case_ids))
        .options(contains_eager(Case.citizen).joinedload(Citizen.bydel), joinedload(Case.owner))
    )
    found = {case.id: case for case in db.session.scalars(statement)}
    return {case_id: found[case_id] for case_id in case_ids if case_id in found}


_GROUPS: Final = ("Over fristen", "I dag", f"Inden for {SOON_DAYS} dage", "Senere")


def grouped(rows: list[Due], today: date) -> list[Group]:
    """The rows by how much they press; groups without any are left out."""
    groups: dict[str, list[Due]] = {title: [] for title in _GROUPS}
    for row in rows:
        groups[_GROUPS[_pressure(row.deadline.due_on, today)]].append(row)
    return [Group(title, of_group) for title, of_group in groups.items() if of_group]


def _pressure(due_on: date, today: date) -> int:
    steps = (due_on < today, due_on == today, due_on <= today + timedelta(days=SOON_DAYS))
    return next((index for index, holds in enumerate(steps) if holds), len(steps))


def own_cases(reader: Reader, limit: int) -> list[Case]:
    """Open cases that the reader answers for or, as a mentor, is on; the newest first."""
    statement = _open_ids(limit).where(*hint_named(reader, Case.id))
    if reader.role is not Role.MENTOR:
        statement = statement.where(Case.owner_id == reader.user_id)
    return list(load(list(db.session.scalars(statement))).values())


def cases_without_owner(limit: int) -> list[Case]:
    """Open cases that nobody answers for, the newest first."""
    return list(load(list(db.session.scalars(_open_ids(limit).where(Case.owner_id.is_(None))))).values())


def _open_ids(limit: int) -> Select[Any]:
    return select(Case.id).where(Case.status == CaseStatus.ACTIVE).order_by(Case.number.desc()).limit(limit)


def next_deadlines(case_ids: list[int]) -> dict[int, Deadline]:
    """The most pressing running deadline of each of the cases that has one."""
    if not case_ids:
        return {}
    statement = (
        select(Deadline)
        .where(Deadline.case_id.in_(case_ids), Deadline.stopped_at.is_(None))
        .order_by(Deadline.due_on.desc(), Deadline.id.desc())
    )
    # The most pressing comes last, and stays.
    return {deadline.case_id: deadline for deadline in db.session.scalars(statement)}
