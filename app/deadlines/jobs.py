"""The sweep that plans reminders. It reads what is due and not done, never a window of time."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import ARRAY, Date, Integer, Row, Table, bindparam, column, func, select, update
from sqlalchemy.orm import aliased

from app.access.models import User
from app.access.queries import away_on, leaders_of
from app.audit import log
from app.audit.models import Event
from app.core import clock
from app.core.bulk import insert_rows
from app.core.danish import format_long
from app.core.fault_points import point
from app.deadlines import resolvers, steps
from app.deadlines.models import Deadline, DeadlineRule, NotSent, Reminder
from app.deadlines.recipients import Employee, Staff, lines
from app.deadlines.resolvers import CaseContact
from app.extensions import db
from app.outbox import compose, rechecks
from app.outbox.delivery import is_address
from app.outbox.models import MailSubject

_Due = Row[int, int, int, str, date, date]

SYSTEM = "påmindelser"
ABOUT = "reminder"
CHUNK = 1000
LOCK = 7_010_001
TEMPLATE = "deadlines/email/reminder.txt"


def register(app: Flask) -> None:
    """Have reminders asked about once more before they are sent."""
    rechecks.register(app, ABOUT, why_withdrawn)


def plan_reminders(*, at: datetime) -> Generator[int, None, None]:
    """Put the newest step of every deadline that has come into the outbox, once for each recipient.

    One transaction under a lock: the ledger, the mails and the record of events stand together or not at all.
    What was overtaken while nobody swept is not sent any more.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    today = clock.local_date(at)
    rules: dict[int, DeadlineRule] = {rule.id: rule for rule in db.session.scalars(select(DeadlineRule))}
    planned = 0
    staff: Staff | None = None
    while due := _due(today):
        staff = staff or _staff(today)
        planned += _plan(due, rules, staff, today, at)
    point("plan.before-commit")
    yield planned
    point("plan.after-commit")


