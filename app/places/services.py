"""Adding, changing and closing bydele and schools. Nothing is deleted: cases keep their places."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.extensions import db
from app.places.models import Bydel, School
from app.places.queries import count_active_schools


def add_bydel(name: str, *, by: User, at: datetime) -> Bydel:
    """Make a bydel. Raises DomainError when the name is taken."""
    bydel = Bydel(name=name, active=True)
    db.session.add(bydel)
    _flush_unique_name("bydel", name)
    log.record(Event.PLACE_ADDED, by=by, at=at, subject=("bydel", bydel.id))
    return bydel


def rename_bydel(bydel: Bydel, name: str, *, by: User, at: datetime) -> None:
    """Give the bydel another name. Raises DomainError when it is taken."""
    bydel.name = name
    _save_changes(bydel, "bydel", by=by, at=at)


def close_bydel(bydel: Bydel, *, by: User, at: datetime) -> None:
    """Offer the bydel no more. Raises DomainError while schools in use lie in it."""
    schools = count_active_schools(bydel)
    if schools:
        raise DomainError(f"Bydelen har {danish.plural(schools, 'skole', 'skoler')}. Flyt eller luk dem først.")
    bydel.active = False
    _save_changes(bydel, "bydel", by=by, at=at)


def reopen_bydel(bydel: Bydel, *, by: User, at: datetime) -> None:
    """Offer the bydel again."""
    bydel.active = True
    _save_changes(bydel, "bydel", by=by, at=at)


def add_school(name: str, bydel: Bydel, *, by: User, at: datetime) -> School:
    """Make a school. Raises DomainError when the name is taken or the bydel is closed."""
    _require_open(bydel)
    school = School(name=name, bydel=bydel, active=True)
    db.session.add(school)
    _flush_unique_name("school", name)
    log.record(Event.PLACE_ADDED, by=by, at=at, subject=("school", school.id), bydel=bydel.id)
    return school


def edit_school(school: School, *, name: str, bydel: Bydel, by: User, at: datetime) -> None:
    """Change a school's name or bydel. Raises DomainError when the name is taken or the bydel is closed."""
    if bydel.id != school.bydel_id:
        _require_open(bydel)
    school.name = name
    school.bydel = bydel
    _save_changes(school, "school", by=by, at=at)


def close_school(school: School, *, by: User, at: datetime) -> None:
    """Offer the school no more."""
    school.active = False
    _save_changes(school, "school", by=by, at=at)


def reopen_school(school: School, *, by: User, at: datetime) -> None:
    """Offer the school again. Raises DomainError while its bydel is closed."""
    _require_open(school.bydel)
    school.active = True
    _save_changes(school, "school", by=by, at=at)


def _require_open(bydel: Bydel) -> None:
    if not bydel.active:
        raise DomainError(f"Bydelen {bydel.name} er lukket. Vælg en anden, eller åbn den igen.", "bydel")


def _save_changes(place: Bydel | School, kind: str, **who_and_when: Any) -> None:
    """Flush what has changed, and record it if anything has."""
    if not db.session.is_modified(place):
        return
    _flush_unique_name(kind, place.name)
    log.record(Event.PLACE_CHANGED, subject=(kind, place.id), active=place.active, **who_and_when)


def _flush_unique_name(kind: str, name: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if "_name" not in str(error.orig):
            raise
        thing = {"bydel": "en bydel", "school": "en skole"}[kind]
        raise DomainError(f"Der er allerede {thing}, der hedder {name}.", "name") from error
