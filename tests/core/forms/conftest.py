"""A bare application in which forms are posted."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.core.forms import Form

Post = Callable[..., Any]


@pytest.fixture(scope="session")
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="s" * 32, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    """A request that shows a form."""
    with app.test_request_context("/"):
        yield


@pytest.fixture
def post(app: Flask) -> Post:
    """Post the values to the form, validate it, and return it."""

    def posted(form_class: type[Form], values: Mapping[str, Any] | None = None, **arguments: Any) -> Form:
        with app.test_request_context("/", method="POST"):
            # Past the parsing of the request, so that what no browser would send gets here as well.
            form = form_class(formdata=MultiDict(values or {}), **arguments)
            form.validate_on_submit()
            return form

    return posted
