"""A netværkssamråd with its clock, as the pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core import danish
from app.deadlines.arithmetic import is_workday
from app.deadlines.fates import ReminderFate
from app.deadlines.models import Deadline
from app.deadlines.queries import deadlines_of_case, reminders_of_case
from app.netvaerkssamraad import queries, steps
from app.netvaerkssamraad.models import SUBJECT, Netvaerkssamraad, Stage
from app.netvaerkssamraad.repeat import EarlierMeeting, earlier_meeting
from app.netvaerkssamraad.steps import Step

LONGEST_STRIP = 15
REMINDERS_SHOWN = 10


@dataclass(frozen=True)
class Day:
    """A day of the clock's strip."""

    on: date
    is_workday: bool

    @property
    def weekday(self) -> str:
        """The first two letters: "ti"."""
        return danish.weekday(self.on)[:2]


@dataclass(frozen=True)
class Overview:
    """A netværkssamråd, its clock and what happens by itself. earlier: the meeting that makes this a repeat."""

    samraad: Netvaerkssamraad
    deadline: Deadline
    reminders: list[ReminderFate]
    earlier: EarlierMeeting | None

    def allows(self, step: str) -> bool:
        """Whether the step of that name can be taken now."""
        return steps.refusal(self.samraad, Step[step]) is None

    @property
    def reminder_rows(self) -> list[dict[str, str]]:
        """The last reminders as rows of a timeline; the tab Frister has all."""
        return [
            {
                "when": danish.format_date(reminder.on),
                "who": reminder.recipient,
                "title": reminder.label,
                "text": reminder.fate.label + (f": {reminder.why}" if reminder.why else ""),
                "kind": reminder.fate.kind,
            }
            for reminder in self.reminders[-REMINDERS_SHOWN:]
        ]

    def strip(self, today: date) -> list[Day]:
        """The days from receipt to due date; none when it has passed, or the days are too many to take in."""
        start, due = self.deadline.started_on, self.deadline.due_on
        count = (due - start).days + 1
        if today > due or count > LONGEST_STRIP:
            return []
        days = (start + timedelta(days=number) for number in range(count))
        return [Day(day, is_workday(day)) for day in days]


def overviews(case_id: int, today: date) -> list[Overview]:
    """All of a case's netværkssamråd, the latest documentation first."""
    samraad = queries.samraad_of_case(case_id)
    return _with_clocks(samraad, case_id, today) if samraad else []


def overview(samraad: Netvaerkssamraad, today: date) -> Overview:
    """One of them."""
    return _with_clocks([samraad], samraad.case_id, today)[0]


def _with_clocks(all_samraad: list[Netvaerkssamraad], case_id: int, today: date) -> list[Overview]:
    deadlines = deadlines_of_case(case_id)
    clocks = {each.subject_id: each for each in deadlines if each.subject_kind == SUBJECT}
    fates = reminders_of_case(case_id, today, deadlines)
    held = queries.days_held(case_id)
    return [
        Overview(
            samraad,
            clocks[samraad.id],
            [fate for fate in fates if fate.deadline.id == clocks[samraad.id].id],
            _earlier(samraad, held),
        )
        for samraad in all_samraad
    ]


def _earlier(samraad: Netvaerkssamraad, held: Iterable[date]) -> EarlierMeeting | None:
    """The meeting that leaves the choice of changed measures, while there is a choice."""
    return earlier_meeting(held, samraad.received_on) if samraad.stage is Stage.AWAITS_SUMMONS else None
