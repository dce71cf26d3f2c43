"""Which measures were used, and what came of them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access.models import Role
from app.cases.handleplan.codes import MeasureResult, MeasureState, PlanKind
from app.cases.handleplan.models import CatalogueMeasure, Handleplan, Measure
from app.statistics.measures import UseAndOutcome, use_and_outcome
from app.statistics.periods import Period
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make
from tests.moments import at

HALF_YEAR = Period.parse("2026H2")
AS_OF = date(2026, 11, 20)


class Tried:
    """Measures in a plan of one case."""

    def __init__(self, make: Make, owner: Engine) -> None:
        self._make, self._owner = make, owner
        case = make.case()
        self._plan = make.add(
            Handleplan(
                case_id=case.id,
                kind=PlanKind.PLAN,
                started_on=date(2026, 1, 5),
                started_at=at("2026-01-05"),
                started_by_id=case.opened_by_id,
            )
        )

    def __call__(
        self, code: str, from_day: date, ended_on: date | None = None, result: MeasureResult | None = None
    ) -> None:
        with Session(self._owner) as session:
            catalogue_id = session.scalar(select(CatalogueMeasure.id).where(CatalogueMeasure.code == code))
        ending: dict[str, Any] = {"state": MeasureState.RUNNING}
        if result is not None:
            ending = {"state": MeasureState.ENDED, "ended_on": ended_on, "result": result}
        self._make.add(
            Measure(
                plan_id=self._plan.id,
                case_id=self._plan.case_id,
                catalogue_id=catalogue_id,
                organisation="Klubben",
                from_day=from_day,
                **ending,
            )
        )


@pytest.fixture
def tried(make: Make, owner: Engine) -> Tried:
    return Tried(make, owner)


def counted(stat: Engine, as_of: date = AS_OF) -> dict[str, UseAndOutcome]:
    with stat.connect() as connection:
        return {row.label: row for row in use_and_outcome(connection, HALF_YEAR, as_of)}


def test_use_and_outcome_are_counted_per_kind(tried: Tried, stat: Engine) -> None:
    tried("mentor", date(2026, 7, 1))
    tried("mentor", date(2026, 6, 30))
    tried("mentor", date(2026, 8, 1), AS_OF, MeasureResult.GOOD)
    tried("bolig", date(2026, 2, 1), date(2026, 7, 1), MeasureResult.NONE)
    found = counted(stat)
    assert list(found) == ["Bolig", "Mentor"]
    assert (found["Mentor"].agreed, found["Mentor"].under_way, found["Mentor"].ended) == (2, 2, 1)
    assert found["Mentor"].results[MeasureResult.GOOD] == 1
    assert (found["Bolig"].agreed, found["Bolig"].under_way) == (0, 0)
    assert found["Bolig"].results == {result: int(result is MeasureResult.NONE) for result in MeasureResult}


def test_what_came_after_the_day_is_not_counted(tried: Tried, stat: Engine) -> None:
    tried("mentor", date(2026, 11, 21))
    tried("bolig", date(2026, 8, 1), date(2026, 11, 21), MeasureResult.GOOD)
    found = counted(stat)
    assert set(found) == {"Bolig"}
    assert (found["Bolig"].agreed, found["Bolig"].under_way, found["Bolig"].ended) == (1, 1, 0)


def test_what_ended_in_another_half_year_is_not_counted(tried: Tried, stat: Engine) -> None:
    tried("mentor", date(2026, 2, 1), date(2026, 6, 30), MeasureResult.GOOD)
    assert counted(stat) == {}


def test_the_leader_sees_the_table(client: Browser, make: Make, tried: Tried, frozen: Freeze) -> None:
    frozen("2026-11-20 09.00")
    tried("mentor", date(2026, 8, 1), date(2026, 10, 1), MeasureResult.GOOD)
    page = client.sign_in(make.user(Role.LEDER)).get("/statistik")
    page = client.get(page.links["Indsatser og virkning"])
    assert ["Mentor", "1", "0", "1", "1", "0", "0", "0", "0"] in page.rows()
    assert "Ingen indsatser i halvåret" in client.get("/statistik/indsatser", {"period": "2020H1"}).main


def test_no_half_year_is_refused(client: Browser, make: Make) -> None:
    page = client.sign_in(make.user(Role.LEDER)).get("/statistik/indsatser", {"period": "x"}, status=422)
    assert page.errors == ["Vælg en af mulighederne."]


def test_a_day_before_the_half_year_is_refused(client: Browser, make: Make, frozen: Freeze) -> None:
    frozen("2026-11-20 09.00")
    asked = {"period": "2026H2", "as_of": "30-06-2026"}
    page = client.sign_in(make.user(Role.LEDER)).get("/statistik/indsatser", asked, status=422)
    assert page.errors == ["Opgørelsesdagen ligger før halvåret begynder."]
