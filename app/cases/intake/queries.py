"""Reading what waits for visitation. What is out of sight does not exist."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.cases.models import WAITING_STATUSES, Case, CaseStatus, Referrer
from app.extensions import db
from app.people.models import Citizen


@dataclass(frozen=True)
class Waiting:
    """A referral that nobody has decided yet."""

    id: int
    number: str
    name: str
    status: CaseStatus
    referrer: Referrer
    received_on: date
    restricted: bool

    def days(self, today: date) -> int:
        """How many days it has waited."""
        return (today - self.received_on).days


def waiting(*, offset: int, limit: int) -> list[Waiting]:
    """The referrals in sight, the oldest first."""
    statement = (
        select(Case.id, Case.number, Citizen.name, Case.status, Case.referrer, Case.received_on, Case.restricted)
        .join(Citizen, Citizen.id == Case.citizen_id)
        .where(Case.status.in_(WAITING_STATUSES))
        .order_by(Case.received_on, Case.number)
        .offset(offset)
        .limit(limit)
    )
    return [Waiting(*row) for row in db.session.execute(statement)]
