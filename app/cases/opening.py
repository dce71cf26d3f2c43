"""How a case comes into being, as a referral or at once as an active case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ARRAY, Integer, cast, column, func, select

from app.access.models import User
from app.cases import queries, themes
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.models import Case, CaseStatus, Referrer
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.models import Citizen


@dataclass(frozen=True)
class Referral:
    """Who turned to the unit, about what, and why the unit may know of it."""

    referrer: Referrer
    concern: str
    received_on: date
    contact: str | None = None
    themes: frozenset[Theme] = frozenset()
    legal_basis: LegalBasis | None = None
    consent: Consent | None = None
    consent_on: date | None = None

    @property
    def restricts(self) -> bool:
        """Whether the case is seen by named people and the leader alone, whatever its niveau."""
        return any(theme.restricts for theme in self.themes)


def add_case(
    citizen: Citizen,
    *,
    referral: Referral,
    status: CaseStatus,
    niveau: int,
    restricted: bool,
    by: User,
    at: datetime,
    owner_id: int | None = None,
    member_ids: Collection[int] = (),
) -> Case:
    """Add a case in the unit of the one who opens it, with its number, who sees it, and its themes.

    Raises DomainError when the one who opens it has no unit, somebody chosen is not on offer, or the citizen has an
    open case already.
    """
    unit_id = require_unit(by)
    if owner_id is not None:
        require_owner(owner_id, unit_id=unit_id)
    require_members(member_ids, unit_id=unit_id)
    require_no_open_case(citizen)
    case_id, number = _reserve(owner_id, member_ids, restricted=restricted, at=at)
    today = local_day(at)
    case = Case(
        id=case_id,
        number=number,
        citizen=citizen,
        unit_id=unit_id,
        owner_id=owner_id,
        restricted=restricted,
        niveau=niveau,
        opened_niveau=niveau,
        status=status,
        referrer=referral.referrer,
        contact=referral.contact,
        concern=referral.concern,
        legal_basis=referral.legal_basis,
        consent=referral.consent,
        consent_on=referral.consent_on,
        received_on=referral.received_on,
        opened_on=today,
        accepted_on=today if status is CaseStatus.ACTIVE else None,
        opened_by_id=by.id,
        opened_at=at,
    )
    db.session.add(case)
    db.session.flush()
    themes.add(case, referral.themes, at=at)
    return case


def _reserve(owner_id: int | None, member_ids: Collection[int], *, restricted: bool, at: datetime) -> tuple[int, str]:
    """Take id and number and write who sees the case, recorded as its opening, before the case itself stands."""
    members = cast(sorted(set(member_ids)), ARRAY(Integer))
    reserved = func.ek_reserve_case(owner_id, restricted, members, at).table_valued(
        column("id", Integer), column("number")
    )
    row = db.session.execute(select(reserved)).one()
    return row.id, row.number


def require_unit(by: User) -> int:
    """The unit that a case is opened in."""
    if by.unit_id is None:
        raise DomainError("Du hører ikke til en enhed, og kan derfor ikke oprette en sag. Kontakt en administrator.")
    return by.unit_id


def require_no_open_case(citizen: Citizen) -> None:
    """Refuse a second open case on a citizen; the lock lets two who open at once do it one after the other.

    One that is out of sight neither hinders nor shows.
    """
    standing = select(Citizen.id).where(Citizen.id == citizen.id, Citizen.merged_into_id.is_(None))
    if db.session.scalar(standing.with_for_update()) is None:
        raise DomainError("Borgeren er lige blevet lagt sammen med en anden. Søg borgeren frem igen.")
    existing = queries.open_case_of(citizen.id)
    if existing is not None:
        raise DomainError(f"Borgeren har allerede en åben sag, {existing.number}. Brug den.")


def require_owner(user_id: int, *, unit_id: int) -> None:
    """Refuse whoever cannot answer for a case of the unit."""
    if user_id not in {user.id for user in queries.possible_owners(unit_id)}:
        raise DomainError("Vælg en koordinator eller leder i sagens enhed.", "owner")


def require_members(user_ids: Collection[int], *, unit_id: int, field: str = "members") -> None:
    """Refuse whoever cannot be named on a case of the unit."""
    if user_ids and not set(user_ids) <= {user.id for user in queries.possible_members(unit_id)}:
        raise DomainError("Vælg medarbejdere i sagens enhed.", field)
