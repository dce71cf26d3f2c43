"""Saving a form: all of it or nothing, and a refusal becomes a message on the form."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import ChangedMeanwhileError, DomainError
from app.core.forms.form import Form


def saving(form: Form) -> AbstractContextManager[None, bool]:
    """Run the service in a savepoint; when it refuses, undo it and show why on the form.

    A DomainError goes to its field, or over the form. A row that somebody else has changed meanwhile (StaleDataError)
    goes over the form. Both are swallowed, so the code after the `with` block shows the form again; every other
    exception goes on.

    The service must have flushed when it returns. A conflict that came up after `return redirect(...)` could no longer
    bring the form back, so unflushed changes raise RuntimeError: the first test of the view tells, not the first race.
    """
    return cast("AbstractContextManager[None, bool]", _saving(form))  # bool tells type checkers that it may swallow


@contextmanager
def _saving(form: Form) -> Iterator[None]:
    session: scoped_session[Session] = current_app.extensions["sqlalchemy"].session
    try:
        with session.begin_nested():
            yield
            _require_flushed(session)
    except DomainError as error:
        form.add_error(error.message, error.field)
    except StaleDataError:
        form.add_error(ChangedMeanwhileError().message)


def _require_flushed(session: scoped_session[Session]) -> None:
    if session.new or session.deleted or any(session.is_modified(thing) for thing in session.dirty):
        raise RuntimeError("a service called within saving() must flush before it returns")
