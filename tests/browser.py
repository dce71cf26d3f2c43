"""The test client: a browser without a screen, which inspects every page it is given."""

import contextvars
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, request_finished
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, insert
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.access.models import User, WebSession
from app.access.sessions import CSRF, BrowserSession, DatabaseSessions, token_hash
from app.core import clock
from app.extensions import db
from tests.page import Page, inspect, text_of

Values = Mapping[str, Any]
DATE_BOXES = ("dag", "maaned", "aar")


class Browser:
    """One browser with its own cookie. Several at once are several people."""

    def __init__(self, app: Flask, owner: Engine) -> None:
        self.app = app
        self.client = app.test_client()
        self.user: User | None = None
        self._owner = owner

    def sign_in(self, user: User) -> "Browser":
        """Be signed in as the user from now (by the clock of the test), without the pages of signing in."""
        token, at = secrets.token_urlsafe(32), clock.now()
        row = {"token_hash": token_hash(token), "user_id": user.id, "created_at": at, "last_seen_at": at, "content": {}}
        with self._owner.begin() as connection:
            connection.execute(insert(WebSession).values(row))
        self._cookie = token
        self.user = user
        return self

    def get(self, url: str, query: Values | None = None, *, status: int | None = 200, **options: Any) -> Page:
        """Ask for a page; AssertionError unless it answers with the status and passes inspection."""
        address = url if not query else f"{url}?{urlencode(query, doseq=True)}"
        return self._ask("GET", address, status, **options)

    def post(
        self, url: str, data: Values | None = None, *, status: int | None = 302, csrf: bool = True, **options: Any
    ) -> Page:
        """Send form data as it is, past any page; `csrf` adds the token that the pages of this browser carry."""
        token = {"csrf_token": self.csrf_token()} if csrf else {}
        return self._ask("POST", url, status, data=token | _encoded(data or {}), **options)

    def submit(
        self, page: Page, values: Values | None = None, *, form: str | None = None, status: int | None = None
    ) -> Page:
        """Fill a form of the page and send it, with its hidden fields and what it held already.

        values: by field name. A date fills the three boxes; True and False tick; a list ticks several.
        form: its action, or the text of its button; needless when the main part has one form.
        status: None demands that it was saved, follows the redirect, and returns the page behind it.
        """
        element = find_form(page, form)
        data = _fill(element, values or {})
        action = urljoin(page.url, element.get("action") or page.url)
        if element.get("method", "get").lower() == "get":
            return self.get(urlsplit(action).path, data, status=status or 200)
        answer = self._ask("POST", action, status, data=data)
        if status is not None:
            return answer
        assert answer.is_redirect, f"{action} was not saved ({answer.status}): {answer.errors}"
        return self.follow(answer)

    def follow(self, answer: Page, *, status: int = 200) -> Page:
        """Go where a redirect leads."""
        return self.get(urljoin(answer.url, answer.location), status=status)

    def csrf_token(self) -> str:
        """The token that a form of this browser carries."""
        if self._cookie is None:
            self._cookie = secrets.token_urlsafe(32)
        secret = str(self.app.secret_key)
        value = BrowserSession(str(self._cookie), secret, known=True)[CSRF]
        return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(value))

    @property
    def _cookie_name(self) -> str:
        return cast("DatabaseSessions", self.app.session_interface).get_cookie_name(self.app)

    @property
    def _cookie(self) -> str | None:
        cookie = self.client.get_cookie(self._cookie_name)
        return None if cookie is None else cookie.value

    @_cookie.setter
    def _cookie(self, value: str) -> None:
        self.client.set_cookie(self._cookie_name, value)

    def _ask(self, method: str, url: str, status: int | None, **options: Any) -> Page:
        leftovers: list[str] = []

        def look_for_leftovers(_: Any, **_kwargs: Any) -> None:
            leftovers.extend(_uncommitted())

        def ask() -> TestResponse:
            return self.client.open(url, method=method, **options)

        with request_finished.connected_to(look_for_leftovers, self.app):
            # An empty context: the request shares neither session nor user with a test that holds a context of its own.
            response = contextvars.Context().run(ask)
        page = Page(response, url)
        assert status in {None, page.status}, f"{method} {url} answered {page.status}, not {status}: {_why(page)}"
        assert not leftovers, f"{method} {url} left uncommitted: {leftovers}"
        if page.is_html and not page.is_redirect:
            inspect(page)
        return page


