"""What became of each reminder, in words that the case page can show."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from app.deadlines import steps
from app.deadlines.models import Deadline, NotSent, Reminder
from app.outbox.models import MailState, OutboxMail


class Fate(enum.StrEnum):
    """What became of a reminder; kind is that of the status badge."""

    label: str
    kind: str

    def __new__(cls, value: str, label: str, kind: str) -> Self:
        """Keep label and badge beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.kind = kind
        return member

    PLANNED = "planned", "Planlagt", "neutral"
    WAITING = "waiting", "Venter på at blive sendt", "running"
    SENT = "sent", "Sendt", "ok"
    FAILED = "failed", "Kunne ikke sendes", "late"
    NOT_SENT = "not-sent", "Ikke sendt", "neutral"
    NOBODY_TOLD = "nobody-told", "Ikke sendt til nogen", "late"
    WITHDRAWN = "withdrawn", "Trukket tilbage", "neutral"


@dataclass(frozen=True)
class ReminderFate:
    """One reminder to one person: which deadline, when, to whom, and what became of it.

    on: the day of the step. at: when it was sent. recipient: a name, or who it will be. why: a Danish text.
    """

    deadline: Deadline
    step: int
    on: date
    recipient: str
    fate: Fate
    why: str | None = None
    at: datetime | None = None

    @property
    def label(self) -> str:
        """The step as the screens write it."""
        return steps.label(self.step)


_OF_MAIL = {
    MailState.QUEUED: Fate.WAITING,
    MailState.SENT: Fate.SENT,
    MailState.FAILED: Fate.FAILED,
    MailState.WITHDRAWN: Fate.WITHDRAWN,
}
OVERTAKEN = "overhalet af en nyere"
PLANNED_DAYS_AFTER = 1


def fates(
    deadlines: Iterable[Deadline], reminders: Sequence[Reminder], mails: Iterable[OutboxMail], today: date
) -> list[ReminderFate]:
    """What became of every reminder of these deadlines, in the order of their days."""
    mail_of = {mail.about_id: mail for mail in mails}
    found = []
    for deadline in deadlines:
        own = [reminder for reminder in reminders if reminder.deadline_id == deadline.id]
        found += [_of_reminder(deadline, reminder, mail_of.get(reminder.id)) for reminder in own]
        found += _overtaken(deadline, own)
        found += _planned(deadline, own, today)
    return sorted(found, key=lambda fate: (fate.on, -fate.step, fate.deadline.id))


def _of_reminder(deadline: Deadline, reminder: Reminder, mail: OutboxMail | None) -> ReminderFate:
    on = deadline.started_on if reminder.step == steps.START else reminder.due_on - timedelta(days=reminder.step)
    recipient = reminder.recipient.name if reminder.recipient else "–"
    if reminder.not_sent is not None or mail is None:
        nobody = reminder.not_sent is NotSent.NOBODY
        why = reminder.not_sent.label if reminder.not_sent else None
        return ReminderFate(deadline, reminder.step, on, recipient, Fate.NOBODY_TOLD if nobody else Fate.NOT_SENT, why)
    return ReminderFate(deadline, reminder.step, on, recipient, _OF_MAIL[mail.state], mail.error, mail.sent_at)


def _overtaken(deadline: Deadline, own: Sequence[Reminder]) -> list[ReminderFate]:
    """The steps that a newer one overtook before they could be planned, as after days without the scheduler."""
    done = {reminder.step for reminder in own if reminder.due_on == deadline.due_on}
    if not done:
        return []
    newest = deadline.due_on - timedelta(days=min(done)) if min(done) != steps.START else deadline.started_on
    return [
        ReminderFate(deadline, step, on, "–", Fate.NOT_SENT, OVERTAKEN)
        for step, on in steps.steps_between(deadline.rule.plan, deadline.started_on, deadline.due_on, newest)
        if step not in done and step > min(done)
    ]


def _planned(deadline: Deadline, own: Sequence[Reminder], today: date) -> list[ReminderFate]:
    """The steps to come while the clock runs, up to the first day after the due date, or the next one after that."""
    if deadline.next_reminder_on is None:
        return []
    done = [reminder.step for reminder in own if reminder.due_on == deadline.due_on]
    newest_done = min(done, default=steps.START + 1)
    newest_come = steps.newest_step(deadline.rule.plan, deadline.due_on, today)
    last = max(deadline.due_on + timedelta(days=PLANNED_DAYS_AFTER), deadline.next_reminder_on, today)
    return [
        ReminderFate(deadline, step, max(on, today), _expected(deadline, step), Fate.PLANNED)
        for step, on in steps.steps_between(deadline.rule.plan, deadline.started_on, deadline.due_on, last)
        if step < newest_done and (newest_come is None or step <= newest_come)
    ]


def _expected(deadline: Deadline, step: int) -> str:
    return "ansvarlig og leder" if step <= deadline.rule.leader_from_days else "ansvarlig"
