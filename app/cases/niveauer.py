"""The levels that cases can be on, as the municipality has set them up."""

from sqlalchemy import select

from app.cases.models import Niveau
from app.extensions import db


def every() -> list[Niveau]:
    """All levels in order, also those that are no longer used."""
    return list(db.session.scalars(select(Niveau).order_by(Niveau.number)))


def names() -> dict[int, str]:
    """The levels in use, in order, each as the screens write it."""
    return {niveau.number: niveau.label for niveau in every() if niveau.active}


def short_names() -> dict[int, str]:
    """The levels, also those that are no longer used, by their number alone."""
    return {niveau.number: f"Niveau {niveau.number}" for niveau in every()}


def meanings() -> dict[int, str]:
    """What the levels in use mean."""
    return {niveau.number: niveau.meaning for niveau in every() if niveau.active}


def restricting() -> list[int]:
    """The levels in use on which a case is seen by named people and the leader alone."""
    return [niveau.number for niveau in every() if niveau.active and niveau.restricts]


def restricts(number: int) -> bool:
    """Whether a case that comes on the level is seen by named people and the leader alone."""
    return bool(db.session.scalar(select(Niveau.restricts).where(Niveau.number == number)))


def label(number: int) -> str:
    """The level as the screens write it, also one that is no longer used."""
    niveau = db.session.get(Niveau, number)
    return f"Niveau {number}" if niveau is None else niveau.label


def first() -> int:
    """The lowest level in use: where a referral stands until somebody has decided."""
    return min(names())
