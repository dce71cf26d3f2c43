"""Days away, and who stands in. Never why."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select

from app.access.models import Absence, User
from app.access.queries import colleagues, involving
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.extensions import db

# Absences hang together across people; there are so few of them that one at a time is registered.
_LOCK = 0x456B_4672


def add_absence(
    user: User, *, from_day: date, to_day: date, substitute: User | None, today: date, by: User, at: datetime
) -> Absence:
    """Register that the user is away from one day to another, both included.

    Raises DomainError when the days are the wrong way round, over, or taken, or when the substitute will not do.
    """
    if to_day < from_day:
        raise DomainError("Sidste dag ligger før første dag.", "to_day")
    if to_day < today:
        raise DomainError("Dagene er gået. Registrér kun fravær i dag eller senere.", "to_day")
    if substitute is not None and substitute.id not in {other.id for other in colleagues(user)}:
        raise DomainError("Stedfortræderen skal være en kollega i samme enhed.", "substitute")
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    _require_free(user, substitute, from_day, to_day)
    absence = Absence(
        user_id=user.id,
        from_day=from_day,
        to_day=to_day,
        substitute_id=None if substitute is None else substitute.id,
        created_by_id=by.id,
        created_at=at,
    )
    db.session.add(absence)
    db.session.flush()
    _record(Event.ABSENCE_ADDED, absence, by=by, at=at)
    return absence


def remove_absence(absence: Absence, *, by: User, at: datetime) -> None:
    """Take the absence away: it is off, or the user is back."""
    removed = db.session.scalar(delete(Absence).where(Absence.id == absence.id).returning(Absence.id))
    if removed is not None:
        _record(Event.ABSENCE_REMOVED, absence, by=by, at=at)


def _require_free(user: User, substitute: User | None, from_day: date, to_day: date) -> None:
    """Refuse days on which the user is away already or stands in for somebody, or the substitute is away."""
    people = {user.id} | ({substitute.id} if substitute else set())
    for other in involving(people, from_day=from_day, to_day=to_day):
        days = f"{danish.format_date(other.from_day)} – {danish.format_date(other.to_day)}"
        if other.user_id == user.id:
            raise DomainError(f"{user.name} har allerede fravær {days}.", "from_day")
        if substitute is not None and other.user_id == substitute.id:
            raise DomainError(f"{substitute.name} er selv fraværende {days}. Vælg en anden.", "substitute")
        if other.substitute_id == user.id:
            raise DomainError(
                f"{user.name} er stedfortræder for {other.user.name} {days}. Find først en anden stedfortræder.",
                "from_day",
            )


def _record(event: Event, absence: Absence, **who_and_when: Any) -> None:
    log.record(
        event,
        subject=("absence", absence.id),
        absent=absence.user_id,
        substitute=absence.substitute_id,
        from_day=absence.from_day.isoformat(),
        to_day=absence.to_day.isoformat(),
        **who_and_when,
    )
