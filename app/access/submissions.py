"""A form is saved once, however often it is sent."""

from datetime import datetime
from uuid import UUID

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.access.models import FormSubmission, User
from app.core.forms import SubmitOnce
from app.extensions import db


class AlreadySavedError(Exception):
    """This very form has been saved before: by a double click, or in another tab.

    token: what earlier_url finds the result by.
    """

    def __init__(self, token: UUID) -> None:
        super().__init__(str(token))
        self.token = token


def claim(form: SubmitOnce, *, by: User, at: datetime) -> None:
    """Take the form's token, before anything is saved. A second taker waits until the first has committed.

    Raises AlreadySavedError when the form has been saved.
    """
    token = form.submission.data
    try:
        db.session.execute(insert(FormSubmission).values(token=token, user_id=by.id, url="", saved_at=at))
    except IntegrityError as error:
        raise AlreadySavedError(token) from error


def saved(form: SubmitOnce, url: str) -> ResponseReturnValue:
    """Remember where the result is to be seen, and go there."""
    db.session.flush()
    db.session.execute(update(FormSubmission).where(FormSubmission.token == form.submission.data).values(url=url))
    return redirect(url)


def earlier_url(token: UUID) -> str | None:
    """Where the result of the earlier save is to be seen."""
    return db.session.scalar(select(FormSubmission.url).where(FormSubmission.token == token)) or None
