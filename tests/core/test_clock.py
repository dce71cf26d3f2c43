"""Danish local time, on the two nights when the clocks change as well."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock

SPRING = date(2027, 3, 28)
AUTUMN = date(2026, 10, 25)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_now_is_aware_and_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 20, 8, 35, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_local_date_changes_at_danish_midnight(at: datetime, day: date) -> None:
    assert clock.local_date(at) == day


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.local_date(datetime(2026, 11, 20, 8, 35))  # noqa: DTZ001 - the very thing that is refused


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 20), 24)])
def test_a_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    assert clock.end_of_day(day) - clock.start_of_day(day) == timedelta(hours=hours)


@given(DAYS)
def test_every_instant_of_a_day_is_on_that_day(day: date) -> None:
    start, end = clock.start_of_day(day), clock.end_of_day(day)

    assert clock.local_date(start) == clock.local_date(end - timedelta(microseconds=1)) == day
    assert clock.local_date(start - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert start.tzinfo is UTC


def test_local_times_become_instants() -> None:
    assert clock.from_local(date(2026, 11, 20), time(9, 35)) == datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
    assert clock.from_local(date(2026, 7, 1), time(9, 35)) == datetime(2026, 7, 1, 7, 35, tzinfo=UTC)


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59, 59)])
def test_a_time_that_the_spring_night_jumps_over_is_refused(at: time) -> None:
    with pytest.raises(ValueError, match=r"28-03-2027 02\.\d\d does not exist"):
        clock.from_local(SPRING, at)


@pytest.mark.parametrize(("at", "utc_hour"), [(time(1, 59), 0), (time(3, 0), 1)])
def test_the_times_around_the_spring_gap_exist(at: time, utc_hour: int) -> None:
    assert clock.from_local(SPRING, at).hour == utc_hour


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_happens_twice_means_the_first(fold: int) -> None:
    assert clock.from_local(AUTUMN, time(2, 30, fold=fold)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_what_the_wall_clock_shows_leads_back(at: datetime) -> None:
    shown = clock.local_time(at)

    assert clock.from_local(shown.date(), shown.time()) in {at, at - timedelta(hours=1)}
