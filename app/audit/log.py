"""Recording events. One writer, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from flask import g, has_request_context
from sqlalchemy import insert

from app.audit.models import AuditEvent, Event
from app.extensions import db

Detail = str | int | bool | None | list[int] | list[str]


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
    system = by if isinstance(by, str) else None
    db.session.execute(
        insert(AuditEvent).values(
            at=at,
            event=event.value,
            user_id=None if isinstance(by, str) else by.id,
            system=system,
            case_id=case_id,
            subject_type=None if subject is None else subject[0],
            subject_id=None if subject is None else subject[1],
            basis=basis,
            listed_case_ids=None if listed_case_ids is None else list(listed_case_ids),
            details=details,
            request_id=g.get("request_id") if has_request_context() else None,
        )
    )
