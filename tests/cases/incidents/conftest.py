"""A coordinator's case, and events in it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.incidents import services
from app.cases.incidents.facts import IncidentFacts
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource
from app.cases.models import Case
from app.cases.queries import get_case
from tests.browser import Browser
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.moments import at

OPENED = date(2026, 1, 5)
TODAY = date(2026, 11, 20)
NOW = at("2026-11-20 10.00")


@dataclass
class Desk:
    """The coordinator's desk: acts by the coordinator in one case, through the services."""

    case: Case
    by: User
    session: scoped_session[Session]

    def register(self, kind: IncidentKind, happened_on: date, *, now: datetime = NOW, **facts: Any) -> Incident:
        known: dict[str, Any] = {"known_on": happened_on, "source": IncidentSource.POLICE} | facts
        return services.register_incident(
            self.case, kind=kind, facts=IncidentFacts(happened_on=happened_on, **known), by=self.by, at=now
        )


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(name="Karin Kjær")


@pytest.fixture
def case(make: Make, koordinator: User) -> Case:
    citizen = make.citizen("Fatima Yıldız", created_by=koordinator)
    return make.case(2, citizen=citizen, owner=koordinator, opened=OPENED)


@pytest.fixture
def desk(db_session: scoped_session[Session], acting_as: ActAs, case: Case, koordinator: User) -> Desk:
    acting_as(koordinator, TODAY)
    return Desk(get_case(case.id), koordinator, db_session)


@pytest.fixture
def tab(case: Case) -> str:
    """The address of the tab."""
    return f"/sager/{case.id}/haendelser"


@pytest.fixture
def browse(frozen: Freeze, client: Browser, koordinator: User) -> Browser:
    """The coordinator's browser, on Friday 20 November 2026 at ten o'clock."""
    frozen("2026-11-20 10.00")
    return client.sign_in(koordinator)
