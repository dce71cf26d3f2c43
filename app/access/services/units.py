"""Units."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.access import open_work
from app.access.models import Unit, User
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.extensions import db


def add_unit(name: str, *, by: User | str, at: datetime) -> Unit:
    """Make a unit. Raises DomainError when the name is taken."""
    unit = Unit(name=name)
    db.session.add(unit)
    _flush_unique_name(name)
    log.record(Event.UNIT_ADDED, by=by, at=at, subject=("unit", unit.id))
    return unit


def find_or_add_unit(name: str, *, by: User | str, at: datetime) -> tuple[Unit, bool]:
    """The unit of that name, and whether it was made for the occasion."""
    unit = db.session.scalar(select(Unit).where(Unit.name == name))
    return (unit, False) if unit is not None else (add_unit(name, by=by, at=at), True)


def rename_unit(unit: Unit, name: str, *, by: User, at: datetime) -> None:
    """Give the unit another name. Raises DomainError when it is taken."""
    if unit.name == name:
        return
    unit.name = name
    _flush_unique_name(name)
    log.record(Event.UNIT_CHANGED, by=by, at=at, subject=("unit", unit.id), fields=["name"])


def close_unit(unit: Unit, *, by: User, at: datetime) -> None:
    """Close the unit. Raises DomainError while it has open users or open cases."""
    users = db.session.scalar(select(func.count()).where(User.unit_id == unit.id, User.active)) or 0
    cases = open_work.of_unit(unit.id)
    if users or cases:
        what = [danish.plural(users, "åben bruger", "åbne brugere")] if users else []
        what += [danish.plural(cases, "åben sag", "åbne sager")] if cases else []
        raise DomainError(f"Enheden har {danish.and_list(what)} og kan ikke lukkes endnu.")
    _set_active(unit, active=False, by=by, at=at)


def reopen_unit(unit: Unit, *, by: User, at: datetime) -> None:
    """Open the unit again."""
    _set_active(unit, active=True, by=by, at=at)


def _set_active(unit: Unit, *, active: bool, by: User, at: datetime) -> None:
    if unit.active == active:
        return
    unit.active = active
    db.session.flush()
    log.record(Event.UNIT_CHANGED, by=by, at=at, subject=("unit", unit.id), fields=["active"], active=active)


def _flush_unique_name(name: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if "uq_units_name" in str(error.orig):
            raise DomainError(f"Der er allerede en enhed, der hedder {name}.", "name") from error
        raise
