"""Closing a case, and opening it again."""

from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import decisions
from app.cases.assessments.models import DECISION, REVIEW_SUBJECTS
from app.cases.assessments.services import renew_review, stop_review
from app.cases.codes import DecisionKind, Result
from app.cases.handleplan.services import end_plans
from app.cases.locking import require_unchanged
from app.cases.models import Case, CaseStatus
from app.cases.opening import require_no_open_case
from app.cases.services import assign_owner
from app.core.danish import and_list, format_date
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.deadlines.models import Deadline
from app.deadlines.queries import deadlines_of_case
from app.extensions import db


def running_clocks(case: Case) -> list[Deadline]:
    """The deadlines that must be dealt with before the case is closed.

    That for the next risk assessment is not among them: it is the unit's own, and ends with the case.
    """
    return [
        deadline
        for deadline in deadlines_of_case(case.id)
        if deadline.is_open and deadline.subject_kind not in REVIEW_SUBJECTS
    ]


def close_case(case: Case, *, reasons: str, result: Result, risk_view: str, by: User, at: datetime) -> None:
    """End an active case; the clock of its next risk assessment stops with it, and its plans end.

    reasons: why now. result: how it went. risk_view: how the risk is seen last.
    Raises DomainError when the case is not active, a deadline runs, or somebody else has just changed the case.
    """
    require_unchanged(case)
    if case.status is not CaseStatus.ACTIVE:
        raise DomainError("Kun en aktiv sag kan afsluttes.")
    running = running_clocks(case)
    if running:
        named = and_list(f"{each.rule.title} (sidste dag {format_date(each.due_on)})" for each in running)
        raise DomainError(f"Sagen kan ikke afsluttes, mens en frist løber: {named}. Stop den først.")
    stop_review(case, by=by, at=at)
    end_plans(case, by=by, at=at)
    case.status = CaseStatus.CLOSED
    case.closed_on = local_day(at)
    db.session.flush()
    decisions.record(case, DecisionKind.CLOSED, reasons=reasons, result=result, risk_view=risk_view, by=by, at=at)
    log.record(Event.CASE_CLOSED, by=by, at=at, case_id=case.id, result=result.value)


def reopen_case(case: Case, *, reasons: str, by: User, at: datetime) -> None:
    """Open a case again: a closed one is active, a rejected one is in visitation.

    Whoever answered for it does so again, unless the account is closed. Where there is a risk assessment, the clock of
    the next one starts anew.
    Raises DomainError when it is open, the citizen has another open case, or somebody else has just changed it.
    """
    require_unchanged(case)
    if case.is_open:
        raise DomainError("Sagen er åben.")
    require_no_open_case(case.citizen)
    case.status = CaseStatus.VISITATION if case.status is CaseStatus.REJECTED else CaseStatus.ACTIVE
    case.closed_on = None
    db.session.flush()
    decision = decisions.record(case, DecisionKind.REOPENED, reasons=reasons, by=by, at=at)
    log.record(Event.CASE_REOPENED, by=by, at=at, case_id=case.id)
    renew_review(case, cause=(DECISION, decision.id), reason="Sagen blev genåbnet.", by=by, at=at)
    if case.owner is not None and not case.owner.active:
        assign_owner(case, owner_id=None, by=by, at=at)
