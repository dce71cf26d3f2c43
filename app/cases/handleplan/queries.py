"""Reading plans. What exists for whom is the row scope's business, never the query's."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import column, exists, select, table
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.access.models import Role, User
from app.access.queries import users
from app.cases.handleplan.codes import PlanKind
from app.cases.handleplan.models import AcuteLine, CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.models import Case
from app.core import danish
from app.core.errors import found
from app.extensions import db

RESPONSIBLE_ROLES = (Role.MENTOR, Role.KOORDINATOR, Role.LEDER)
LAST = "andet"
_NAME = lazyload(User.unit)
# Its package lies beside this one, and neither reads the other's models.
_INCIDENTS = table("incidents", column("id"), column("case_id"))


def _whole() -> Iterable[Any]:
    """Everything that a plan has, in one statement per kind of thing."""
    return (
        joinedload(Handleplan.started_by).options(_NAME),
        selectinload(Handleplan.goals).lazyload(Goal.plan),
        selectinload(Handleplan.measures).options(
            lazyload(Measure.plan), joinedload(Measure.responsible_user).options(_NAME)
        ),
        selectinload(Handleplan.follow_ups).lazyload(FollowUp.plan),
        selectinload(Handleplan.lines).options(
            lazyload(AcuteLine.plan), joinedload(AcuteLine.responsible_user).options(_NAME)
        ),
    )


def get_plan(case_id: int, plan_id: int) -> Handleplan:
    """The plan of that case with all it has. Raises NotFoundError when there is none in sight."""
    asked = select(Handleplan).where(Handleplan.id == plan_id, Handleplan.case_id == case_id)
    return found(db.session.scalar(asked.options(*_whole())))


def plans_of(case_id: int) -> list[Handleplan]:
    """All plans of a case with all they have, the newest first."""
    asked = select(Handleplan).where(Handleplan.case_id == case_id)
    newest = asked.order_by(Handleplan.started_at.desc(), Handleplan.id.desc())
    # The case is loaded already, by whoever asks for what it has.
    return list(db.session.scalars(newest.options(*_whole(), lazyload(Handleplan.case))))


def open_plan(case_id: int, kind: PlanKind) -> Handleplan | None:
    """The plan of that kind that is being worked on."""
    return db.session.scalar(
        select(Handleplan).where(Handleplan.case_id == case_id, Handleplan.kind == kind, Handleplan.closed_on.is_(None))
    )


def get_goal(case_id: int, plan_id: int, goal_id: int) -> Goal:
    """The goal of that plan of that case. Raises NotFoundError when there is none in sight."""
    return found(
        db.session.scalar(select(Goal).where(Goal.id == goal_id, Goal.plan_id == plan_id, Goal.case_id == case_id))
    )


def get_measure(case_id: int, plan_id: int, measure_id: int) -> Measure:
    """The measure of that plan of that case. Raises NotFoundError when there is none in sight."""
    asked = select(Measure).where(Measure.id == measure_id, Measure.plan_id == plan_id, Measure.case_id == case_id)
    return found(db.session.scalar(asked.options(joinedload(Measure.responsible_user).options(_NAME))))


def get_follow_up(case_id: int, plan_id: int, follow_up_id: int) -> FollowUp:
    """The follow-up of that plan of that case. Raises NotFoundError when there is none in sight."""
    return found(
        db.session.scalar(
            select(FollowUp).where(
                FollowUp.id == follow_up_id, FollowUp.plan_id == plan_id, FollowUp.case_id == case_id
            )
        )
    )


def get_line(case_id: int, plan_id: int, line_id: int) -> AcuteLine:
    """The line of that akuthandleplan of that case. Raises NotFoundError when there is none in sight."""
    asked = select(AcuteLine).where(AcuteLine.id == line_id, AcuteLine.plan_id == plan_id, AcuteLine.case_id == case_id)
    return found(db.session.scalar(asked.options(joinedload(AcuteLine.responsible_user).options(_NAME))))


def goals_of(plan_id: int) -> list[Goal]:
    """The goals of a plan, in the order in which they were set."""
    return list(db.session.scalars(select(Goal).where(Goal.plan_id == plan_id).order_by(Goal.id)))


def has_open_measures(plan_id: int) -> bool:
    """Whether a measure of the plan still lacks its result."""
    return bool(db.session.scalar(select(exists().where(Measure.plan_id == plan_id, Measure.ended_on.is_(None)))))


def has_open_lines(plan_id: int) -> bool:
    """Whether a line of the akuthandleplan is still to be done."""
    return bool(db.session.scalar(select(exists().where(AcuteLine.plan_id == plan_id, AcuteLine.outcome.is_(None)))))


def is_incident_of(case_id: int, incident_id: int) -> bool:
    """Whether the case has such an event."""
    asked = exists().where(_INCIDENTS.c.id == incident_id, _INCIDENTS.c.case_id == case_id)
    return bool(db.session.scalar(select(asked)))


def lock_case(case_id: int) -> None:
    """Let nobody else begin a plan in the case until the transaction ends."""
    # key_share: what else is added to the case meanwhile need not wait.
    db.session.execute(select(Case.id).where(Case.id == case_id).with_for_update(of=Case, key_share=True))


def possible_responsible(unit_id: int) -> list[User]:
    """The employees of the case's unit who can be made responsible for a measure, by name."""
    return [user for user in users(unit_id=unit_id, active=True) if user.role in RESPONSIBLE_ROLES]


def catalogue(*, active: bool | None = None) -> list[CatalogueMeasure]:
    """The kinds of measure by name, »Andet« last; only those in use, or only those that are not."""
    asked = select(CatalogueMeasure)
    if active is not None:
        asked = asked.where(CatalogueMeasure.active.is_(active))
    return sorted(db.session.scalars(asked), key=lambda kind: (kind.code == LAST, danish.sort_key(kind.label)))


def get_catalogue_measure(catalogue_id: int) -> CatalogueMeasure:
    """The kind of measure. Raises NotFoundError."""
    return found(db.session.get(CatalogueMeasure, catalogue_id))


def codes() -> set[str]:
    """The codes in use."""
    return set(db.session.scalars(select(CatalogueMeasure.code)))
