"""How a citizen can be reached: adding, correcting and taking out what was registered by mistake."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.access.models import User
from app.audit.models import Event
from app.core.errors import DomainError
from app.extensions import db
from app.people.models import Citizen, ContactKind, ContactPoint


@dataclass(frozen=True)
class ContactFacts:
    """A phone number, address or e-mail address, from the one day to the other; None is open."""

    kind: ContactKind
    value: str
    note: str | None = None
    from_day: date | None = None
    to_day: date | None = None

    def require_order(self) -> None:
        """Refuse an end before the beginning."""
        if self.from_day is not None and self.to_day is not None and self.to_day < self.from_day:
            raise DomainError("Den sidste dag ligger før den første.", "to_day")


def add_contact_point(citizen: Citizen, facts: ContactFacts, *, by: User, at: datetime) -> ContactPoint:
    """Add a way of reaching a citizen; it stands in the record of all the citizen's cases.

    Raises DomainError when the days are in the wrong order.
    """
    facts.require_order()
    point = ContactPoint(citizen_id=citizen.id, created_by_id=by.id, created_at=at, **vars(facts))
    db.session.add(point)
    db.session.flush()
    _record(Event.CONTACT_ADDED, point, at)
    return point


def change_contact_point(
    point: ContactPoint,
    facts: ContactFacts,
    *,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> bool:
    """Correct or end it; tell whether anything changed.

    Raises DomainError when the days are in the wrong order.
    """
    facts.require_order()
    changed = [name for name, value in vars(facts).items() if getattr(point, name) != value]
    for name in changed:
        setattr(point, name, getattr(facts, name))
    if changed:
        db.session.flush()
        _record(Event.CONTACT_CHANGED, point, at)
    return bool(changed)


def void_contact_point(
    point: ContactPoint,
    *,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """Take out what was registered by mistake: it is shown no more, and the row stays."""
    point.voided_at = at
    db.session.flush()
    _record(Event.CONTACT_VOIDED, point, at)


def _record(event: Event, point: ContactPoint, at: datetime) -> None:
    db.session.execute(select(func.ek_record_contact_point(point.citizen_id, event.value, point.id, at)))
