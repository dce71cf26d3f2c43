"""Opening and changing cases, and who sees them."""

from collections.abc import Collection
from datetime import date, datetime

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import ARRAY, Integer, cast, column, func, select
from sqlalchemy.exc import ProgrammingError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import queries
from app.cases.models import NIVEAUER, RESTRICTED_FROM_NIVEAU, AccessKind, Case, CaseStatus, Referrer
from app.core.errors import ChangedMeanwhileError, DomainError, found
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.models import Citizen


def open_case(
    citizen: Citizen,
    *,
    niveau: int,
    referrer: Referrer,
    concern: str,
    owner_id: int | None,
    member_ids: Collection[int] = (),
    by: User,
    at: datetime,
) -> Case:
    """Open a case in the unit of the one who opens it.

    owner_id: the coordinator or leader who answers for it; None as long as nobody does.
    member_ids: those who see a case on niveau 3, beside its owner, the leader and the one who opens it.
    Raises DomainError when a choice is not on offer, or the citizen has an open case already.
    """
    if niveau not in NIVEAUER:
        raise DomainError("Vælg et niveau fra listen.", "niveau")
    if by.unit_id is None:
        raise DomainError("Du hører ikke til en enhed, og kan derfor ikke oprette en sag. Kontakt en administrator.")
    if owner_id is not None:
        _require_owner(owner_id, unit_id=by.unit_id)
    _require_members(member_ids, unit_id=by.unit_id)
    _require_no_open_case(citizen)
    restricted = niveau >= RESTRICTED_FROM_NIVEAU
    case_id, number = _reserve(owner_id, member_ids, restricted=restricted, at=at)
    case = Case(
        id=case_id,
        number=number,
        citizen=citizen,
        unit_id=by.unit_id,
        owner_id=owner_id,
        restricted=restricted,
        niveau=niveau,
        opened_niveau=niveau,
        status=CaseStatus.ACTIVE,
        referrer=referrer,
        concern=concern,
        opened_on=local_day(at),
        opened_by_id=by.id,
        opened_at=at,
    )
    db.session.add(case)
    db.session.flush()
    return case


def _reserve(owner_id: int | None, member_ids: Collection[int], *, restricted: bool, at: datetime) -> tuple[int, str]:
    """Take id and number and write who sees the case, recorded as its opening, before the case itself stands."""
    members = cast(sorted(set(member_ids)), ARRAY(Integer))
    reserved = func.ek_reserve_case(owner_id, restricted, members, at).table_valued(
        column("id", Integer), column("number")
    )
    row = db.session.execute(select(reserved)).one()
    return row.id, row.number


def _require_no_open_case(citizen: Citizen) -> None:
    """Refuse a second open case on a citizen; the lock lets two who open at once do it one after the other."""
    db.session.execute(select(Citizen.id).where(Citizen.id == citizen.id).with_for_update())
    existing = queries.open_case_of(citizen.id)
    if existing is not None:
        raise DomainError(f"Borgeren har allerede en aktiv sag, {existing.number}. Brug den.")


def change_case(case: Case, *, referrer: Referrer, concern: str, by: User, at: datetime) -> list[str]:
    """Change who turned to the unit and why; return the names of the fields that changed."""
    values = {"referrer": referrer, "concern": concern}
    changed = [field for field, value in values.items() if getattr(case, field) != value]
    if changed:
        case.referrer, case.concern = referrer, concern
        db.session.flush()
        log.record(Event.CASE_CHANGED, by=by, at=at, case_id=case.id, fields=changed)
    return changed


def assign_owner(
    case: Case,
    *,
    owner_id: int | None,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """Let somebody answer for the case, or nobody; the former owner's access as owner ends.

    Raises DomainError when that person cannot answer for a case of the unit, or somebody else has just changed the
    case. The case may be out of sight afterwards.
    """
    _require_unchanged(case)
    if owner_id == case.owner_id:
        return
    if owner_id is not None:
        _require_owner(owner_id, unit_id=case.unit_id)
    try:
        with db.session.begin_nested():
            db.session.execute(select(func.ek_assign_owner(case.id, owner_id, at)))
    except ProgrammingError as error:
        # Who is barred is known to the database alone.
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DomainError("Medarbejderen kan ikke få ansvaret for sagen. Vælg en anden.", "owner") from error
    db.session.expire(case)


def _require_unchanged(case: Case) -> None:
    """Let nobody else change the case until the transaction ends; whoever waited for another must not overrule it."""
    version = found(db.session.scalar(select(Case.version).where(Case.id == case.id).with_for_update(key_share=True)))
    if version != case.version:
        raise ChangedMeanwhileError


def give_access(
    case: Case,
    *,
    user_id: int,
    kind: AccessKind,
    from_day: date,
    to_day: date | None,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """Let an employee of the unit see the case by name; both days are included, and None is until further notice.

    Raises DomainError when the days are in the wrong order, or the employee has such access in those days already.
    """
    if kind not in queries.GIVEN_BY_HAND:
        raise DomainError("Vælg, om det er en navngiven medarbejder eller en mentor.", "kind")
    if from_day < local_day(at):
        raise DomainError("Adgang kan tidligst begynde i dag.", "from_day")
    if to_day is not None and to_day < from_day:
        raise DomainError("Den sidste dag ligger før den første.", "to_day")
    _require_members([user_id], unit_id=case.unit_id, field="user")
    for other in queries.members(case.id):
        if other.user_id == user_id and other.kind is kind and other.overlaps(from_day, to_day):
            raise DomainError("Medarbejderen har allerede adgang i den periode.", "user")
    db.session.execute(select(func.ek_give_access(case.id, user_id, kind.value, from_day, to_day, at)))
    db.session.expire(case, ["access"])


def end_access(
    case: Case,
    access_id: int,
    *,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """End access that was given by name, with yesterday as its last day. The case may be out of sight afterwards."""
    db.session.execute(select(func.ek_end_access(access_id, at)))
    db.session.expire(case, ["access"])


def _require_owner(user_id: int, *, unit_id: int) -> None:
    if user_id not in {user.id for user in queries.possible_owners(unit_id)}:
        raise DomainError("Vælg en koordinator eller leder i sagens enhed.", "owner")


def _require_members(user_ids: Collection[int], *, unit_id: int, field: str = "members") -> None:
    if user_ids and not set(user_ids) <= {user.id for user in queries.possible_members(unit_id)}:
        raise DomainError("Vælg medarbejdere i sagens enhed.", field)
