"""Users who can sign in by the pages, and what the database holds about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from app.access import passwords
from app.access.models import PasswordCredential, User
from tests.browser import Browser
from tests.factories import LONG_AGO, Make
from tests.page import Page

PASSWORD = "syv grå gæs fløj over Vester Å"
OTHER_PASSWORD = "den blå cykel står i skuret"


def with_password(make: Make, user: User, password: str = PASSWORD, *, changed_at: datetime = LONG_AGO) -> User:
    """Give the user a password."""
    make.add(PasswordCredential(user_id=user.id, hash=passwords.hashed(password), changed_at=changed_at))
    return user


def sign_in(browser: Browser, email: str | None, password: str = PASSWORD, *, status: int | None = None) -> Page:
    """Fill in the sign-in page."""
    page = browser.get("/log-ind")
    return browser.submit(page, {"email": email, "password": password}, status=status)


def rows(owner: Engine, statement: str, **values: Any) -> list[Any]:
    """What the database holds, past every policy."""
    with owner.connect() as connection:
        return list(connection.execute(text(statement), values))


def events(owner: Engine, event: str) -> list[Any]:
    """The recorded events of a kind, oldest first."""
    return rows(owner, "SELECT * FROM audit_events WHERE event = :event ORDER BY id", event=event)
