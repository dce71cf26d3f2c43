"""Delivering the mail that waits."""

import logging
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, and_, case, column, null, or_, select, table, update
from sqlalchemy.exc import DBAPIError

from app.core.fault_points import point
from app.core.job_runs import JobError
from app.extensions import db
from app.outbox import rechecks
from app.outbox.delivery import (
    DeferredError,
    DeliveryError,
    Postbox,
    RefusedError,
    UnreachableError,
    is_address,
    letter,
)
from app.outbox.models import MailState, OutboxMail

_Mail = Row[*tuple[Any, ...]]

logger = logging.getLogger(__name__)

BATCH = 200
# A run ends in time to be seen: a scheduler that only works on a backlog is not to look dead.
BATCHES_PER_RUN = 10
GIVE_UP_AFTER = timedelta(days=2)
SHORTEST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

# The package of the users lies above this one; of a user it needs no more than this.
_users = table("users", column("id"), column("email"), column("active"))


def deliver_mail(*, at: datetime) -> Generator[int, None, None]:
    """Send what waits, each mail in a transaction of its own; every yield is a commit, and says how many are done.

    The mail's row is locked while it is sent, so that another scheduler passes over it. A process that dies
    between the server's answer and the commit sends the mail again, under the same Message-ID.
    Raises JobError when the mail server is away: then the rest waits for the next run.
    """
    _give_up(at)
    with Postbox(current_app.extensions["enkeltsag_config"].smtp_url) as postbox:
        for _ in range(BATCHES_PER_RUN):
            if not (batch := _due_ids(at)):
                return
            # No transaction stays open while we wait for the network.
            yield 0
            try:
                postbox.open()
                done = yield from _deliver_batch(batch, postbox, at)
            except UnreachableError as error:
                _note_away(error, at)
                yield 0
                raise JobError(error.text) from error
            if not done:
                return


def _deliver_batch(batch: list[int], postbox: Postbox, at: datetime) -> Generator[int, None, int]:
    """Send the mails that are still ours to send; return how many were. Raises UnreachableError, all committed."""
    done = 0
    for mail_id in batch:
        mail = _locked(mail_id, at)
        if mail is None:
            continue
        done += 1
        problem = _attempt(mail, postbox, at)
        yield 1
        point("deliver.after-commit")
        if isinstance(problem, UnreachableError):
            raise problem
    return done


def _due(at: datetime) -> ColumnElement[bool]:
    waited = or_(OutboxMail.next_attempt_at.is_(None), OutboxMail.next_attempt_at <= at)
    return and_(OutboxMail.state == MailState.QUEUED, waited)


def _due_ids(at: datetime) -> list[int]:
    return list(
        db.session.scalars(
            select(OutboxMail.id).where(_due(at)).order_by(OutboxMail.created_at, OutboxMail.id).limit(BATCH)
        )
    )


def _locked(mail_id: int, at: datetime) -> _Mail | None:
    """The mail, ours alone until the commit; None when another scheduler has it or has sent it."""
    return db.session.execute(
        select(
            OutboxMail.id,
            OutboxMail.message_id,
            OutboxMail.recipient_id,
            OutboxMail.subject,
            OutboxMail.secret,
            OutboxMail.about_kind,
            OutboxMail.about_id,
            OutboxMail.attempts,
        )
        .where(OutboxMail.id == mail_id, _due(at))
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _note_away(error: UnreachableError, at: datetime) -> None:
    """Say on each waiting mail, once, why it waits, so that the case shows it."""
    db.session.execute(
        update(OutboxMail)
        .where(_due(at), OutboxMail.error_code.is_distinct_from(error.code))
        .values(attempts=OutboxMail.attempts + 1, error_code=error.code, error=error.text)
    )


def _attempt(mail: _Mail, postbox: Postbox, at: datetime) -> DeliveryError | None:
    """Deliver one mail; a fault in it must not keep back the mails behind it."""
    try:
        return _deliver(mail, postbox, at)
    except DBAPIError:
        raise
    except Exception:
        logger.exception("mail %s could not be made", mail.id)
        db.session.rollback()
        error = DeferredError("fault", "der er en fejl i mailen; den er skrevet i loggen")
        _defer(mail, error, at + LONGEST_PAUSE)
        return error


def _deliver(mail: _Mail, postbox: Postbox, at: datetime) -> DeliveryError | None:
    """Send one locked mail, or write down why not."""
    point("deliver.locked")
    why = rechecks.why_withdrawn(current_app, mail.about_kind, mail.about_id)
    if why is not None:
        _mark(mail, state=MailState.WITHDRAWN, error_code="withdrawn", error=why)
        return None
    try:
        _send(mail, postbox, at)
    except RefusedError as error:
        _mark(mail, state=MailState.FAILED, attempts=mail.attempts + 1, error_code=error.code, error=error.text)
        logger.warning("mail %s failed: %s", mail.id, error.code)
        return error
    except DeferredError as error:
        _defer(mail, error, at + _pause(mail.attempts))
        return error
    except UnreachableError as error:
        _defer(mail, error, at + SHORTEST_PAUSE)
        return error
    point("deliver.after-send")
    _mark(mail, state=MailState.SENT, attempts=mail.attempts + 1, sent_at=at, error_code=None, error=None)
    point("deliver.after-mark")
    return None


def _send(mail: _Mail, postbox: Postbox, at: datetime) -> None:
    config = current_app.extensions["enkeltsag_config"]
    to = _address(mail.recipient_id)
    message = letter(
        sender=config.mail_from,
        to=to,
        subject=mail.subject,
        message_id=mail.message_id,
        body=db.session.scalars(select(OutboxMail.body).where(OutboxMail.id == mail.id)).one() or "",
        at=at,
    )
    point("deliver.before-send")
    postbox.send(message)


def _address(user_id: int) -> str:
    """The recipient's address as it is now. Raises RefusedError when there is none to use."""
    user = db.session.execute(select(_users).where(_users.c.id == user_id)).one()
    if not user.active:
        raise RefusedError("disabled", "modtagerens bruger er lukket")
    if not user.email:
        raise RefusedError("no-address", "modtageren har ingen mailadresse")
    if not is_address(user.email):
        raise RefusedError("bad-address", "modtagerens mailadresse kan ikke bruges")
    return str(user.email)


def _mark(mail: _Mail, *, state: MailState, **values: Any) -> None:
    if mail.secret and state is not MailState.QUEUED:
        values["body"] = None
    db.session.execute(update(OutboxMail).where(OutboxMail.id == mail.id).values(state=state, **values))


def _defer(mail: _Mail, error: DeliveryError, until: datetime) -> None:
    _mark(
        mail,
        state=MailState.QUEUED,
        attempts=mail.attempts + 1,
        next_attempt_at=until,
        error_code=error.code,
        error=error.text,
    )


def _pause(attempts: int) -> timedelta:
    """One minute, then twice as long each time, up to an hour."""
    return min(SHORTEST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)


def _give_up(at: datetime) -> None:
    """Fail what has been tried for two days."""
    db.session.execute(
        update(OutboxMail)
        .where(
            OutboxMail.state == MailState.QUEUED,
            OutboxMail.attempts > 0,
            OutboxMail.created_at < at - GIVE_UP_AFTER,
        )
        .values(state=MailState.FAILED, body=case((OutboxMail.secret, null()), else_=OutboxMail.body))
    )
