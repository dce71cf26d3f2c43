"""Starting and stopping a clock, and letting it run again."""

from datetime import date, datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core.errors import DomainError
from app.deadlines import arithmetic
from app.deadlines.models import Deadline, DeadlineRule, StopOutcome
from app.deadlines.queries import rule_on
from app.deadlines.steps import newest_step, next_day
from app.extensions import db


def start_deadline(
    *,
    case_id: int,
    rule_code: str,
    subject: tuple[str, int],
    started_at: datetime,
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> Deadline:
    """Start a clock under the version of the rule that was valid when its trigger happened.

    subject: (kind, id) of what the deadline is about.
    started_at: the instant of the trigger, which may lie before it was registered.
    due_on: the day that was chosen for this one, where it is not left to the rule.
    """
    started_on = arithmetic.local_day(started_at)
    rule = rule_on(rule_code, started_on)
    due_on = due_on or arithmetic.due_date(started_at, rule.length, rule.unit, rule.direction)
    deadline = Deadline(
        case_id=case_id,
        rule=rule,
        subject_kind=subject[0],
        subject_id=subject[1],
        started_at=started_at,
        started_on=started_on,
        due_on=due_on,
        last_workday=arithmetic.last_workday(due_on),
        next_reminder_on=_first_reminder(rule, due_on, arithmetic.local_day(at)),
    )
    db.session.add(deadline)
    db.session.flush()
    log.record(
        Event.DEADLINE_STARTED,
        by=by,
        at=at,
        case_id=case_id,
        subject=subject,
        deadline=deadline.id,
        rule=rule.id,
        due_on=due_on.isoformat(),
    )
    return deadline


def stop_deadline(
    deadline: Deadline,
    *,
    outcome: StopOutcome,
    stopped_at: datetime,
    reason: str | None,
    by: User,
    at: datetime,
) -> None:
    """Stop a clock; from now on nothing is reminded of.

    stopped_at: when what stops it happened, which may lie before it was registered.
    reason: why it was met late, or why it need not be met.
    Raises DomainError when it has stopped already, would stop before it began, or the reason is missing.
    """
    stopped_on = arithmetic.local_day(stopped_at)
    _require_can_stop(deadline, stopped_at)
    _require_reason(deadline, outcome, reason, is_late=stopped_on > deadline.due_on)
    deadline.stopped_at = stopped_at
    deadline.stopped_on = stopped_on
    deadline.outcome = outcome
    deadline.reason = reason
    deadline.next_reminder_on = None
    log.record(
        Event.DEADLINE_STOPPED,
        by=by,
        at=at,
        case_id=deadline.case_id,
        subject=(deadline.subject_kind, deadline.subject_id),
        deadline=deadline.id,
        outcome=outcome.value,
        late=deadline.is_late,
    )
    db.session.flush()


def reopen_deadline(deadline: Deadline, *, by: User, at: datetime) -> None:
    """Let a clock that was stopped by mistake run on: it ends when it would have ended.

    The next sweep sends the step that has come to whoever has not had it: the ledger knows who has.
    Raises DomainError when the clock runs.
    """
    if deadline.is_open:
        raise DomainError("Fristen løber allerede.")
    deadline.stopped_at = None
    deadline.stopped_on = None
    deadline.outcome = None
    deadline.reason = None
    deadline.next_reminder_on = _first_reminder(deadline.rule, deadline.due_on, arithmetic.local_day(at))
    log.record(
        Event.DEADLINE_REOPENED,
        by=by,
        at=at,
        case_id=deadline.case_id,
        subject=(deadline.subject_kind, deadline.subject_id),
        deadline=deadline.id,
        due_on=deadline.due_on.isoformat(),
    )
    db.session.flush()


def _first_reminder(rule: DeadlineRule, due_on: date, today: date) -> date | None:
    return next_day(rule.plan, due_on, today) if newest_step(rule.plan, due_on, today) is None else today


def _require_can_stop(deadline: Deadline, stopped_at: datetime) -> None:
    if not deadline.is_open:
        raise DomainError("Fristen er allerede stoppet.")
    if stopped_at < deadline.started_at:
        raise DomainError("Fristen kan ikke stoppe, før den begyndte.")


def _require_reason(deadline: Deadline, outcome: StopOutcome, reason: str | None, *, is_late: bool) -> None:
    if reason:
        return
    if outcome is StopOutcome.MET and is_late:
        raise DomainError(
            f"Fristen var {deadline.due_on:%d-%m-%Y}. Skriv, hvorfor den ikke blev overholdt.", field="late_reason"
        )
    if outcome is StopOutcome.EXEMPT:
        raise DomainError("Skriv, hvorfor der undtages fra fristen.", field="reason")
