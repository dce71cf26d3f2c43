"""New documentation within a year of a netværkssamråd: measures may change instead of a new one.

Serviceloven § 57 c, stk. 3, as changed by L 8 of 2019: the municipality may "iværksætte eller ændre foranstaltninger".
That this takes the place of a new netværkssamråd is our reading, and unconfirmed; the rule in the database says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core import clock
from app.deadlines import arithmetic
from app.deadlines.models import DeadlineRule
from app.deadlines.queries import rule_on
from app.netvaerkssamraad.models import REPEAT_RULE


@dataclass(frozen=True)
class EarlierMeeting:
    """A netværkssamråd that was held, and the last day of the year after it."""

    held_on: date
    until: date
    rule: DeadlineRule


def earlier_meeting(days_held: Iterable[date], day: date) -> EarlierMeeting | None:
    """The meeting in whose year the day lies, both ends included; None when there is none.

    days_held: the days on which a netværkssamråd was held about the citizen.
    """
    held_on = max((held for held in days_held if held <= day), default=None)
    if held_on is None:
        return None
    rule = rule_on(REPEAT_RULE, held_on)
    until = arithmetic.due_date(clock.start_of_day(held_on), rule.length, rule.unit, rule.direction)
    return EarlierMeeting(held_on, until, rule) if day <= until else None
