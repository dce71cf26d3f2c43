"""The steps of a deadline: which has come, and when the next one comes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.steps import START, Plan, label, newest_step, next_day, steps_between

DUE = date(2026, 3, 10)
USUAL = Plan.of(at_start=True, days_before=(3, 1, 0), daily_after=True)
plans = st.builds(
    lambda at_start, days, after: Plan.of(at_start=at_start, days_before=days, daily_after=after),
    st.booleans(),
    st.sets(st.integers(0, 40), max_size=5),
    st.booleans(),
)


def on(days_left: int) -> date:
    return DUE - timedelta(days=days_left)


@pytest.mark.parametrize(
    ("days_left", "step"),
    [(7, START), (4, START), (3, 3), (2, 3), (1, 1), (0, 0), (-1, -1), (-30, -30)],
)
def test_the_newest_step(days_left: int, step: int) -> None:
    assert newest_step(USUAL, DUE, on(days_left)) == step


@pytest.mark.parametrize(("days_left", "following"), [(7, 3), (4, 3), (3, 1), (2, 1), (1, 0), (0, -1), (-1, -2)])
def test_the_next_day(days_left: int, following: int) -> None:
    assert next_day(USUAL, DUE, on(days_left)) == on(following)


@given(plans, st.integers(-30, 60))
def test_nothing_comes_between_now_and_the_next_day(plan: Plan, days_left: int) -> None:
    """What the sweep relies on: until the next day the newest step stays, and on that day it is another."""
    today = on(days_left)
    now, following = newest_step(plan, DUE, today), next_day(plan, DUE, today)
    for days in range(1, 40):
        day = today + timedelta(days=days)
        if following is not None and day >= following:
            assert newest_step(plan, DUE, day) != now
            break
        assert newest_step(plan, DUE, day) == now


@given(plans, st.integers(0, 45), st.integers(-10, 45))
def test_the_steps_in_between_are_those_of_every_single_day(plan: Plan, length: int, last_left: int) -> None:
    started, last = on(length), on(last_left)
    walked: dict[int, date] = {}
    for days in range(length - last_left + 1):
        day = started + timedelta(days=days)
        step = newest_step(plan, DUE, day)
        if step is not None and (step <= (DUE - started).days or step == START):
            walked.setdefault(step, day)
    found = dict(steps_between(plan, started, DUE, last))
    assert {step for step in walked if step != START} == {step for step in found if step != START}


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (START, "Da fristen begyndte"),
        (3, "3 dage før"),
        (1, "1 dag før"),
        (0, "På dagen"),
        (-1, "1 dag efter fristen"),
        (-2, "2 dage efter fristen"),
    ],
)
def test_labels(step: int, text: str) -> None:
    assert label(step) == text
