"""Ending the plans of a case together with the case."""

from datetime import datetime
from typing import Final

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan import queries
from app.cases.handleplan.codes import LineOutcome, MeasureResult, MeasureState
from app.cases.handleplan.models import Handleplan, Measure
from app.cases.handleplan.services.acute import end_line
from app.cases.handleplan.services.follow_ups import cancel_follow_up
from app.cases.handleplan.services.measures import end_measure
from app.cases.handleplan.services.requirements import record
from app.cases.models import Case
from app.deadlines.arithmetic import local_day
from app.extensions import db

CASE_IS_CLOSED: Final = "Sagen er afsluttet."


def open_plans(case: Case) -> list[Handleplan]:
    """The plans that end with the case, with all they have."""
    return [plan for plan in queries.plans_of(case.id) if plan.is_open]


def end_plans(case: Case, *, by: User, at: datetime) -> None:
    """End the plans under way because the case ends, and all that is open in them.

    What nobody has given a result is broken off: it never began, or its effect is not known. The goals keep what was
    last said of them. Raises DomainError when the case has been closed already.
    """
    queries.lock_case(case.id)
    for plan in open_plans(case):
        _end(plan, by=by, at=at)


def _end(plan: Handleplan, *, by: User, at: datetime) -> None:
    today = local_day(at)
    for measure in plan.measures:
        if measure.is_open:
            end_measure(
                measure,
                state=MeasureState.BROKEN_OFF,
                ended_on=today,
                result=_result(measure, at),
                result_note=CASE_IS_CLOSED,
                by=by,
                at=at,
            )
    for follow_up in plan.follow_ups:
        if follow_up.is_open:
            cancel_follow_up(follow_up, on_day=today, reason=CASE_IS_CLOSED, by=by, at=at)
    for line in plan.lines:
        if line.is_open:
            end_line(line, outcome=LineOutcome.NOT_NEEDED, by=by, at=at)
    # A plan that was to begin later ends the day it would have begun.
    plan.closed_on = max(today, plan.started_on)
    plan.closing = CASE_IS_CLOSED
    record(Event.PLAN_CLOSED, plan, by=by, at=at)
    db.session.flush()


def _result(measure: Measure, at: datetime) -> MeasureResult:
    is_to_begin = measure.state is MeasureState.PLANNED or measure.from_day > local_day(at)
    return MeasureResult.NEVER_BEGUN if is_to_begin else MeasureResult.UNKNOWN
