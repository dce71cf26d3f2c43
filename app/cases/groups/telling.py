"""What a case says at a glance about groups: those in sight that the citizen belongs to today."""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from app.cases import glances
from app.cases.glances import Glance, Shown
from app.cases.groups.models import GroupMember
from app.cases.models import Case
from app.core.danish import plural


def register(app: Flask) -> None:
    """Have the case page say it."""
    glances.register(app, Glance("grupper", "Grupper", _count, _words, "groups.of_case", 60))


def _count(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """How many groups; the policies leave out those that the reader does not see."""
    case = Case.__table__.alias("case_of_groups")
    today = func.ek_today()
    return (
        select(func.count(GroupMember.group_id.distinct()))
        .join(case, case.c.citizen_id == GroupMember.citizen_id)
        .where(
            case.c.id == case_id,
            GroupMember.removed_at.is_(None),
            GroupMember.from_day <= today,
            or_(GroupMember.to_day.is_(None), GroupMember.to_day >= today),
        )
        .scalar_subquery()
    )


def _words(count: int, today: date) -> Shown | None:  # noqa: ARG001 - what every glance is given
    return Shown(f"Med i {plural(count, 'gruppe', 'grupper')}") if count else None
