"""When something in the journal happened: a day, and a time of day where it is known."""

from datetime import date, datetime, time

from app.core import clock

NOON = time(12)


def instant_of(day: date, at: time | None) -> datetime:
    """The instant; the noon of the day where the time is not known.

    Raises ValueError for a time that the clocks jump over that night.
    """
    return clock.from_local(day, at or NOON)


def is_later_than(day: date, at: time | None, now: datetime) -> bool:
    """Whether it lies ahead; without a time only a later day does."""
    if at is None:
        return day > clock.local_date(now)
    return instant_of(day, at) > now
