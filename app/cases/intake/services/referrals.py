"""Referrals: taken in, looked at, and accepted or rejected."""

from collections.abc import Collection
from datetime import date, datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import decisions, niveauer
from app.cases.assessments.models import DECISION
from app.cases.assessments.services import renew_review, stop_review
from app.cases.codes import Consent, DecisionKind, LegalBasis, Theme
from app.cases.locking import require_unchanged
from app.cases.models import Case, CaseStatus, Referrer
from app.cases.opening import Referral, add_case, require_owner
from app.cases.restriction import set_restriction
from app.cases.services import assign_owner
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.models import Citizen


def register_referral(
    citizen: Citizen,
    *,
    referrer: Referrer,
    contact: str | None,
    themes: Collection[Theme],
    concern: str,
    legal_basis: LegalBasis,
    consent: Consent,
    received_on: date,
    restricted_to: Collection[int] = (),
    consent_on: date | None = None,
    by: User,
    at: datetime,
) -> Case:
    """Take in a referral: a case that waits for visitation, in the unit of the one who registers it.

    contact: who turned to the unit, and where they can be reached.
    restricted_to: those who see it, beside the leader and the one who registers it, when a theme restricts it.
    consent_on: when consent was given or refused; the day that the referral was received when not told.
    Raises DomainError when a choice is not on offer, a day is in the future, or the citizen has an open case already.
    """
    today = local_day(at)
    if received_on > today:
        raise DomainError("Datoen ligger i fremtiden.", "received_on")
    if not themes:
        raise DomainError("Vælg mindst ét tema.", "themes")
    answered = (consent_on or received_on) if consent.has_day else None
    if answered is not None and answered > today:
        raise DomainError("Datoen ligger i fremtiden.", "consent_on")
    referral = Referral(
        referrer=referrer,
        concern=concern,
        received_on=received_on,
        contact=contact,
        themes=frozenset(themes),
        legal_basis=legal_basis,
        consent=consent,
        consent_on=answered,
    )
    case = add_case(
        citizen,
        referral=referral,
        status=CaseStatus.HENVENDELSE,
        niveau=niveauer.first(),
        restricted=referral.restricts,
        member_ids=restricted_to if referral.restricts else (),
        by=by,
        at=at,
    )
    log.record(Event.REFERRAL_REGISTERED, by=by, at=at, case_id=case.id)
    return case


def take_into_visitation(case: Case, *, by: User, at: datetime) -> None:
    """Say that somebody is looking at a referral.

    Raises DomainError when it is not waiting, or somebody else has just changed it.
    """
    require_unchanged(case)
    if case.status is not CaseStatus.HENVENDELSE:
        raise DomainError("Henvendelsen er allerede taget til visitation eller afgjort.")
    case.status = CaseStatus.VISITATION
    db.session.flush()
    decisions.record(case, DecisionKind.TO_VISITATION, reasons=None, by=by, at=at)
    log.record(Event.REFERRAL_TO_VISITATION, by=by, at=at, case_id=case.id)


def accept(
    case: Case,
    *,
    niveau: int,
    reasons: str,
    owner_id: int | None,
    member_ids: Collection[int] = (),
    by: User,
    at: datetime,
) -> None:
    """Find a referral forebyggelsesegnet: it becomes an active case on a niveau, and somebody answers for it.

    reasons: why it is forebyggelsesegnet. member_ids: those who see it when it is restricted, beside those who do.
    Raises DomainError when it is decided already, a choice is not on offer, or somebody else has just changed it.
    """
    require_unchanged(case)
    _require_referral(case)
    if niveau not in niveauer.names():
        raise DomainError("Vælg et niveau fra listen.", "niveau")
    if owner_id is not None:
        require_owner(owner_id, unit_id=case.unit_id)
    if (niveauer.restricts(niveau) and not case.restricted) or (case.restricted and member_ids):
        set_restriction(case, restricted=True, member_ids=member_ids, by=by, at=at)
    moved, case.niveau, case.opened_niveau = niveau != case.niveau, niveau, niveau
    case.status = CaseStatus.ACTIVE
    case.accepted_on = local_day(at)
    db.session.flush()
    decision = decisions.record(case, DecisionKind.ACCEPTED, reasons=reasons, suitable=True, by=by, at=at)
    log.record(Event.REFERRAL_ACCEPTED, by=by, at=at, case_id=case.id, niveau=niveau)
    if moved:
        renew_review(case, cause=(DECISION, decision.id), reason=f"Sagen blev sat på niveau {niveau}.", by=by, at=at)
    assign_owner(case, owner_id=owner_id, by=by, at=at)


def reject(case: Case, *, reasons: str, told: str, by: User, at: datetime) -> None:
    """Find a referral not forebyggelsesegnet.

    reasons: why. told: who was told of it.
    Raises DomainError when it is decided already, or somebody else has just changed it.
    """
    require_unchanged(case)
    _require_referral(case)
    stop_review(case, by=by, at=at)
    case.status = CaseStatus.REJECTED
    case.closed_on = local_day(at)
    db.session.flush()
    decisions.record(case, DecisionKind.REJECTED, reasons=reasons, suitable=False, told=told, by=by, at=at)
    log.record(Event.REFERRAL_REJECTED, by=by, at=at, case_id=case.id)


def _require_referral(case: Case) -> None:
    if not case.status.is_referral:
        raise DomainError("Henvendelsen er allerede afgjort.")
