"""The kinds of measure. None is deleted: the plans that have it keep it, and it is counted on."""

import re
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.handleplan import queries
from app.cases.handleplan.models import CatalogueMeasure
from app.core.errors import DomainError
from app.core.name_tokens import fold
from app.extensions import db

CODE_LENGTH = 36
SUBJECT = "measure-kind"


def add_kind(label: str, *, by: User, at: datetime) -> CatalogueMeasure:
    """Offer another kind of measure. Raises DomainError when there is one of that name."""
    kind = CatalogueMeasure(code=_code(label, queries.codes()), label=label, active=True)
    db.session.add(kind)
    _flush(label)
    log.record(Event.MEASURE_KIND_ADDED, by=by, at=at, subject=(SUBJECT, kind.id))
    return kind


def rename_kind(kind: CatalogueMeasure, label: str, *, by: User, at: datetime) -> None:
    """Call it otherwise, everywhere; its code stays. Raises DomainError when the name is taken."""
    kind.label = label
    _save(kind, by=by, at=at)


def close_kind(kind: CatalogueMeasure, *, by: User, at: datetime) -> None:
    """Offer it no more."""
    kind.active = False
    _save(kind, by=by, at=at)


def reopen_kind(kind: CatalogueMeasure, *, by: User, at: datetime) -> None:
    """Offer it again."""
    kind.active = True
    _save(kind, by=by, at=at)


def _save(kind: CatalogueMeasure, *, by: User, at: datetime) -> None:
    if not db.session.is_modified(kind):
        return
    _flush(kind.label)
    log.record(Event.MEASURE_KIND_CHANGED, by=by, at=at, subject=(SUBJECT, kind.id), active=kind.active)


def _flush(label: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if "_label" not in str(error.orig):
            raise
        raise DomainError(f"Der er allerede en indsats, der hedder {label}.", "name") from error


def _code(label: str, taken: set[str]) -> str:
    """A code that stays when the name changes: its letters, and a number when another has them already."""
    stem = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:CODE_LENGTH] or "indsats"
    numbers = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbers) if code not in taken)
