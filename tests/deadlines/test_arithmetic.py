"""The deadline arithmetic against an oracle that shares nothing with it.

The oracle walks a calendar it makes itself: Easter by Gauss, the holidays by their distance from Easter, daylight
saving time by the rule of the last Sundays in March and October, months by stepping through the days.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from app.deadlines.arithmetic import Direction, Unit, due_date, is_workday, last_workday, local_day

FIRST, LAST = date(2024, 1, 1), date(2035, 12, 31)
DAY = timedelta(days=1)
LENGTHS = {
    Unit.DAYS: (1, 7, 14, 30),
    Unit.WEEKS: (1, 3, 4),
    Unit.MONTHS: (1, 3, 4, 12),
    Unit.YEARS: (1, 2, 4),
    Unit.WORKING_DAYS: (1, 6, 7, 22),
}


def days() -> Iterator[date]:
    """Every day from 2024 to 2035."""
    day = FIRST
    while day <= LAST:
        yield day
        day += DAY


# ---------------------------------------------------------------- the oracle


def easter(year: int) -> date:
    """Easter Sunday by Gauss's formula, with its two exceptions."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    march = 22 + d + e
    if (d, e) == (29, 6):
        march = 50
    elif (d, e) == (28, 6) and (11 * 24 + 11) % 30 < 19:
        march = 49
    return date(year, 3, 1) + (march - 1) * DAY


def free_days(year: int) -> set[date]:
    """The public holidays: Store Bededag was the last time in 2023."""
    from_easter = [-3, -2, 0, 1, 39, 49, 50] + ([26] if year < 2024 else [])
    fixed = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    return fixed | {easter(year) + n * DAY for n in from_easter}


FREE = set().union(*(free_days(year) for year in range(2018, 2042)))


def oracle_is_workday(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in FREE


def oracle(day: date, length: int, unit: Unit, sign: int) -> date:
    """Walk day by day until as much has passed as the deadline says."""
    if unit in {Unit.DAYS, Unit.WEEKS}:
        steps = length * (7 if unit is Unit.WEEKS else 1)
        for _ in range(steps):
            day += sign * DAY
        return day
    if unit is Unit.WORKING_DAYS:
        left = length
        while left:
            day += sign * DAY
            left -= oracle_is_workday(day)
        return day
    return oracle_months(day, length * (12 if unit is Unit.YEARS else 1), sign)


def oracle_months(day: date, months: int, sign: int) -> date:
    """Turn over the calendar's pages one by one, then look for the same number, or the last one on the page."""
    page = day.replace(day=1)
    for _ in range(months):
        page = (page + 31 * DAY).replace(day=1) if sign > 0 else (page - DAY).replace(day=1)
    on_page = [page + n * DAY for n in range(31) if (page + n * DAY).month == page.month]
    return on_page[min(day.day, len(on_page)) - 1]


def oracle_is_summer(at: datetime) -> bool:
    """The European rule: from 01:00 UTC on the last Sunday of March until 01:00 UTC on the last Sunday of October."""

    def last_sunday(month: int) -> datetime:
        day = date(at.year, month, 31)
        while day.isoweekday() != 7:
            day -= DAY
        return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)

    return last_sunday(3) <= at < last_sunday(10)


def oracle_local_day(at: datetime) -> date:
    return (at + timedelta(hours=2 if oracle_is_summer(at) else 1)).date()


def midday(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


# ---------------------------------------------------------------- every day


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(("unit", "length"), [(unit, length) for unit in LENGTHS for length in LENGTHS[unit]])
def test_every_day_and_every_unit(unit: Unit, length: int, direction: Direction) -> None:
    sign = 1 if direction is Direction.AFTER else -1
    wrong = [day for day in days() if due_date(midday(day), length, unit, direction) != oracle(day, length, unit, sign)]
    assert wrong == []


def test_every_day_is_a_workday_or_not() -> None:
    assert [day for day in days() if is_workday(day) != oracle_is_workday(day)] == []


def test_the_last_workday_before_every_day() -> None:
    for day in days():
        found = last_workday(day)
        assert found <= day
        assert oracle_is_workday(found)
        assert not any(oracle_is_workday(found + n * DAY) for n in range(1, (day - found).days + 1))


def test_store_bededag_is_a_workday_from_2024() -> None:
    assert not is_workday(date(2023, 5, 5))
    assert is_workday(date(2024, 4, 26))


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_the_day_of_receipt_at_every_hour(minute: int) -> None:
    """Every hour of all twelve years, so both midnights and both nights on which the clocks change."""
    at = datetime(2023, 12, 31, 0, minute, tzinfo=UTC)
    end, hour = datetime(2036, 1, 1, tzinfo=UTC), timedelta(hours=1)
    while at < end:
        day = oracle_local_day(at)
        assert local_day(at) == day
        assert due_date(at, 7, Unit.DAYS) == day + 7 * DAY
        assert due_date(at, 24, Unit.HOURS) == oracle_local_day(at + 24 * hour)
        at += hour


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # The example of the design: Tuesday to Tuesday.
        (datetime(2026, 3, 3, 9, tzinfo=UTC), date(2026, 3, 10)),
        # 23.59 and 00.01 on either side of midnight, in winter and in summer.
        (datetime(2026, 3, 3, 22, 59, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 3, 23, 1, tzinfo=UTC), date(2026, 3, 11)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 8)),
        (datetime(2026, 7, 1, 22, 1, tzinfo=UTC), date(2026, 7, 9)),
        # Received on the nights of the change, and a week that holds one.
        (datetime(2026, 3, 28, 23, 1, tzinfo=UTC), date(2026, 4, 5)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 4, 5)),
        (datetime(2026, 10, 24, 22, 1, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 11, 1)),
        # A leap day.
        (datetime(2028, 2, 29, 12, tzinfo=UTC), date(2028, 3, 7)),
    ],
)
def test_seven_days(received: datetime, due: date) -> None:
    assert due_date(received, 7, Unit.DAYS) == due


def test_24_hours_are_24_hours_when_the_clocks_change() -> None:
    # Saturday 23.30 before the short night: 24 hours later it is Monday 00.30.
    assert due_date(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), 24, Unit.HOURS) == date(2026, 3, 30)
    # Saturday 23.30 before the long night: 24 hours later it is Sunday 22.30.
    assert due_date(datetime(2026, 10, 24, 21, 30, tzinfo=UTC), 24, Unit.HOURS) == date(2026, 10, 25)


def test_closing_days_of_the_municipality_are_no_workdays() -> None:
    closed = frozenset({date(2026, 6, 5)})
    assert last_workday(date(2026, 6, 5), closed) == date(2026, 6, 4)
    assert due_date(midday(date(2026, 6, 4)), 1, Unit.WORKING_DAYS, closing_days=closed) == date(2026, 6, 8)


DEFECTS: dict[str, Callable[[datetime], date]] = {
    "counts the day of receipt": lambda at: local_day(at) + 6 * DAY,
    "takes the day in UTC": lambda at: at.date() + 7 * DAY,
    "adds seconds to the wall clock": lambda at: local_day(at + timedelta(days=7)),
    "moves a Sunday to Monday": lambda at: local_day(at) + (8 if local_day(at).isoweekday() == 7 else 7) * DAY,
    "moves to the last working day": lambda at: last_workday(local_day(at) + 7 * DAY),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_oracle_catches_seeded_defects(defect: str) -> None:
    instants = [midday(day) + timedelta(hours=hours) for day in days() for hours in (-11, 0, 11.5)]
    assert any(DEFECTS[defect](at) != oracle_local_day(at) + 7 * DAY for at in instants)
