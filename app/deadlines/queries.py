"""Reading deadlines and what became of their reminders. What is out of sight does not exist."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.core.errors import NotFoundError
from app.deadlines.fates import ReminderFate, fates
from app.deadlines.models import Deadline, DeadlineRule, Reminder
from app.extensions import db
from app.outbox.queries import mails_about


def rule_on(code: str, day: date) -> DeadlineRule:
    """The version of a rule that is valid on the day. Raises NotFoundError when there is none."""
    rule = db.session.scalar(
        select(DeadlineRule).where(
            DeadlineRule.code == code,
            or_(DeadlineRule.valid_from.is_(None), DeadlineRule.valid_from <= day),
            or_(DeadlineRule.valid_to.is_(None), DeadlineRule.valid_to >= day),
        )
    )
    if rule is None:
        raise NotFoundError
    return rule


def deadlines_of_case(case_id: int) -> list[Deadline]:
    """The case's deadlines: the running ones first, most urgent first, then the stopped ones, latest first."""
    return list(
        db.session.scalars(
            select(Deadline)
            .where(Deadline.case_id == case_id)
            .order_by(Deadline.stopped_at.desc().nulls_first(), Deadline.due_on, Deadline.id)
        )
    )


def deadline_of(subject_kind: str, subject_id: int) -> Deadline | None:
    """The deadline about a subject; the latest when it has had several."""
    return db.session.scalar(
        select(Deadline)
        .where(Deadline.subject_kind == subject_kind, Deadline.subject_id == subject_id)
        .order_by(Deadline.id.desc())
        .limit(1)
    )


def reminders_of_case(case_id: int, today: date, deadlines: list[Deadline] | None = None) -> list[ReminderFate]:
    """What became, or will become, of each reminder of the case, in the order of their days.

    deadlines: the case's deadlines, where they are known already.
    """
    if deadlines is None:
        deadlines = deadlines_of_case(case_id)
    reminders = list(
        db.session.scalars(
            select(Reminder)
            .where(Reminder.case_id == case_id)
            .options(joinedload(Reminder.recipient).lazyload(User.unit))
            .order_by(Reminder.planned_at, Reminder.id)
        )
    )
    mails = mails_about("reminder", case_id=case_id)
    return fates(deadlines, reminders, mails, today)
