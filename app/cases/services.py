"""Opening and changing cases, and who sees them."""

from collections.abc import Collection
from datetime import date, datetime

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import decisions, niveauer, queries
from app.cases import themes as case_themes
from app.cases.codes import Consent, DecisionKind, LegalBasis, Theme
from app.cases.locking import require_unchanged
from app.cases.models import AccessKind, Case, CaseStatus, Referrer
from app.cases.opening import Referral, add_case, require_members, require_owner
from app.cases.restriction import set_restriction
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.models import Citizen

CHANGEABLE = ("referrer", "contact", "concern", "legal_basis", "consent", "consent_on")


def open_case(
    citizen: Citizen,
    *,
    niveau: int,
    referrer: Referrer,
    concern: str,
    owner_id: int | None,
    member_ids: Collection[int] = (),
    suitable: str | None = None,
    themes: Collection[Theme] = (),
    legal_basis: LegalBasis | None = None,
    consent: Consent | None = None,
    consent_on: date | None = None,
    by: User,
    at: datetime,
) -> Case:
    """Open a case as an active one in the unit of the one who opens it.

    owner_id: the coordinator or leader who answers for it; None as long as nobody does.
    member_ids: those who see a restricted case, beside its owner, the leader and the one who opens it.
    suitable: why the case is forebyggelsesegnet, the one criterion there is.
    themes: what the concern is about; extremism restricts the case as the highest niveau does.
    legal_basis, consent: why the unit may know of it, where that is clear already; consent_on: when consent was given
    or refused, today when not told.
    Raises DomainError when a choice is not on offer, consent lies in the future, or the citizen has an open case.
    """
    if niveau not in niveauer.names():
        raise DomainError("Vælg et niveau fra listen.", "niveau")
    today = local_day(at)
    answered = (consent_on or today) if consent is not None and consent.has_day else None
    if answered is not None and answered > today:
        raise DomainError("Datoen ligger i fremtiden.", "consent_on")
    referral = Referral(
        referrer,
        concern,
        received_on=today,
        themes=frozenset(themes),
        legal_basis=legal_basis,
        consent=consent,
        consent_on=answered,
    )
    case = add_case(
        citizen,
        referral=referral,
        status=CaseStatus.ACTIVE,
        niveau=niveau,
        restricted=referral.restricts or niveauer.restricts(niveau),
        owner_id=owner_id,
        member_ids=member_ids,
        by=by,
        at=at,
    )
    if suitable is not None:
        decisions.record(case, DecisionKind.ACCEPTED, reasons=suitable, suitable=True, by=by, at=at)
    return case


def change_case(case: Case, *, referral: Referral, themes: Collection[Theme], by: User, at: datetime) -> list[str]:
    """Change who turned to the unit, why, and on which ground; return the names of the fields that changed.

    referral: its day of receipt is not changed. A theme that restricts does so at once; taking it away lifts nothing.
    Raises DomainError when somebody else has just changed the case.
    """
    require_unchanged(case)
    values = {field: getattr(referral, field) for field in CHANGEABLE}
    changed = [field for field, value in values.items() if getattr(case, field) != value]
    for field in changed:
        setattr(case, field, values[field])
    db.session.flush()
    if case_themes.change(case, themes, at=at):
        changed.append("themes")
    if not changed:
        return []
    log.record(Event.CASE_CHANGED, by=by, at=at, case_id=case.id, fields=changed)
    if not case.restricted and any(theme.restricts for theme in themes):
        set_restriction(case, restricted=True, by=by, at=at)
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
    require_unchanged(case)
    if owner_id == case.owner_id:
        return
    if owner_id is not None:
        require_owner(owner_id, unit_id=case.unit_id)
    try:
        with db.session.begin_nested():
            db.session.execute(select(func.ek_assign_owner(case.id, owner_id, at)))
    except ProgrammingError as error:
        # Who is barred is known to the database alone.
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DomainError("Medarbejderen kan ikke få ansvaret for sagen. Vælg en anden.", "owner") from error
    db.session.expire(case)


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
    require_members([user_id], unit_id=case.unit_id, field="user")
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
