"""What lists show of cases: plain rows, because a list of objects costs more than all else on the page."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ARRAY, Integer, Select, any_, bindparam, func, select

from app.access.models import User
from app.cases import glances
from app.cases.models import Case, CaseStatus
from app.deadlines.models import Deadline, DeadlineState, running_state
from app.extensions import db
from app.people.models import Citizen
from app.places.models import Bydel


@dataclass(frozen=True)
class Clock:
    """The most pressing running deadline of a case."""

    due_on: date

    def state(self, today: date) -> DeadlineState:
        """Where it stands today."""
        return running_state(self.due_on, today)


@dataclass(frozen=True)
class Summary:
    """A case as a line of a list.

    owner: the name; None when nobody answers for the case. due_on: of its most pressing running deadline.
    flags: what other packages have to tell at a glance.
    """

    id: int
    number: str
    niveau: int
    status: CaseStatus
    opened_on: date
    name: str
    owner: str | None
    bydel: str | None
    due_on: date | None
    flags: tuple[glances.Shown, ...] = ()

    @property
    def clock(self) -> Clock | None:
        """The running deadline, if there is one."""
        return None if self.due_on is None else Clock(self.due_on)


_IDS = any_(bindparam("ids", type_=ARRAY(Integer)))
_DUE = (
    select(func.min(Deadline.due_on))
    .where(Deadline.case_id == Case.id, Deadline.stopped_at.is_(None))
    .scalar_subquery()
)
_SUMMARIES = (
    select(
        Case.id,
        Case.number,
        Case.niveau,
        Case.status,
        Case.opened_on,
        Citizen.name,
        User.name.label("owner"),
        Bydel.name.label("bydel"),
        _DUE.label("due_on"),
    )
    .join(Citizen, Citizen.id == Case.citizen_id)
    .outerjoin(User, User.id == Case.owner_id)
    .outerjoin(Bydel, Bydel.id == Citizen.bydel_id)
    .where(Case.id == _IDS)
)


def summaries(case_ids: list[int], today: date) -> dict[int, Summary]:
    """The cases in sight, in one statement, by id and in the order of the ids."""
    if not case_ids:
        return {}
    shown = glances.of(current_app, on_list=True)
    rows = db.session.execute(_statement(current_app), {"ids": case_ids})
    found = {row.id: _summary(row, shown, today) for row in rows}
    return {case_id: found[case_id] for case_id in case_ids if case_id in found}


def _statement(app: Flask) -> Select[Any]:
    """With a column for each glance; made once, because making it costs more than a line of the list."""
    statement: Select[Any] | None = app.extensions.get("enkeltsag_case_summaries")
    if statement is None:
        columns = [glance.column(Case.__table__.c.id).label(glance.key) for glance in glances.of(app, on_list=True)]
        statement = app.extensions["enkeltsag_case_summaries"] = _SUMMARIES.add_columns(*columns)
    return statement


def _summary(row: Any, shown: tuple[glances.Glance, ...], today: date) -> Summary:
    values = tuple(row)
    own = len(values) - len(shown)
    words = (glance.words(value, today) for glance, value in zip(shown, values[own:], strict=True))
    return replace(Summary(*values[:own]), flags=tuple(word for word in words if word is not None))
