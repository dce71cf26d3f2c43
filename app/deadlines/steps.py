"""The steps at which a deadline is reminded of: pure functions, and the one order they come in.

A step is the number of days before the due date: 3, 1, 0, and negative after it. START, which is larger than any,
is the beginning of the clock. So the steps of a deadline count down, and of two steps the smaller is the newer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.danish import plural

START = 30_000


@dataclass(frozen=True)
class Plan:
    """When a rule reminds."""

    at_start: bool
    days_before: tuple[int, ...]
    daily_after: bool

    @classmethod
    def of(cls, *, at_start: bool, days_before: Iterable[int], daily_after: bool) -> "Plan":
        """The plan with its days in the order they come."""
        return cls(at_start, tuple(sorted(days_before, reverse=True)), daily_after)


def newest_step(plan: Plan, due_on: date, today: date) -> int | None:
    """The newest step that has come today; None before the first."""
    days_left = (due_on - today).days
    if days_left < 0 and plan.daily_after:
        return days_left
    come = [step for step in plan.days_before if step >= days_left]
    if come:
        return min(come)
    return START if plan.at_start else None


def next_day(plan: Plan, due_on: date, today: date) -> date | None:
    """The first day after today on which a step comes; None when there is none left."""
    days_left = (due_on - today).days
    coming = [step for step in plan.days_before if step < days_left]
    if coming:
        return due_on - timedelta(days=max(coming))
    return max(today, due_on) + timedelta(days=1) if plan.daily_after else None


def steps_between(plan: Plan, started_on: date, due_on: date, last: date) -> Iterator[tuple[int, date]]:
    """Every step with its day, from the start to the last day asked for."""
    if plan.at_start and started_on <= last:
        yield START, started_on
    day: date | None = started_on - timedelta(days=1)
    while day is not None and (day := next_day(plan, due_on, day)) is not None and day <= last:
        step = newest_step(plan, due_on, day)
        if step is not None:
            yield step, day


def label(step: int) -> str:
    """The step as the screens write it."""
    if step == START:
        return "Da fristen begyndte"
    if step == 0:
        return "På dagen"
    if step > 0:
        return f"{plural(step, 'dag', 'dage')} før"
    return f"{plural(-step, 'dag', 'dage')} efter fristen"
