"""The figures against a recount in plain Python over the same rows."""

import statistics
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access.models import Role, User
from app.cases.models import Case
from app.core import clock
from app.core.errors import DomainError
from app.deadlines.models import Deadline, DeadlineRule, StopOutcome
from app.statistics.periods import Period
from app.statistics.services import Figures, half_year_figures
from tests.factories import Make

PERIOD = Period(2026, 2)
_subjects = count(1)


def noon(day: date) -> datetime:
    return clock.from_local(day, time(12)).astimezone(UTC)


def start_clock(make: Make, owner: Engine, case: Case, received: date, *, code: str = "netv_indkald") -> Deadline:
    with Session(owner) as session:
        rule = session.scalars(select(DeadlineRule).where(DeadlineRule.code == code)).all()[-1]
    due = received + timedelta(days=7)
    return make.add(
        Deadline(
            case_id=case.id,
            rule_id=rule.id,
            subject_kind="netvaerkssamraad",
            subject_id=next(_subjects),
            started_at=noon(received),
            started_on=received,
            due_on=due,
            last_workday=due,
        )
    )


def stop_clock(owner: Engine, deadline: Deadline, day: date, outcome: StopOutcome) -> None:
    with Session(owner) as session:
        found = session.get_one(Deadline, deadline.id)
        found.stopped_at, found.stopped_on, found.outcome = noon(day), day, outcome
        session.commit()


def counted(stat: Engine, as_of: date, period: Period = PERIOD) -> Figures:
    with stat.connect() as connection:
        return half_year_figures(connection, period, as_of)


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(Role.KOORDINATOR)


def test_cases_are_counted_by_the_niveau_and_day_they_were_opened(make: Make, stat: Engine, koordinator: User) -> None:
    for niveau, opened in (
        (1, date(2026, 1, 1)),
        (1, date(2026, 6, 30)),
        (2, date(2026, 7, 1)),
        (3, date(2026, 9, 15)),
        (1, date(2026, 9, 16)),
        (1, date(2025, 12, 31)),
    ):
        make.case(niveau, owner=koordinator, opened=opened)
    figures = counted(stat, date(2026, 9, 15))
    assert figures.cases_opened_year == {1: 2, 2: 1, 3: 1}
    assert figures.cases_opened_half_year == {1: 0, 2: 1, 3: 1}


def test_a_case_is_active_until_the_day_it_is_closed(make: Make, stat: Engine, koordinator: User) -> None:
    make.case(2, owner=koordinator, opened=date(2026, 7, 2), closed=date(2026, 8, 10))
    assert counted(stat, date(2026, 8, 9)).cases_active == {1: 0, 2: 1, 3: 0}
    assert counted(stat, date(2026, 8, 10)).cases_active == {1: 0, 2: 0, 3: 0}


def test_each_clock_stands_in_one_count(make: Make, owner: Engine, stat: Engine, koordinator: User) -> None:
    case = make.case(2, owner=koordinator)
    received = date(2026, 8, 3)
    for day, outcome in (
        (date(2026, 8, 5), StopOutcome.MET),
        (date(2026, 8, 10), StopOutcome.MET),
        (date(2026, 8, 11), StopOutcome.MET),
        (date(2026, 8, 4), StopOutcome.EXEMPT),
        (date(2026, 8, 4), StopOutcome.CANCELLED),
    ):
        stop_clock(owner, start_clock(make, owner, case, received), day, outcome)
    start_clock(make, owner, case, received)
    start_clock(make, owner, case, date(2026, 8, 10))
    start_clock(make, owner, case, received, code="barnets_plan")
    figures = asdict(counted(stat, date(2026, 8, 12)).netvaerkssamraad)
    assert figures == {
        "documentation_received": 6,
        "summoned_in_time": 2,
        "summoned_late": 1,
        "exempt": 1,
        "waiting_in_time": 1,
        "waiting_overdue": 1,
        "median_days": 7.0,
    }


