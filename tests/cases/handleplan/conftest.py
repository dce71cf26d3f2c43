"""A coordinator's case, and plans in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.handleplan import services
from app.cases.handleplan.codes import MeasureState
from app.cases.handleplan.models import CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.handleplan.particulars import Particulars
from app.cases.models import Case
from app.cases.queries import get_case
from tests.browser import Browser
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.moments import at

TODAY = date(2026, 11, 20)
NOW = at("2026-11-20 10.00")


@dataclass
class Desk:
    """The coordinator's desk: acts by the coordinator in one case, through the services."""

    case: Case
    by: User
    session: scoped_session[Session]

    @property
    def who_and_when(self) -> dict[str, Any]:
        return {"by": self.by, "at": NOW}

    def plan(self, **known: Any) -> Handleplan:
        values = {"aim": "Et fritidsliv uden politi", "own_words": None, "started_on": TODAY} | known
        return services.start_plan(self.case, **values, **self.who_and_when)

    def acute(self, incident_id: int | None = None) -> Handleplan:
        return services.start_acute(self.case, incident_id=incident_id, **self.who_and_when)

    def goal(self, plan: Handleplan, text: str = "Et fritidsjob") -> Goal:
        return services.add_goal(plan, text=text, **self.who_and_when)

    def kind(self, code: str = "fritidsjob") -> CatalogueMeasure:
        return self.session.scalars(select(CatalogueMeasure).where(CatalogueMeasure.code == code)).one()

    def agreed(self, **known: Any) -> Particulars:
        values: dict[str, Any] = {
            "kind": self.kind(),
            "goal": None,
            "text": "Tre timer hver lørdag",
            "note": None,
            "responsible_user_id": self.by.id,
            "organisation": None,
            "from_day": TODAY,
            "to_day": None,
            "state": MeasureState.RUNNING,
        }
        return Particulars(**values | known)

    def measure(self, plan: Handleplan, **known: Any) -> Measure:
        return services.add_measure(plan, self.agreed(**known), **self.who_and_when)

    def follow_up(self, plan: Handleplan, on_day: date = date(2026, 12, 4)) -> FollowUp:
        return services.plan_follow_up(plan, on_day=on_day, **self.who_and_when)


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(name="Karin Kjær")


@pytest.fixture
def case(make: Make, koordinator: User) -> Case:
    citizen = make.citizen("Fatima Yıldız", created_by=koordinator)
    return make.case(2, citizen=citizen, owner=koordinator, opened=date(2026, 1, 5))


@pytest.fixture
def desk(db_session: scoped_session[Session], acting_as: ActAs, case: Case, koordinator: User) -> Desk:
    acting_as(koordinator, TODAY)
    return Desk(get_case(case.id), koordinator, db_session)


@pytest.fixture
def tab(case: Case) -> str:
    """The address of the tab."""
    return f"/sager/{case.id}/handleplan"


@pytest.fixture
def browse(frozen: Freeze, client: Browser, koordinator: User) -> Browser:
    """The coordinator's browser, at ten on 20 November 2026."""
    frozen("2026-11-20 10.00")
    return client.sign_in(koordinator)