def _uncommitted() -> list[str]:
    session = db.session()
    left = [repr(thing) for thing in [*session.new, *session.dirty, *session.deleted]]
    return [*left, "an open transaction"] if session.in_transaction() else left


def _why(page: Page) -> str:
    if page.is_redirect:
        return f"to {page.location}"
    return f"{page.errors} {page.main[:300]}" if page.is_html else page.html[:300]


def find_form(page: Page, wanted: str | None) -> Element:
    """The form of the page with that action or button text; of the main part the only one when None."""
    forms = page.all("form") if wanted else page.all("main//form")
    if wanted is None and len(forms) > 1:
        forms = [form for form in forms if form.get("method", "get").lower() == "post"]
    if wanted is not None:
        forms = [form for form in forms if wanted == form.get("action") or wanted in _buttons(form)]
    assert len(forms) == 1, f"{len(forms)} forms {wanted or ''} on {page.url}; name it by action or button"
    return forms[0]


def _buttons(form: Element) -> list[str]:
    return [text_of(button) for button in form.iter("button")]


def _fill(form: Element, values: Values) -> dict[str, list[str]]:
    names = {control.get("name", "") for tag in ("input", "select", "textarea", "button") for control in form.iter(tag)}
    data = _present(form)
    for name, value in _encoded(values, names).items():
        assert name in names, f"the form has no {name!r}; it has {sorted(names)}"
        data[name] = [_value_of_tick(form, name)] if value == ["y"] else value
    return {name: sent for name, sent in data.items() if sent}


def _value_of_tick(form: Element, name: str) -> str:
    """What the box of that name sends when ticked."""
    boxes = [box for box in form.iter("input") if box.get("name") == name and box.get("type") == "checkbox"]
    return boxes[0].get("value", "on") if boxes else "y"


def _encoded(values: Values, names: Iterable[str] | None = None) -> dict[str, list[Any]]:
    """What a browser sends for the values. A date fills three boxes, unless the form is known to have one input."""
    data: dict[str, list[Any]] = {}
    for name, value in values.items():
        if isinstance(value, date) and (names is None or name not in names):
            parts = (value.day, value.month, value.year)
            data |= {f"{name}-{box}": [str(part)] for box, part in zip(DATE_BOXES, parts, strict=True)}
        elif isinstance(value, FileStorage):
            data[name] = [value]
        elif isinstance(value, bool):
            data[name] = ["y"] if value else []
        elif isinstance(value, list | tuple | set):
            data[name] = [str(each) for each in value]
        else:
            data[name] = ["" if value is None else str(value)]
    return data


def _present(form: Element) -> dict[str, list[str]]:
    """What the browser would send if nobody touched the form."""
    data: dict[str, list[str]] = {}
    for control in form.iter():
        name = control.get("name")
        if not name or control.tag not in _READERS or control.get("disabled") is not None:
            continue
        data.setdefault(name, []).extend(_READERS[control.tag](control))
    return data


def _of_input(control: Element) -> list[str]:
    kind = control.get("type", "text")
    if kind in {"submit", "button", "file"} or (kind in {"radio", "checkbox"} and control.get("checked") is None):
        return []
    return [control.get("value", "on" if kind in {"radio", "checkbox"} else "")]


def _of_select(control: Element) -> list[str]:
    options = list(control.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and control.get("multiple") is None:
        chosen = options[:1]
    return [option.get("value", text_of(option)) for option in chosen]


def _of_textarea(control: Element) -> list[str]:
    return ["".join(control.itertext()).replace("\n", "\r\n")]


_READERS: dict[str, Callable[[Element], list[str]]] = {
    "input": _of_input,
    "select": _of_select,
    "textarea": _of_textarea,
}
