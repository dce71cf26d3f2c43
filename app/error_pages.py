"""Answers that are not the page asked for. Each rolls back what the request had begun."""

import logging
from typing import Any

from flask import Flask, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.access import current
from app.access.policy import ForbiddenError
from app.access.submissions import AlreadySavedError, earlier_url
from app.audit import log
from app.audit.models import Event
from app.core.errors import NotFoundError
from app.extensions import db

logger = logging.getLogger(__name__)

WITH_PAGE = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
UNAVAILABLE = 503
LONG_TEXT = 60
PASSWORD_FIELDS = frozenset({"password", "repeat", "present"})


def register(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(NotFoundError, _out_of_sight)
    app.register_error_handler(ForbiddenError, _forbidden)
    app.register_error_handler(AlreadySavedError, _already_saved)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeoutError, _database_away)
    app.register_error_handler(InternalServerError, _fault)


def _page(code: int, **context: Any) -> tuple[str, int]:
    return render_template(f"errors/{code if code in WITH_PAGE else 400}.html", **context), code


def _denied(code: int) -> None:
    """Record the denial, in a transaction of its own: what the request had begun is gone."""
    db.session.rollback()
    user = current.user_or_none()
    if user is None:
        return
    # Addresses hold ids only, and routes take nothing but integers there.
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    log.record(
        Event.ACCESS_DENIED,
        by=user,
        at=current.at(),
        case_id=ids.get("case_id"),
        status=code,
        endpoint=request.endpoint,
        ids=list(ids.values()),
    )


def _out_of_sight(_: NotFoundError) -> ResponseReturnValue:
    _denied(404)
    return _page(404)


def _forbidden(_: ForbiddenError) -> ResponseReturnValue:
    _denied(403)
    return _page(403)


def _already_saved(error: AlreadySavedError) -> ResponseReturnValue:
    """Lead to what the first save made."""
    db.session.rollback()
    flash("Det var allerede gemt. Her er det.", "info")
    return redirect(earlier_url(error.token) or "/")


def _stale_form(_: CSRFError) -> ResponseReturnValue:
    """Refuse the form, and give back the longer texts in it: a note of half an hour must not be lost to the clock."""
    db.session.rollback()
    return _page(400, csrf_failed=True, typed=_longer_texts())


def signed_out_meanwhile() -> ResponseReturnValue | None:
    """Give back the longer texts of a form that came when its session was dead; None when it holds none."""
    texts = _longer_texts()
    return _page(400, csrf_failed=True, typed=texts) if texts else None


def _longer_texts() -> list[str]:
    """What somebody wrote, without what may be a password."""
    return [
        text
        for name, text in request.form.items()
        if len(text) >= LONG_TEXT and " " in text and name not in PASSWORD_FIELDS
    ]


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004 - redirects pass
        return error
    db.session.rollback()
    body, _ = _page(error.code)
    response = error.get_response()
    response.data = body.encode()
    response.content_type = "text/html; charset=utf-8"
    return response


def _database_away(error: Exception) -> ResponseReturnValue:
    g.failed = True
    logger.error("the database does not answer: %s", type(error).__name__)
    return _page(UNAVAILABLE)


def _fault(error: InternalServerError) -> ResponseReturnValue:
    """A fault of the program: logged by Flask; the page shows the id under which it was."""
    original = error.original_exception
    if isinstance(original, OperationalError | PoolTimeoutError):
        return _database_away(original)
    g.failed = True
    try:
        db.session.rollback()
    except Exception:  # the page about the fault must not fail on it
        logger.exception("the rollback failed too")
    return _page(500, log_id=g.get("request_id", "–"))
