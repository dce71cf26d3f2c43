"""Sessions that live in the database.

The cookie holds a random token, the database its hash; a stolen database opens no session. Idle for 30
minutes or 12 hours old, a session is dead (NIST SP 800-63B-4, AAL2). One statement resolves the session,
loads the user and sets the row scope of the transaction.

Before sign-in there is a token but no row: it only ties a form's CSRF token to the browser.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import flask
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Table, Text, bindparam, delete, func, select, update
from sqlalchemy import cast as sql_cast
from werkzeug.datastructures import CallbackDict

from app.access import current
from app.access.models import User, WebSession
from app.core import clock
from app.core.database import NOBODY, RowScope, adopt_row_scope, defer_row_scope, enter_row_scope
from app.extensions import db

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
WITHOUT_SESSION = frozenset({"/healthz"})
CSRF = "csrf_token"

# Every request begins with it, so it is put together once.
_RESOLVE = (
    select(
        WebSession.id,
        WebSession.last_seen_at,
        WebSession.content,
        User,
        func.set_config("enkeltsag.user_id", sql_cast(User.id, Text), True),
        func.set_config("enkeltsag.today", bindparam("today"), True),
    )
    .join(User, User.id == WebSession.user_id)
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        WebSession.last_seen_at > bindparam("idle_since"),
        WebSession.created_at > bindparam("begun_since"),
        User.active,
    )
)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


_SESSIONS = cast("Table", WebSession.__table__)
_KEEP = update(_SESSIONS).where(_SESSIONS.c.id == bindparam("row_id"))


@dataclass(frozen=True)
class Kept:
    """What is read of a living session's row.

    Held apart from the unit of work: another request may end the session at any moment, and writing to what is gone is
    then no fault.
    """

    id: int
    last_seen_at: datetime
    content: dict[str, Any]


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """The session of one browser; somebody has signed in when it has a row."""

    def __init__(
        self, token: str, secret: str, *, known: bool, row: Kept | None = None, user: User | None = None
    ) -> None:
        """Begin with what the row holds. known: the browser already has this token as its cookie."""
        super().__init__({} if row is None else dict(row.content), on_update=BrowserSession._changed)
        self.secret = secret
        self.row = row
        self.user = user
        self.adopt(token, known=known)
        self.modified = False

    def adopt(self, token: str, *, known: bool = False) -> None:
        """Go on under this token. The CSRF secret is derived from it, so that showing a form writes nothing."""
        self.token = token
        self.known = known
        dict.__setitem__(self, CSRF, hmac.new(self.secret.encode(), token.encode(), "sha256").hexdigest())

    def _changed(self) -> None:
        self.modified = True

    @property
    def content(self) -> dict[str, Any]:
        """What is kept between requests: fixed sentences and codes, nothing personal."""
        return {key: value for key, value in self.items() if key != CSRF}


class DatabaseSessions(SessionInterface):
    """Flask's session interface on the table web_sessions."""

    def get_cookie_name(self, app: Flask) -> str:
        """Over HTTPS the name lets only this host set the cookie."""
        return "__Host-enkeltsag" if self.get_cookie_secure(app) else "enkeltsag"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Resolve the cookie; a dead or unknown one gives a session that nobody has signed in to."""
        secret = str(app.secret_key)
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token or request.path in WITHOUT_SESSION:
            return BrowserSession(secrets.token_urlsafe(32), secret, known=False)
        found = _resolve(token, current.at())
        row, user = found or (None, None)
        return BrowserSession(token, secret, known=True, row=row, user=user)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie if the browser lacks it; what the session holds is written by `keep`."""
        browser = cast("BrowserSession", session)
        response.vary.add("Cookie")
        if not browser.known:
            secure = self.get_cookie_secure(app)
            response.set_cookie(
                self.get_cookie_name(app), browser.token, path="/", secure=secure, httponly=True, samesite="Lax"
            )


def _resolve(token: str, at: datetime) -> tuple[Kept, User] | None:
    """Find the living session of a token and set the row scope, in one statement."""
    today = clock.local_date(at)
    session = db.session()
    defer_row_scope(session)
    found = session.execute(
        _RESOLVE,
        {
            "today": today.isoformat(),
            "token_hash": token_hash(token),
            "idle_since": at - IDLE,
            "begun_since": at - ABSOLUTE,
        },
    ).first()
    if found is None:
        enter_row_scope(session, NOBODY)
        return None
    adopt_row_scope(session, RowScope(found.User.id, today))
    return Kept(found.id, found.last_seen_at, found.content), found.User


def browser_session() -> BrowserSession:
    """The session of the browser that asks."""
    return cast("BrowserSession", flask.session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's way to the object behind a proxy


def begin(user: User, *, at: datetime) -> None:
    """Sign the browser in, under a new token whatever it held before, and enter the user's row scope."""
    browser = browser_session()
    end(browser)
    browser.adopt(secrets.token_urlsafe(32))
    row = WebSession(
        token_hash=token_hash(browser.token), user_id=user.id, created_at=at, last_seen_at=at, content=browser.content
    )
    db.session.add(row)
    db.session.flush()
    browser.user = user
    browser.row = Kept(row.id, at, browser.content)
    enter_row_scope(db.session(), RowScope(user.id, clock.local_date(at)))


def keep(browser: BrowserSession, *, at: datetime) -> None:
    """Write what has changed in the session, and once a minute that it is in use, in the request's transaction."""
    if browser.row is None:
        return
    changes: dict[str, Any] = {}
    if browser.modified:
        changes["content"] = browser.content
    if at - browser.row.last_seen_at >= TOUCH:
        changes["last_seen_at"] = at
    if changes:
        db.session.execute(_KEEP, {"row_id": browser.row.id, **changes})


def end(browser: BrowserSession) -> None:
    """Sign the browser out; the token is dead at once."""
    if browser.row is not None:
        db.session.execute(delete(WebSession).where(WebSession.id == browser.row.id))
    for name in browser.content:
        browser.pop(name)
    browser.row = None
    browser.user = None


def end_all(user_id: int, *, but: Kept | None = None) -> None:
    """Kill the user's sessions, but for one."""
    statement = delete(WebSession).where(WebSession.user_id == user_id)
    if but is not None:
        statement = statement.where(WebSession.id != but.id)
    db.session.execute(statement)
