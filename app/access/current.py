"""Who asks, and when: read once as the request begins, and the same until it ends."""

from datetime import date, datetime
from typing import cast

from flask import g
from flask_login import current_user

from app.access.models import User
from app.access.policy import Reader
from app.core import clock


def user() -> User:
    """The signed-in user. Only for views that `requires` has let through."""
    return cast("User", current_user._get_current_object())  # noqa: SLF001 - Flask's way to the object behind a proxy


def user_or_none() -> User | None:
    """The signed-in user, if anybody has signed in."""
    return user() if current_user and current_user.is_authenticated else None


def at() -> datetime:
    """The instant at which the request began."""
    if "at" not in g:
        g.at = clock.now()
    return cast("datetime", g.at)


def today() -> date:
    """The local date of the request."""
    return clock.local_date(at())


def reader() -> Reader:
    """The signed-in user as the policy knows people."""
    return Reader.of(user(), today())
