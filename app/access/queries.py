"""Reading about users, units and absence."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import DateTime, Integer, and_, column, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.access.models import Absence, PasswordCredential, Role, Unit, User
from app.core import danish
from app.core.errors import found
from app.extensions import db

_CASE_WORKERS = frozenset({Role.KOORDINATOR, Role.LEDER})
_STAND_IN = {
    Role.KOORDINATOR: _CASE_WORKERS,
    Role.LEDER: _CASE_WORKERS,
    Role.MENTOR: _CASE_WORKERS | {Role.MENTOR},
}


def get_user(user_id: int) -> User:
    """The user. Raises NotFoundError."""
    return found(db.session.get(User, user_id))


def user_by_email(email: str) -> User | None:
    """The user with that mail address, however it is written."""
    return db.session.scalar(select(User).where(User.email == email.lower()))


def users(*, unit_id: int | None = None, active: bool | None = None) -> list[User]:
    """The users by name; of a unit, or those whose account is open or closed."""
    statement = select(User)
    if unit_id is not None:
        statement = statement.where(User.unit_id == unit_id)
    if active is not None:
        statement = statement.where(User.active.is_(active))
    return sorted(db.session.scalars(statement), key=lambda user: danish.sort_key(user.name))


def colleagues(user: User) -> list[User]:
    """Who can stand in for the user: the others of the unit whose account is open and who may do the same work.

    A reminder names a case, so whoever sees no case gets none by standing in.
    """
    if user.unit_id is None:
        return []
    able = _STAND_IN.get(user.role, frozenset(Role))
    return [other for other in users(unit_id=user.unit_id, active=True) if other.id != user.id and other.role in able]


def has_administrator() -> bool:
    """Whether anybody can administer: an open administrator who has chosen a password."""
    chosen = select(PasswordCredential.user_id)
    return bool(
        db.session.scalar(select(exists().where(User.role == Role.ADMINISTRATOR, User.active, User.id.in_(chosen))))
    )


def with_password() -> set[int]:
    """The ids of those who have chosen a password."""
    return set(db.session.scalars(select(PasswordCredential.user_id)))


def get_unit(unit_id: int) -> Unit:
    """The unit. Raises NotFoundError."""
    return found(db.session.get(Unit, unit_id))


def units(*, active: bool | None = None) -> list[Unit]:
    """The units by name; only the open ones, or only the closed."""
    statement = select(Unit)
    if active is not None:
        statement = statement.where(Unit.active.is_(active))
    return sorted(db.session.scalars(statement), key=lambda unit: danish.sort_key(unit.name))


def leaders_of(unit_ids: Iterable[int]) -> dict[int, list[User]]:
    """The leaders of each of the units, closed accounts left out; a unit without one has none."""
    leaders: dict[int, list[User]] = defaultdict(list)
    statement = select(User).where(User.unit_id.in_(set(unit_ids)), User.role == Role.LEDER, User.active)
    for user in db.session.scalars(statement.order_by(User.id)):
        if user.unit_id is not None:
            leaders[user.unit_id].append(user)
    return dict(leaders)


def away_on(day: date) -> dict[int, int | None]:
    """Who is away that day, and who stands in: None where nobody does, or the account of whoever did is closed."""
    substitute = aliased(User)
    rows = db.session.execute(
        select(Absence.user_id, substitute.id.label("substitute_id"))
        .outerjoin(substitute, and_(substitute.id == Absence.substitute_id, substitute.active))
        .where(Absence.from_day <= day, Absence.to_day >= day)
    )
    return {row.user_id: row.substitute_id for row in rows}


def absences(user_ids: Iterable[int], *, until_after: date) -> Sequence[Absence]:
    """The users' present and coming absences on that day, the first first."""
    return db.session.scalars(
        select(Absence)
        .options(joinedload(Absence.user), joinedload(Absence.substitute))
        .where(Absence.user_id.in_(set(user_ids)), Absence.to_day >= until_after)
        .order_by(Absence.from_day, Absence.id)
    ).all()


def get_absence(absence_id: int) -> Absence:
    """The absence. Raises NotFoundError."""
    return found(db.session.get(Absence, absence_id))


def involving(user_ids: Iterable[int], *, from_day: date, to_day: date) -> Sequence[Absence]:
    """The absences that touch those days, and in which one of the users is away or stands in."""
    wanted = set(user_ids)
    return db.session.scalars(
        select(Absence)
        .options(joinedload(Absence.user))
        .where(
            or_(Absence.user_id.in_(wanted), Absence.substitute_id.in_(wanted)),
            Absence.from_day <= to_day,
            Absence.to_day >= from_day,
        )
        .order_by(Absence.from_day)
    ).all()


@dataclass(frozen=True)
class CprMet:
    """Somebody met a CPR number that is in use out of his sight."""

    at: datetime
    name: str


def cpr_met(since: datetime) -> list[CprMet]:
    """Who in the reader's unit has met such a number, the latest first; nothing for anybody but a leader."""
    met = func.ek_cpr_met(since).table_valued(column("at", DateTime(timezone=True)), column("user_id", Integer))
    statement = select(met.c.at, User.name).join(User, User.id == met.c.user_id).order_by(met.c.at.desc())
    return [CprMet(at, name) for at, name in db.session.execute(statement)]
