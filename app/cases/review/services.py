"""Going through a case at the team's meeting."""

from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.models import Case
from app.cases.review.models import CaseReview
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db


def mark_reviewed(case: Case, *, note: str, by: User, at: datetime) -> CaseReview:
    """Keep that the case was gone through, with a line about it.

    Raises DomainError when the case is not open.
    """
    if not case.is_open:
        raise DomainError("Sagen er ikke åben, og skal ikke gennemgås.")
    review = CaseReview(case_id=case.id, on_day=local_day(at), note=note, by_id=by.id, at=at)
    db.session.add(review)
    db.session.flush()
    log.record(Event.CASE_REVIEWED, by=by, at=at, case_id=case.id, subject=("case_review", review.id))
    return review