def _due(today: date) -> Sequence[_Due]:
    """The next deadlines of which a step has come. One that somebody is just changing waits for the next sweep."""
    return db.session.execute(
        select(
            Deadline.id,
            Deadline.case_id,
            Deadline.rule_id,
            Deadline.subject_kind,
            Deadline.due_on,
            Deadline.last_workday,
        )
        .where(Deadline.next_reminder_on <= today, Deadline.stopped_at.is_(None))
        .order_by(Deadline.next_reminder_on, Deadline.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()


def _staff(today: date) -> Staff:
    away = away_on(today)
    users = {
        row.id: Employee(
            row.id,
            row.role,
            row.unit_id,
            reachable_by_mail=is_address(row.email or ""),
            active=row.active,
            away=row.id in away,
            substitute_id=away.get(row.id),
        )
        for row in db.session.execute(select(User.id, User.role, User.unit_id, User.email, User.active))
    }
    units = db.session.scalars(select(User.unit_id).where(User.unit_id.is_not(None)).distinct())
    leaders = {
        unit: [leader.id for leader in found] for unit, found in leaders_of(unit for unit in units if unit).items()
    }
    return Staff(users, leaders)


@dataclass(frozen=True)
class _Line:
    """One line of the ledger to be, with what its mail needs."""

    due: _Due
    contact: CaseContact
    step: int
    recipient_id: int | None
    not_sent: NotSent | None

    @property
    def key(self) -> tuple[int, int | None]:
        """What the line is found by again within one sweep."""
        return self.due.id, self.recipient_id

    @property
    def mail_key(self) -> str:
        """What the outbox knows its mail by."""
        return f"reminder:{self.due.id}:{self.due.due_on}:{self.step}:{self.recipient_id}"

    @property
    def is_sent(self) -> bool:
        """Whether there is a mail of it."""
        return self.recipient_id is not None and self.not_sent is None

    def row(self, at: datetime) -> dict[str, Any]:
        """As it stands in the ledger."""
        return {
            "deadline_id": self.due.id,
            "case_id": self.due.case_id,
            "due_on": self.due.due_on,
            "step": self.step,
            "recipient_id": self.recipient_id,
            "not_sent": self.not_sent,
            "planned_at": at,
        }


def _plan(due: Sequence[_Due], rules: dict[int, DeadlineRule], staff: Staff, today: date, at: datetime) -> int:
    contacts = resolvers.of(current_app).contacts({row.case_id for row in due})
    planned: list[_Line] = []
    newest = cache(lambda rule_id, due_on: steps.newest_step(rules[rule_id].plan, due_on, today))
    for row in due:
        step = newest(row.rule_id, row.due_on)
        if step is None:
            continue
        contact = contacts[row.case_id]
        told = lines(contact, staff, tell_leader=step <= rules[row.rule_id].leader_from_days)
        planned += [_Line(row, contact, step, person, why) for person, why in told.items()]
    _move_on(due, rules, today)
    ids = _write_ledger(planned, at)
    _write_mails(planned, ids, rules, today, at)
    _record(planned, ids, at)
    return len(ids)


def _move_on(due: Sequence[_Due], rules: dict[int, DeadlineRule], today: date) -> None:
    """Say of each deadline when its next step comes."""
    following = cache(lambda rule_id, due_on: steps.next_day(rules[rule_id].plan, due_on, today))
    days = [following(row.rule_id, row.due_on) for row in due]
    moved = (
        func.unnest(bindparam("ids", type_=ARRAY(Integer)), bindparam("days", type_=ARRAY(Date)))
        .table_valued(column("id", Integer), column("day", Date))
        .render_derived()
    )
    db.session.execute(
        update(Deadline).where(Deadline.id == moved.c.id).values(next_reminder_on=moved.c.day),
        {"ids": [row.id for row in due], "days": days},
        execution_options={"synchronize_session": False},
    )


def _write_ledger(planned: Sequence[_Line], at: datetime) -> dict[tuple[int, int | None], int]:
    """Write the lines that the ledger does not have yet; return their ids."""
    if not planned:
        return {}
    written = db.session.execute(
        insert_rows(cast("Table", Reminder.__table__), [line.row(at) for line in planned])
        .on_conflict_do_nothing()
        .returning(Reminder.id, Reminder.deadline_id, Reminder.recipient_id)
    )
    return {(row.deadline_id, row.recipient_id): row.id for row in written}


def _write_mails(
    planned: Sequence[_Line],
    ids: dict[tuple[int, int | None], int],
    rules: dict[int, DeadlineRule],
    today: date,
    at: datetime,
) -> None:
    body = _writer(rules, today)
    compose.put(
        compose.draft(
            key=line.mail_key,
            subject=_subject(line.step),
            body=body(line),
            to_id=line.recipient_id,
            at=at,
            case_id=line.due.case_id,
            about=(ABOUT, ids[line.key]),
        )
        for line in planned
        if line.key in ids and line.recipient_id is not None and line.not_sent is None
    )
    # The clock was stopped by mistake before these had gone out, and runs again.
    known = {line.mail_key: line for line in planned if line.key not in ids and line.is_sent}
    for key in compose.withdrawn_among(known):
        compose.put_again(key, body(known[key]))


def _subject(step: int) -> MailSubject:
    if step == steps.START:
        return MailSubject.DEADLINE_STARTED
    if step > 0:
        return MailSubject.DEADLINE_COMING
    return MailSubject.DEADLINE_TODAY if step == 0 else MailSubject.DEADLINE_PASSED


def _writer(rules: dict[int, DeadlineRule], today: date) -> Callable[[_Line], str]:
    """A function that writes the text of a line's mail; what is the same for many mails is made once."""
    address = resolvers.addresses(current_app)
    in_words = cache(format_long)

    def body(line: _Line) -> str:
        rule = rules[line.due.rule_id]
        return compose.body_of(
            TEMPLATE,
            number=line.contact.number,
            title=rule.title,
            notice=rule.notice,
            due_on=in_words(line.due.due_on),
            last_workday=in_words(line.due.last_workday),
            days_left=(line.due.due_on - today).days,
            address=address(line.due.subject_kind, line.due.case_id),
        )

    return body


def _record(planned: Sequence[_Line], ids: dict[tuple[int, int | None], int], at: datetime) -> None:
    new = [line for line in planned if line.key in ids]
    for event, sent in ((Event.REMINDER_PLANNED, True), (Event.REMINDER_NOT_SENT, False)):
        log.record_each(
            event,
            by=SYSTEM,
            at=at,
            subjects=[
                (
                    line.due.case_id,
                    (ABOUT, ids[line.key]),
                    {"deadline": line.due.id, "step": line.step, "to": line.recipient_id, "why": line.not_sent},
                )
                for line in new
                if (line.not_sent is None) is sent
            ],
        )


def why_withdrawn(reminder_id: int) -> str | None:
    """Why a reminder that was planned must not be sent any more: its clock stopped or moved, or a newer one came."""
    newer = aliased(Reminder)
    overtaken = (
        select(newer.id)
        .where(
            newer.deadline_id == Reminder.deadline_id,
            newer.due_on == Reminder.due_on,
            newer.recipient_id == Reminder.recipient_id,
            newer.step < Reminder.step,
            newer.not_sent.is_(None),
        )
        .exists()
    )
    state = db.session.execute(
        select(
            Deadline.stopped_at.is_not(None).label("stopped"),
            (Deadline.due_on != Reminder.due_on).label("moved"),
            overtaken.label("overtaken"),
        )
        .select_from(Reminder)
        .join(Deadline, Deadline.id == Reminder.deadline_id)
        .where(Reminder.id == reminder_id)
    ).one()
    if state.stopped:
        return "fristen er stoppet"
    if state.moved:
        return "fristen er flyttet"
    return "overhalet af en nyere" if state.overtaken else None
