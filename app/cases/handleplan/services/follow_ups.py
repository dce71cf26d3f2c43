"""When the plan is looked at, and what came of it."""

from datetime import date, datetime

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan.models import FollowUp, Handleplan
from app.cases.handleplan.services.requirements import record, require_open
from app.core.errors import DomainError
from app.extensions import db


def plan_follow_up(plan: Handleplan, *, on_day: date, by: User, at: datetime) -> FollowUp:
    """Agree on a day. Raises DomainError when the plan is closed, or the day lies before it."""
    require_open(plan)
    _require_after_start(plan, on_day, "on_day")
    follow_up = FollowUp(plan=plan, plan_id=plan.id, case_id=plan.case_id, on_day=on_day)
    db.session.add(follow_up)
    db.session.flush()
    record(Event.FOLLOW_UP_PLANNED, plan, by=by, at=at, follow_up=follow_up.id)
    return follow_up


def move_follow_up(follow_up: FollowUp, *, on_day: date, by: User, at: datetime) -> None:
    """Agree on another day. Raises DomainError when it is over, or the day lies before the plan."""
    _require_to_come(follow_up)
    _require_after_start(follow_up.plan, on_day, "on_day")
    follow_up.on_day = on_day
    if db.session.is_modified(follow_up):
        record(Event.FOLLOW_UP_MOVED, follow_up.plan, by=by, at=at, follow_up=follow_up.id)
    db.session.flush()


def hold_follow_up(
    follow_up: FollowUp, *, held_on: date, text: str, next_on: date | None, by: User, at: datetime
) -> None:
    """Say what came of a follow-up, and agree on the next one.

    Raises DomainError when it is over, or a day lies in the wrong order.
    """
    _require_to_come(follow_up)
    _require_after_start(follow_up.plan, held_on, "held_on")
    if next_on is not None and next_on <= held_on:
        raise DomainError("Næste opfølgning skal ligge efter denne.", "next_on")
    follow_up.held_on = held_on
    follow_up.text = text
    record(Event.FOLLOW_UP_HELD, follow_up.plan, by=by, at=at, follow_up=follow_up.id)
    db.session.flush()
    if next_on is not None:
        plan_follow_up(follow_up.plan, on_day=next_on, by=by, at=at)


def cancel_follow_up(follow_up: FollowUp, *, on_day: date, reason: str, by: User, at: datetime) -> None:
    """Say why a follow-up is not held. Raises DomainError when it is over."""
    _require_to_come(follow_up)
    follow_up.cancelled_on = on_day
    follow_up.text = reason
    record(Event.FOLLOW_UP_CANCELLED, follow_up.plan, by=by, at=at, follow_up=follow_up.id)
    db.session.flush()


def _require_to_come(follow_up: FollowUp) -> None:
    require_open(follow_up.plan)
    if not follow_up.is_open:
        raise DomainError("Opfølgningen er holdt eller aflyst.")


def _require_after_start(plan: Handleplan, day: date, field: str) -> None:
    if day < plan.started_on:
        raise DomainError("Dagen skal ligge efter den dag, planen begyndte.", field)
