"""Who serves and who is remanded while under age, as of a day: what was known on it, and no more."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from app.access.models import User
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource
from app.cases.models import Case
from app.statistics.custody import CustodyFigures
from app.statistics.periods import Period
from app.statistics.services import half_year_figures
from tests.factories import LONG_AGO, Make

PERIOD = Period(2026, 2)
AS_OF = date(2026, 9, 15)
REMAND, RELEASE = IncidentKind.REMAND, IncidentKind.RELEASE
SERVES, SERVES_AGAIN = IncidentKind.IMPRISONMENT, IncidentKind.REIMPRISONMENT


def put(make: Make, case: Case, kind: IncidentKind, happened_on: date, **facts: Any) -> Incident:
    known: dict[str, Any] = {"known_on": happened_on, "source": IncidentSource.PRISON_SERVICE}
    known |= {"recorded_by_id": case.opened_by_id, "recorded_at": LONG_AGO}
    return make.add(Incident(case_id=case.id, kind=kind, happened_on=happened_on, **known | facts))


def counted(stat: Engine, as_of: date = AS_OF, period: Period = PERIOD) -> CustodyFigures:
    with stat.connect() as connection:
        return half_year_figures(connection, period, as_of).custody


def served(stat: Engine, as_of: date = AS_OF) -> int:
    return counted(stat, as_of).level2_served_or_serving


def remanded(stat: Engine, as_of: date = AS_OF) -> int:
    return counted(stat, as_of).remand_under_18


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user()


def case_of(make: Make, by: User, *, born: date = date(2010, 5, 17), niveau: int = 2, **known: Any) -> Case:
    return make.case(niveau, citizen=make.citizen(cpr=make.cpr(born), created_by=by), owner=by, **known)


def test_a_day_decides_by_what_was_known_on_it(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    put(make, case, SERVES, date(2026, 8, 1), known_on=date(2026, 9, 16))
    put(make, case, REMAND, date(2026, 8, 1), known_on=date(2026, 9, 16))
    assert counted(stat, date(2026, 9, 15)) == CustodyFigures(0, 0)
    assert counted(stat, date(2026, 9, 16)) == CustodyFigures(1, 1)


def test_the_day_of_the_event_must_have_come_too(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    put(make, case, SERVES, date(2026, 9, 15))
    put(make, case, REMAND, date(2026, 9, 15))
    assert counted(stat, date(2026, 9, 14)) == CustodyFigures(0, 0)
    assert counted(stat, date(2026, 9, 15)) == CustodyFigures(1, 1)


def test_each_citizen_is_counted_once(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    for kind, day in ((SERVES, date(2025, 3, 1)), (SERVES_AGAIN, date(2026, 3, 1)), (REMAND, date(2026, 8, 1))):
        put(make, case, kind, day)
    put(make, case, REMAND, date(2026, 8, 20))
    assert counted(stat) == CustodyFigures(1, 1)


def test_a_mistake_counts_on_no_day(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    mistake = {"voided_at": LONG_AGO, "voided_by_id": koordinator.id, "void_reason": "Forkert bror"}
    put(make, case, SERVES, date(2026, 8, 1), **mistake)
    put(make, case, REMAND, date(2026, 8, 1), **mistake)
    assert counted(stat) == CustodyFigures(0, 0)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"niveau": 2}, 1),
        ({"niveau": 1}, 0),
        ({"niveau": 3}, 0),
        ({"opened": date(2025, 12, 31)}, 0),
        ({"opened": date(2026, 1, 1)}, 1),
        ({"opened": AS_OF}, 1),
        ({"opened": AS_OF + timedelta(days=1)}, 0),
    ],
)
def test_only_cases_that_began_on_niveau_2_in_the_year(
    make: Make, stat: Engine, koordinator: User, known: dict[str, Any], expected: int
) -> None:
    put(make, case_of(make, koordinator, **known), SERVES, date(2024, 8, 1))
    assert served(stat) == expected


def test_it_may_stand_in_an_earlier_case_of_the_citizen(make: Make, stat: Engine, koordinator: User) -> None:
    now = case_of(make, koordinator)
    citizen = make.citizen(created_by=koordinator)
    earlier = make.case(1, citizen=citizen, owner=koordinator, opened=date(2024, 1, 5), closed=date(2024, 8, 5))
    put(make, earlier, SERVES, date(2024, 3, 1))
    assert served(stat) == 0
    make.case(2, citizen=citizen, owner=koordinator, opened=date(2026, 8, 5))
    assert served(stat) == 1
    assert now.citizen_id != citizen.id


def test_remand_is_not_serving_and_serving_no_remand(make: Make, stat: Engine, koordinator: User) -> None:
    put(make, case_of(make, koordinator), REMAND, date(2026, 8, 1))
    put(make, case_of(make, koordinator), SERVES, date(2026, 8, 1))
    assert counted(stat) == CustodyFigures(1, 1)


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(2008, 9, 1), 1), (date(2008, 8, 31), 0), (date(2008, 8, 1), 0), (date(2008, 7, 31), 0)],
)
def test_the_age_is_counted_from_the_month_of_birth(
    make: Make, stat: Engine, koordinator: User, born: date, expected: int
) -> None:
    put(make, case_of(make, koordinator, born=born), REMAND, date(2026, 8, 10))
    assert remanded(stat) == expected


def test_the_age_is_that_of_the_day_it_began(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator, born=date(2008, 8, 15))
    put(make, case, REMAND, date(2026, 7, 31))
    assert remanded(stat) == 1


def test_a_remand_that_goes_on_is_counted_until_its_release(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator, niveau=1)
    put(make, case, REMAND, date(2026, 5, 20))
    assert remanded(stat) == 1
    release = put(make, case, RELEASE, date(2026, 6, 30), known_on=date(2026, 9, 16))
    assert remanded(stat, date(2026, 9, 15)) == 1, "nobody knew yet"
    assert remanded(stat, date(2026, 9, 16)) == 0
    put(make, case, REMAND, date(2026, 7, 1))
    assert remanded(stat, date(2026, 9, 16)) == 1
    assert release.happened_on < PERIOD.first_day


def test_released_in_the_half_year_was_in_remand_in_it(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    put(make, case, REMAND, date(2026, 5, 20))
    put(make, case, RELEASE, PERIOD.first_day)
    assert remanded(stat) == 1


def test_going_over_to_serve_ends_the_remand(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    put(make, case, REMAND, date(2026, 5, 20))
    put(make, case, SERVES, date(2026, 6, 20))
    assert counted(stat) == CustodyFigures(1, 0)


def test_what_comes_after_the_half_year_is_not_of_it(make: Make, stat: Engine, koordinator: User) -> None:
    case = case_of(make, koordinator)
    put(make, case, SERVES, date(2027, 1, 1))
    put(make, case, REMAND, date(2027, 1, 1))
    assert counted(stat, date(2027, 3, 1)) == CustodyFigures(0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_random_units_agree_with_a_recount(make: Make, stat: Engine, koordinator: User, seed: int) -> None:
    random = Random(seed)
    first, as_of = PERIOD.first_day, PERIOD.first_day + timedelta(days=random.randint(20, 250))
    last = min(as_of, PERIOD.last_day)
    served_by, remanded_by, rows = set(), set(), []
    for _ in range(20):
        opened = first + timedelta(days=random.randint(-250, 180))
        born = date(random.randint(2006, 2011), random.randint(1, 12), random.randint(1, 28))
        case = case_of(make, koordinator, born=born, niveau=random.randint(1, 3), opened=opened, restricted=False)
        for _ in range(random.randint(0, 4)):
            kind = random.choice([REMAND, RELEASE, SERVES, SERVES_AGAIN])
            happened = first + timedelta(days=random.randint(-300, 200))
            known = happened + timedelta(days=random.randint(0, 60))
            rows.append((case, born.replace(day=1), put(make, case, kind, happened, known_on=known)))
    standing = [row for row in rows if row[2].happened_on <= last and row[2].known_on <= as_of]
    for case, born, event in standing:
        if event.kind in {SERVES, SERVES_AGAIN} and case.niveau == 2 and date(2026, 1, 1) <= case.opened_on <= last:
            served_by.add(case.citizen_id)
        ended = any(
            (event.happened_on, event.id) < (end.happened_on, end.id)
            and end.happened_on < first
            and end.kind is not REMAND
            for other, _, end in standing
            if other.id == case.id
        )
        if event.kind is REMAND and not ended and event.happened_on < born.replace(year=born.year + 18):
            remanded_by.add(case.citizen_id)
    assert counted(stat, as_of) == CustodyFigures(len(served_by), len(remanded_by))
