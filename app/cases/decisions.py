"""What was decided about a case as a whole."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.cases.codes import DecisionKind, Result
from app.cases.models import Case, CaseDecision
from app.deadlines.arithmetic import local_day
from app.extensions import db


def of_case(case_id: int) -> list[CaseDecision]:
    """The decisions about a case, the newest first, each with the one who made it."""
    statement = select(CaseDecision).where(CaseDecision.case_id == case_id)
    newest_first = statement.order_by(CaseDecision.at.desc(), CaseDecision.id.desc())
    return list(db.session.scalars(newest_first.options(joinedload(CaseDecision.by).lazyload(User.unit))))


def record(
    case: Case,
    kind: DecisionKind,
    *,
    reasons: str | None,
    by: User,
    at: datetime,
    suitable: bool | None = None,
    told: str | None = None,
    result: Result | None = None,
    risk_view: str | None = None,
) -> CaseDecision:
    """Keep a decision. Whoever makes one that takes the case out of sight keeps it first."""
    decision = CaseDecision(
        case_id=case.id,
        kind=kind,
        on_day=local_day(at),
        reasons=reasons,
        suitable=suitable,
        told=told,
        result=result,
        risk_view=risk_view,
        by_id=by.id,
        at=at,
    )
    db.session.add(decision)
    db.session.flush()
    return decision