def test_what_happened_after_the_day_is_not_known_on_it(
    make: Make, owner: Engine, stat: Engine, koordinator: User
) -> None:
    case = make.case(2, owner=koordinator)
    stop_clock(owner, start_clock(make, owner, case, date(2026, 8, 3)), date(2026, 8, 9), StopOutcome.MET)
    before = counted(stat, date(2026, 8, 8)).netvaerkssamraad
    assert (before.waiting_in_time, before.summoned_in_time, before.median_days) == (1, 0, None)
    after = counted(stat, date(2026, 8, 9)).netvaerkssamraad
    assert (after.waiting_in_time, after.summoned_in_time, after.median_days) == (0, 1, 6.0)


@pytest.mark.parametrize("seed", range(4))
def test_random_units_agree_with_a_recount(
    make: Make, owner: Engine, stat: Engine, koordinator: User, seed: int
) -> None:
    random = Random(seed)
    first, as_of = PERIOD.first_day, PERIOD.first_day + timedelta(days=random.randint(20, 195))
    cases, clocks = [], []
    for _ in range(25):
        opened = first + timedelta(days=random.randint(-200, 183))
        closed = opened + timedelta(days=random.randint(0, 200)) if random.random() < 0.5 else None
        cases.append(make.case(random.randint(1, 3), owner=koordinator, opened=opened, closed=closed, restricted=False))
    for _ in range(25):
        deadline = start_clock(make, owner, cases[0], first + timedelta(days=random.randint(-20, 183)))
        stopped, outcome = None, None
        if random.random() < 0.8:
            stopped = deadline.started_on + timedelta(days=random.randint(0, 12))
            outcome = random.choice([StopOutcome.MET, StopOutcome.MET, StopOutcome.EXEMPT])
            stop_clock(owner, deadline, stopped, outcome)
        clocks.append((deadline.started_on, deadline.due_on, stopped, outcome))

    figures = counted(stat, as_of)
    last = min(as_of, PERIOD.last_day)
    for niveau in (1, 2, 3):
        mine = [case for case in cases if case.niveau == niveau]
        assert figures.cases_opened_half_year[niveau] == sum(first <= case.opened_on <= last for case in mine)
        assert figures.cases_active[niveau] == sum(
            case.opened_on <= last and (case.closed_on is None or case.closed_on > last) for case in mine
        )
    received = [each for each in clocks if first <= each[0] <= last]
    known = [
        (start, due, stop, how) if stop and stop <= as_of else (start, due, None, None)
        for start, due, stop, how in received
    ]
    met = [(start, due, stop) for start, due, stop, how in known if how is StopOutcome.MET and stop]
    samraad = figures.netvaerkssamraad
    assert samraad.documentation_received == len(received)
    assert samraad.summoned_in_time == sum(stop <= due for _, due, stop in met)
    assert samraad.summoned_late == sum(stop > due for _, due, stop in met)
    assert samraad.exempt == sum(how is StopOutcome.EXEMPT for *_, how in known)
    assert samraad.waiting_overdue == sum(stop is None and due < as_of for _, due, stop, _ in known)
    assert samraad.median_days == (statistics.median((stop - start).days for start, _, stop in met) if met else None)


def test_a_clock_of_the_period_may_stop_after_it(make: Make, owner: Engine, stat: Engine, koordinator: User) -> None:
    case = make.case(2, owner=koordinator)
    stop_clock(owner, start_clock(make, owner, case, date(2026, 12, 29)), date(2027, 1, 3), StopOutcome.MET)
    assert counted(stat, date(2026, 12, 31)).netvaerkssamraad.waiting_in_time == 1
    assert counted(stat, date(2027, 1, 10)).netvaerkssamraad.summoned_in_time == 1


def test_a_day_before_the_half_year_is_refused(app: Flask, stat: Engine) -> None:
    with pytest.raises(DomainError, match="før halvåret"):
        counted(stat, date(2026, 6, 30))
