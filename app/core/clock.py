"""The clock, and the way between instants and Danish local dates.

Instants are aware UTC datetimes; deadlines are local dates. `now` is the only reader of the machine's clock: routes,
jobs and commands call it once and hand the instant down. The arithmetic runs in UTC, because Python lets
`aware + timedelta` mean wall time, which is an hour off on the two nights of the year when the clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def local_time(at: datetime) -> datetime:
    """Return the instant as the wall clock in Denmark shows it."""
    if at.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return at.astimezone(ZONE)


def local_date(at: datetime) -> date:
    """Return the date in Denmark at the instant."""
    return local_time(at).date()


def start_of_day(day: date) -> datetime:
    """Return the instant at which the local day begins."""
    return from_local(day, time.min)


def end_of_day(day: date) -> datetime:
    """Return the first instant after the local day: `start <= at < end` is the day, also when it has 23 or 25 hours."""
    return start_of_day(day + timedelta(days=1))


def from_local(day: date, at: time) -> datetime:
    """Return the instant at which the wall clock in Denmark shows this date and time.

    In autumn the hour from 02 to 03 happens twice, and the first is meant.
    Raises ValueError for a time that the clock jumps over on the spring night.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=ZONE).astimezone(UTC)
    if instant.astimezone(ZONE).replace(tzinfo=None, fold=0) != wall:
        raise ValueError(f"{wall:%d-%m-%Y %H.%M} does not exist: the clock jumps over it")
    return instant
