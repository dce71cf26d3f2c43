"""Putting mail into the outbox, in the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy import Table, select, update

from app.core.bulk import insert_rows
from app.extensions import db
from app.outbox.models import MailState, MailSubject, OutboxMail

_MAILS = cast("Table", OutboxMail.__table__)


class Recipient(Protocol):
    """Whoever is written to: a user. The address is read when the mail is sent."""

    @property
    def id(self) -> int:
        """The user's id."""


def enqueue(
    *,
    key: str,
    subject: MailSubject,
    template: str,
    to: Recipient,
    at: datetime,
    case_id: int | None = None,
    about: tuple[str, int] | None = None,
    secret: bool = False,
    **context: Any,
) -> None:
    """Write a mail into the outbox.

    key: what the mail is about, unique for ever; the same one again is refused by the database.
    template: plain text in templates/<package>/email/; context goes to it and nowhere else.
    about: (kind, id) of what is asked once more before sending, see outbox.rechecks.
    secret: the body holds a link that lets in; it is wiped once it has been sent.
    """
    row = draft(
        key=key,
        subject=subject,
        body=body_of(template, **context),
        to_id=to.id,
        at=at,
        case_id=case_id,
        about=about,
        secret=secret,
    )
    put((row,))


def body_of(template: str, **context: Any) -> str:
    """The plain text of a mail. A mail knows nothing but what it is told: it has no variables or functions of pages."""
    found = current_app.jinja_env.get_template(template)
    return "".join(found.root_render_func(found.new_context(context, shared=True)))


def draft(
    *,
    key: str,
    subject: MailSubject,
    body: str,
    to_id: int,
    at: datetime,
    case_id: int | None = None,
    about: tuple[str, int] | None = None,
    secret: bool = False,
) -> dict[str, Any]:
    """A row of the outbox, for callers that put many at once."""
    kind, about_id = about or (None, None)
    return {
        "key": key,
        "message_id": message_id(key),
        "recipient_id": to_id,
        "subject": subject,
        "body": body,
        "secret": secret,
        "case_id": case_id,
        "about_kind": kind,
        "about_id": about_id,
        "state": MailState.QUEUED,
        "attempts": 0,
        "created_at": at,
    }


def put(rows: Iterable[dict[str, Any]]) -> None:
    """Write drafts into the outbox in one statement."""
    if values := list(rows):
        db.session.execute(insert_rows(_MAILS, values))


def withdrawn_among(keys: Collection[str]) -> set[str]:
    """Those of the mails that were withdrawn before they were sent."""
    if not keys:
        return set()
    withdrawn = select(OutboxMail.key).where(OutboxMail.key.in_(keys), OutboxMail.state == MailState.WITHDRAWN)
    return set(db.session.scalars(withdrawn))


def put_again(key: str, body: str) -> None:
    """Let a mail that was withdrawn be sent after all, with what there is to say now."""
    db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.key == key, OutboxMail.state == MailState.WITHDRAWN)
        .values(state=MailState.QUEUED, body=body, attempts=0, next_attempt_at=None, error_code=None, error=None),
        execution_options={"synchronize_session": False},
    )


def message_id(key: str) -> str:
    """The Message-ID that belongs to the key: the same for every attempt, and telling nothing."""
    config = current_app.extensions["enkeltsag_config"]
    domain = config.mail_from.rpartition("@")[2]
    seed = f"{config.base_url}\n{key}".encode()
    return f"<{hashlib.sha256(seed).hexdigest()[:40]}@{domain}>"
