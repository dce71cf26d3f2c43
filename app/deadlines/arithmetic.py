"""Counting deadlines: pure functions from an instant and a length to a Danish local date.

The day of receipt is not counted: received on a Tuesday, seven days end on the Tuesday after. The last day is
the real one also when it is a Sunday; that citizens' own deadlines move to the next working day is not
transferred to a duty of the municipality. `last_workday` is the last day on which the office is staffed.
"""

import calendar
import enum
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Self

import holidays

from app.core import clock

SATURDAY = 5
MONTHS_OF_YEAR = 12


class Unit(enum.StrEnum):
    """What a length is counted in."""

    one: str
    many: str

    def __new__(cls, value: str, one: str, many: str) -> Self:
        """Keep the Danish words beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.one = one
        member.many = many
        return member

    HOURS = "timer", "time", "timer"
    DAYS = "kalenderdage", "dag", "dage"
    WORKING_DAYS = "hverdage", "hverdag", "hverdage"
    WEEKS = "uger", "uge", "uger"
    MONTHS = "maaneder", "måned", "måneder"
    YEARS = "aar", "år", "år"


class Direction(enum.StrEnum):
    """On which side of the trigger the deadline lies."""

    AFTER = "efter"
    BEFORE = "foer"


def local_day(at: datetime) -> date:
    """The Danish date of an instant."""
    return clock.local_date(at)


@lru_cache(maxsize=128)
def holidays_of(year: int) -> frozenset[date]:
    """The Danish public holidays of a year; Store Bededag is one until 2023."""
    return frozenset(holidays.country_holidays("DK", years=year))


def is_workday(day: date, closing_days: frozenset[date] = frozenset()) -> bool:
    """Whether the day is Monday to Friday, no public holiday and no closing day of the municipality."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year) and day not in closing_days


def last_workday(day: date, closing_days: frozenset[date] = frozenset()) -> date:
    """The last working day on or before the day."""
    while not is_workday(day, closing_days):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int, closing_days: frozenset[date] = frozenset()) -> date:
    """The count-th working day after the day, or before it when count is negative; the day itself is not counted."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day, closing_days)
    return day


def add_months(day: date, count: int) -> date:
    """The same day of the month, count months later or earlier; the month's last day where it has no such day."""
    months = day.year * MONTHS_OF_YEAR + day.month - 1 + count
    year, month = divmod(months, MONTHS_OF_YEAR)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_date(
    started_at: datetime,
    length: int,
    unit: Unit,
    direction: Direction = Direction.AFTER,
    closing_days: frozenset[date] = frozenset(),
) -> date:
    """The last day on which the act is in time.

    started_at: the instant of the trigger; what counts is its Danish date, except that hours count from the
    instant itself, in real time also when the clocks change.
    """
    count = length if direction is Direction.AFTER else -length
    if unit is Unit.HOURS:
        return local_day(started_at.astimezone(UTC) + timedelta(hours=count))
    day = local_day(started_at)
    if unit is Unit.WORKING_DAYS:
        return add_working_days(day, count, closing_days)
    if unit in {Unit.MONTHS, Unit.YEARS}:
        return add_months(day, count * (MONTHS_OF_YEAR if unit is Unit.YEARS else 1))
    return day + timedelta(days=count * (7 if unit is Unit.WEEKS else 1))
