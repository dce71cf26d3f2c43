"""Reading bydele and schools."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core import danish
from app.core.errors import found
from app.extensions import db
from app.places.models import Bydel, School


def bydele(*, active: bool | None = None) -> list[Bydel]:
    """The bydele by name; only those in use, or only those that are not."""
    statement = select(Bydel)
    if active is not None:
        statement = statement.where(Bydel.active.is_(active))
    return sorted(db.session.scalars(statement), key=lambda bydel: danish.sort_key(bydel.name))


def schools(*, active: bool | None = None) -> list[School]:
    """The schools by name, each with its bydel; only those in use, or only those that are not."""
    statement = select(School).options(joinedload(School.bydel))
    if active is not None:
        statement = statement.where(School.active.is_(active))
    return sorted(db.session.scalars(statement), key=lambda school: danish.sort_key(school.name))


def get_bydel(bydel_id: int) -> Bydel:
    """The bydel. Raises NotFoundError."""
    return found(db.session.get(Bydel, bydel_id))


def get_school(school_id: int) -> School:
    """The school. Raises NotFoundError."""
    return found(db.session.get(School, school_id))


def count_active_schools(bydel: Bydel) -> int:
    """How many schools in use lie in the bydel."""
    return db.session.scalar(select(func.count()).where(School.bydel_id == bydel.id, School.active)) or 0
