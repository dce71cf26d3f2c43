"""Recording events. One writer, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from flask import g, has_request_context
from sqlalchemy import Table, insert

from app.audit.models import AuditEvent, Event
from app.core.bulk import insert_rows
from app.extensions import db

Detail = str | int | bool | None | list[int] | list[str]

# Of the table and not of the model: events are written and never held as objects. Inline: the key is the database's
# business, and the writer may not ask its sequence.
_EVENTS = cast("Table", AuditEvent.__table__)
_ADD = insert(_EVENTS).inline()


class Actor(Protocol):
    """Whoever acts: a user, who has an id."""

    @property
    def id(self) -> int:
        """The user's id."""


def record(
    event: Event,
    *,
    by: Actor | str,
    at: datetime,
    case_id: int | None = None,
    subject: tuple[str, int] | None = None,
    basis: str | None = None,
    listed_case_ids: Iterable[int] | None = None,
    **details: Detail,
) -> None:
    """Record one event in the present transaction.

    by: the acting user, or the name of the part of the system that acts.
    subject: (kind, id) of what was acted on. details: ids and codes only, never names or free text.
    """
    row = _row(event, by=by, at=at, case_id=case_id, subject=subject, details=details)
    row |= {"basis": basis, "listed_case_ids": None if listed_case_ids is None else list(listed_case_ids)}
    db.session.execute(_ADD, row)


def record_each(
    event: Event,
    *,
    by: Actor | str,
    at: datetime,
    subjects: Iterable[tuple[int, tuple[str, int], Mapping[str, Detail]]],
) -> None:
    """Record the same event about many things in one statement.

    subjects: (case_id, subject, details) of each, as in `record`.
    """
    rows = [
        _row(event, by=by, at=at, case_id=case_id, subject=subject, details=details)
        for case_id, subject, details in subjects
    ]
    if rows:
        db.session.execute(insert_rows(_EVENTS, rows))


def _row(
    event: Event,
    *,
    by: Actor | str,
    at: datetime,
    case_id: int | None,
    subject: tuple[str, int] | None,
    details: Mapping[str, Detail],
) -> dict[str, Any]:
    subject_type, subject_id = subject or (None, None)
    return {
        "at": at,
        "event": event.value,
        "user_id": None if isinstance(by, str) else by.id,
        "system": by if isinstance(by, str) else None,
        "case_id": case_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "details": dict(details),
        "request_id": g.get("request_id") if has_request_context() else None,
    }
