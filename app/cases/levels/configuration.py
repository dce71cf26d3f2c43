"""Setting up the levels: København uses four, other municipalities their own."""

from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import niveauer
from app.cases.models import Niveau
from app.core.errors import DomainError, found
from app.extensions import db

SUBJECT: Final = "niveau"
_UNIQUE_NAME: Final = "uq_niveauer_name"


def get_niveau(number: int) -> Niveau:
    """The niveau with the number. Raises NotFoundError when there is none."""
    return found(next((niveau for niveau in niveauer.every() if niveau.number == number), None))


def add_niveau(*, number: int, name: str, meaning: str, restricts: bool, by: User, at: datetime) -> Niveau:
    """Add a niveau.

    Raises DomainError when the number or the name is taken.
    """
    if db.session.get(Niveau, number) is not None:
        raise DomainError(f"Niveau {number} findes allerede. Et lukket niveau kan åbnes igen.", "number")
    niveau = Niveau(number=number, name=name, meaning=meaning, restricts=restricts, active=True)
    db.session.add(niveau)
    _flush()
    log.record(Event.NIVEAU_ADDED, by=by, at=at, subject=(SUBJECT, number))
    return niveau


def change_niveau(niveau: Niveau, *, name: str, meaning: str, restricts: bool, by: User, at: datetime) -> bool:
    """Change what a niveau is, and return whether anything changed. Cases that are on it stay as they are.

    Raises DomainError when the name is taken.
    """
    if (niveau.name, niveau.meaning, niveau.restricts) == (name, meaning, restricts):
        return False
    niveau.name, niveau.meaning, niveau.restricts = name, meaning, restricts
    _flush()
    log.record(Event.NIVEAU_CHANGED, by=by, at=at, subject=(SUBJECT, niveau.number))
    return True


def close_niveau(niveau: Niveau, *, by: User, at: datetime) -> None:
    """Offer a niveau no more; cases that are on it stay on it.

    Raises DomainError when it is the last one.
    """
    if not niveau.active:
        return
    if len(niveauer.names()) == 1:
        raise DomainError("Der skal være mindst ét niveau.")
    niveau.active = False
    _flush()
    log.record(Event.NIVEAU_CHANGED, by=by, at=at, subject=(SUBJECT, niveau.number), active=False)


def reopen_niveau(niveau: Niveau, *, by: User, at: datetime) -> None:
    """Offer a niveau again."""
    if niveau.active:
        return
    niveau.active = True
    _flush()
    log.record(Event.NIVEAU_CHANGED, by=by, at=at, subject=(SUBJECT, niveau.number), active=True)


def _flush() -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if _UNIQUE_NAME not in str(error.orig):
            raise
        raise DomainError("Der er allerede et niveau med det navn.", "name") from error
