"""How many statements a page sends to the database, counted in this process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import db
from tests.bench.client import TOKEN, AnswerError, found
from tests.bench.installation import Site
from tests.bench.pages import COORDINATOR, MENTOR, Page, Target


def count_statements(site: Site, pages: Sequence[Page]) -> list[int]:
    """The most statements that one request of each page sends; without BEGIN and COMMIT."""
    app = create_app(site.config, "web")
    with _counting() as sent:
        sessions = {login: _Session(app.test_client(), site, login) for login in (COORDINATOR, MENTOR)}
        counts = [max(_of(sessions[page.login], target, sent) for target in page.targets) for page in pages]
    with app.app_context():
        db.engine.dispose()
    return counts


@contextmanager
def _counting() -> Iterator[list[str]]:
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    yield sent
    event.remove(Engine, "before_cursor_execute", keep)


class _Session:
    """One employee's browser within this process."""

    def __init__(self, client: FlaskClient, site: Site, login: str) -> None:
        self._client = client
        form = {"email": site.email(login), "password": site.password}
        self._token = found(TOKEN, self._client.get("/log-ind").data)
        self.post("/log-ind", form)
        self._token = found(TOKEN, self.get("/min-side").data)

    def get(self, path: str) -> TestResponse:
        return self._expected(self._client.get(path), 200)

    def post(self, path: str, form: dict[str, str]) -> str:
        """Post the form; return where the answer leads."""
        answer = self._expected(self._client.post(path, data={"csrf_token": self._token, **form}), 302)
        return answer.headers["Location"]

    def _expected(self, answer: TestResponse, status: int) -> TestResponse:
        if answer.status_code != status:
            raise AnswerError(f"{answer.request.path} answered {answer.status_code} instead of {status}")
        return answer


def _of(session: _Session, target: Target, sent: list[str]) -> int:
    path, posted = target.path, 0
    if target.sought is not None:
        sent.clear()
        path = session.post(target.path, {"words": target.sought})
        posted = len(sent)
    sent.clear()
    session.get(path)
    return max(posted, len(sent))
