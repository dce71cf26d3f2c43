"""Two people who act on one case at once."""

from sqlalchemy import select

from app.cases.models import Case
from app.core.errors import ChangedMeanwhileError, found
from app.extensions import db


def require_unchanged(case: Case) -> None:
    """Let nobody else change the case until the transaction ends; whoever waited for another must not overrule it."""
    version = found(db.session.scalar(select(Case.version).where(Case.id == case.id).with_for_update(key_share=True)))
    if version != case.version:
        raise ChangedMeanwhileError
