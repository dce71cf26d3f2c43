"""Users who can sign in by the pages, and what the database holds about it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, text

from app.access import passwords
from app.access.models import PasswordCredential, User
from tests.browser import Browser
from tests.factories import LONG_AGO, Make
from tests.page import Page

T = TypeVar("T")

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


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    """Do it in so many threads, which begin together."""
    start = threading.Barrier(count)

    def wait_and_act(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_act, range(count)))
