"""Reading where a case has stood, and why its level was changed."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.cases.levels.models import LevelChange
from app.cases.models import CaseSpell
from app.extensions import db


def spells_of(case_id: int) -> list[CaseSpell]:
    """Status and niveau of the case over time, from the beginning."""
    return list(db.session.scalars(select(CaseSpell).where(CaseSpell.case_id == case_id).order_by(CaseSpell.from_day)))


def changes_of(case_id: int) -> list[LevelChange]:
    """The changes of its level, the newest first, each with the one who decided it."""
    newest_first = select(LevelChange).where(LevelChange.case_id == case_id).order_by(LevelChange.id.desc())
    return list(db.session.scalars(newest_first.options(joinedload(LevelChange.by).lazyload(User.unit))))
