"""Beginning, changing and closing a handleplan."""

from datetime import date, datetime

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan import queries
from app.cases.handleplan.codes import PlanKind
from app.cases.handleplan.models import Handleplan
from app.cases.handleplan.services.follow_ups import plan_follow_up
from app.cases.handleplan.services.requirements import record, require_open, require_open_case
from app.cases.models import Case
from app.core.errors import DomainError
from app.extensions import db


def start_plan(
    case: Case,
    *,
    aim: str,
    own_words: str | None,
    started_on: date,
    first_follow_up: date | None = None,
    by: User,
    at: datetime,
) -> Handleplan:
    """Begin a handleplan.

    aim: what it is to help with, in words for the citizen. own_words: what the citizen says. first_follow_up: the day
    on which it is looked at again.
    Raises DomainError when the case is closed, has a handleplan already, or the follow-up lies before the start.
    """
    require_open_case(case)
    queries.lock_case(case.id)
    if queries.open_plan(case.id, PlanKind.PLAN) is not None:
        raise DomainError("Sagen har allerede en handleplan. Ret i den, eller afslut den først.")
    if first_follow_up is not None and first_follow_up < started_on:
        raise DomainError("Opfølgningen skal ligge efter den dag, planen begynder.", "first_follow_up")
    plan = Handleplan(
        case=case,
        case_id=case.id,
        kind=PlanKind.PLAN,
        aim=aim,
        own_words=own_words,
        started_on=started_on,
        started_at=at,
        started_by_id=by.id,
    )
    db.session.add(plan)
    db.session.flush()
    record(Event.PLAN_STARTED, plan, by=by, at=at)
    if first_follow_up is not None:
        plan_follow_up(plan, on_day=first_follow_up, by=by, at=at)
    return plan


def change_plan(plan: Handleplan, *, aim: str | None, own_words: str | None, by: User, at: datetime) -> None:
    """Write anew what the plan is about. Raises DomainError when it has been closed."""
    require_open(plan)
    plan.aim = aim
    plan.own_words = own_words
    if db.session.is_modified(plan):
        record(Event.PLAN_CHANGED, plan, by=by, at=at)
    db.session.flush()


def close_plan(plan: Handleplan, *, closed_on: date, closing: str | None, by: User, at: datetime) -> None:
    """End a plan of either kind.

    Raises DomainError while a measure lacks its result or a line is to be done, so that what was tried can be counted.
    """
    require_open(plan)
    if closed_on < plan.started_on:
        raise DomainError("Planen kan ikke slutte, før den begyndte.", "closed_on")
    if queries.has_open_measures(plan.id):
        raise DomainError("Skriv resultatet af hver indsats, før du afslutter planen.")
    if queries.has_open_lines(plan.id):
        raise DomainError("Markér hver linje som udført eller ikke relevant, før du afslutter planen.")
    plan.closed_on = closed_on
    plan.closing = closing
    record(Event.PLAN_CLOSED, plan, by=by, at=at)
    db.session.flush()


def reopen_plan(plan: Handleplan, *, by: User, at: datetime) -> None:
    """Work on a closed plan again. Raises DomainError when the case has another one of its kind, or is closed."""
    require_open_case(plan.case)
    queries.lock_case(plan.case_id)
    if plan.is_open:
        return
    if queries.open_plan(plan.case_id, plan.kind) is not None:
        raise DomainError(f"Sagen har en nyere {plan.kind.label.lower()}. Afslut den først.")
    plan.closed_on = None
    plan.closing = None
    record(Event.PLAN_REOPENED, plan, by=by, at=at)
    db.session.flush()
