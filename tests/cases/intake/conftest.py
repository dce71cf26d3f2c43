"""What the tests of intake share."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.access.models import User
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.intake import services
from app.cases.models import Case, CaseDecision, CaseSpell, Referrer
from app.people.models import Citizen
from tests.cases.acting import NOON, TODAY, new_citizen
from tests.conftest import ActAs
from tests.world import Team, World

Spells = list[tuple[str, int, date, date | None]]


def refer(by: User, citizen: Citizen | None = None, **known: Any) -> Case:
    """A referral, registered by somebody who acts."""
    values: dict[str, Any] = {
        "referrer": Referrer.SCHOOL,
        "contact": "Lærer Bodil Kjær, 22 33 44 55",
        "themes": [Theme.ABSENCE],
        "concern": "Kommer ikke mere i skole",
        "legal_basis": LegalBasis.SSP,
        "consent": Consent.NOT_ASKED,
        "received_on": TODAY,
    }
    return services.register_referral(citizen or new_citizen(by), by=by, at=NOON, **values | known)


def spells(owner: Engine, case_id: int) -> Spells:
    """Where the case stood over time."""
    statement = select(CaseSpell.status, CaseSpell.niveau, CaseSpell.from_day, CaseSpell.until_day)
    with owner.connect() as connection:
        rows = connection.execute(statement.where(CaseSpell.case_id == case_id).order_by(CaseSpell.from_day))
        return [(row.status.value, row.niveau, row.from_day, row.until_day) for row in rows]


def decided(owner: Engine, case_id: int) -> list[tuple[str, bool | None, str | None]]:
    """What was decided, and why, the oldest first."""
    statement = select(CaseDecision.kind, CaseDecision.suitable, CaseDecision.reasons).order_by(CaseDecision.id)
    with owner.connect() as connection:
        rows = connection.execute(statement.where(CaseDecision.case_id == case_id))
        return [(row.kind.value, row.suitable, row.reasons) for row in rows]


@pytest.fixture
def team(world: World, acting_as: ActAs) -> Team:
    """The unit, whose coordinator acts."""
    acting_as(world.nord.koordinator, TODAY)
    return world.nord
