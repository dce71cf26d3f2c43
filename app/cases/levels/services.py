"""Changing a case's level: an assessment may propose, a person decides."""

from collections.abc import Collection
from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import decisions, niveauer
from app.cases.assessments.models import LEVEL_CHANGE
from app.cases.assessments.services import renew_review
from app.cases.codes import DecisionKind
from app.cases.levels.models import LevelChange
from app.cases.locking import require_unchanged
from app.cases.models import Case, CaseStatus
from app.cases.restriction import require_may_be_seen_by_all, set_restriction
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db


def change_level(
    case: Case,
    *,
    niveau: int,
    reasons: str,
    member_ids: Collection[int] = (),
    lift_restriction: bool = False,
    assessment_id: int | None = None,
    by: User,
    at: datetime,
) -> LevelChange:
    """Put an active case on another niveau from today; the clock of its next risk assessment follows.

    member_ids: who is named on it from today, when it is restricted. lift_restriction: let the whole unit see it again,
    which only the leader decides. assessment_id: the assessment that proposed the niveau.
    Raises DomainError when the case is not active, the niveau is not on offer or the present one, the restriction
    cannot be lifted, or somebody else has just changed the case.
    """
    require_unchanged(case)
    if case.status is not CaseStatus.ACTIVE:
        raise DomainError("Niveauet kan kun ændres i en aktiv sag.")
    if niveau not in niveauer.names():
        raise DomainError("Vælg et niveau fra listen.", "niveau")
    if niveau == case.niveau:
        raise DomainError(f"Sagen er allerede på niveau {niveau}.", "niveau")
    before, restricting = case.niveau, niveauer.restricts(niveau)
    lifted = lift_restriction and case.restricted
    if lifted:
        require_may_be_seen_by_all(case, niveau)
    if restricting and (member_ids or not case.restricted):
        set_restriction(case, restricted=True, member_ids=member_ids, by=by, at=at)
    elif lifted:
        set_restriction(case, restricted=False, by=by, at=at)
        decisions.record(case, DecisionKind.UNRESTRICTED, reasons=reasons, by=by, at=at)
    case.niveau = niveau
    change = LevelChange(
        case_id=case.id,
        from_niveau=before,
        to_niveau=niveau,
        reasons=reasons,
        on_day=local_day(at),
        assessment_id=assessment_id,
        by_id=by.id,
        at=at,
    )
    db.session.add(change)
    db.session.flush()
    log.record(Event.LEVEL_CHANGED, by=by, at=at, case_id=case.id, from_niveau=before, niveau=niveau)
    reason = f"Sagen kom fra niveau {before} til niveau {niveau}."
    renew_review(case, cause=(LEVEL_CHANGE, change.id), reason=reason, by=by, at=at)
    return change
