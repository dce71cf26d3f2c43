"""Reading what the administration shows of other packages."""

from collections.abc import Sequence

from sqlalchemy import nulls_first, select

from app.deadlines.models import DeadlineRule
from app.extensions import db


def deadline_rules() -> Sequence[DeadlineRule]:
    """All versions of all rules, the versions of one together, the oldest first."""
    return db.session.scalars(
        select(DeadlineRule).order_by(DeadlineRule.title, DeadlineRule.code, nulls_first(DeadlineRule.valid_from))
    ).all()
