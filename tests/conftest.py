"""What the tests share: a real database, real mail, a browser, a clock, and rows."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from app.access.models import User
from app.core import clock, crypto
from app.core.crypto import Keyring
from app.core.database import NOBODY, RowScope, enter_row_scope
from app.extensions import db
from config import Config, Part
from tests.browser import Browser
from tests.databases import ROLES, Database, Server, running_server
from tests.factories import Make
from tests.mailserver import MailServer
from tests.moments import at
from tests.sockets import SocketGuard
from tests.world import World

_STACK = pytest.StashKey[ExitStack]()
_SERVER = pytest.StashKey[Server]()

ActAs = Callable[..., RowScope]
Freeze = Callable[[str], time_machine.Traveller]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture-rounds", type=int, default=1, help="how often the torture tests repeat a crash")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_STACK] = ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_STACK].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a parallel worker where the server is, which the controller runs."""
    server = _server(node.config)
    node.workerinput["server"] = [str(server.cluster_folder), str(server.folder)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Parallel workers send what was logged as UTF-8, which has no place for the lone surrogates of some tests."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


def _server(config: pytest.Config) -> Server:
    told = getattr(config, "workerinput", None)
    if told is not None:
        return Server(*map(Path, told["server"]))
    if _SERVER not in config.stash:
        config.stash[_SERVER] = config.stash[_STACK].enter_context(running_server())
    return config.stash[_SERVER]


@pytest.fixture(scope="session", autouse=True)
def socket_guard() -> Iterator[SocketGuard]:
    """No connection to anything that no fixture has started; `allow(port)` names the port of another process."""
    guard = SocketGuard()
    with pytest.MonkeyPatch.context() as patch:
        guard.install(patch)
        yield guard


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    return _server(request.config)


@pytest.fixture(scope="session")
def mail_server(socket_guard: SocketGuard) -> Iterator[MailServer]:
    running = MailServer()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def worker_database(server: Server, request: pytest.FixtureRequest) -> Iterator[Database]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "single")
    opened = Database(server, f"ek_test_{worker}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def config(worker_database: Database, mail_server: MailServer) -> Config:
    """The settings of the worker's installation."""
    return worker_database.server.config(worker_database.name, smtp_url=mail_server.url)


@pytest.fixture
def database(worker_database: Database) -> Iterator[Database]:
    """The worker's database, as the migrations left it. Every fixture that touches rows asks for it."""
    worker_database.renew()
    yield worker_database
    worker_database.mark_used()


@pytest.fixture
def keyring(server: Server) -> Keyring:
    """The run's keyring, installed in this process."""
    keyring = Keyring.load(server.keyring_file)
    crypto.install(keyring)
    return keyring


class Applications:
    """The worker's applications, one per part, each made when first asked for."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config = config
        self._database = database
        self._made: dict[Part, Flask] = {}

    def of(self, part: Part) -> Flask:
        if part not in self._made:
            self._made[part] = create_app(self._config, part)
            # Faults surface in the test that caused them, not as a page.
            self._made[part].testing = True
            with self._made[part].app_context():
                for engine in db.engines.values():
                    self._database.watch(engine)
        return self._made[part]


@pytest.fixture(scope="session")
def apps(config: Config, worker_database: Database) -> Applications:
    return Applications(config, worker_database)


@pytest.fixture
def app(apps: Applications, database: Database, keyring: Keyring) -> Flask:
    """The pages, logged in to the database as the web does."""
    return apps.of("web")


@pytest.fixture
def job_app(apps: Applications, database: Database, keyring: Keyring) -> Flask:
    """The scheduler's application."""
    return apps.of("scheduler")


@pytest.fixture
def owner_app(apps: Applications, database: Database, keyring: Keyring) -> Flask:
    """The application of migrations and administration."""
    return apps.of("owner")


@pytest.fixture(scope="session")
def engines(worker_database: Database) -> dict[str, Engine]:
    return {role: worker_database.engine(getattr(ROLES, role)) for role in vars(ROLES)}


@pytest.fixture
def owner(engines: dict[str, Engine], database: Database) -> Engine:
    """The database as the owner, whom no policy binds."""
    return engines["owner"]


@pytest.fixture
def web(engines: dict[str, Engine], database: Database) -> Engine:
    """The database as the web's role, past the application; nobody is anybody until the test says so."""
    return engines["app"]


@pytest.fixture
def job(engines: dict[str, Engine], database: Database) -> Engine:
    """The database as the scheduler's role."""
    return engines["job"]


@pytest.fixture
def stat(engines: dict[str, Engine], database: Database) -> Engine:
    """The database as the role of the statistics."""
    return engines["stat"]


@pytest.fixture
def make(owner: Engine, keyring: Keyring) -> Make:
    return Make(owner)


@pytest.fixture
def world(make: Make) -> World:
    return World.made(make, clock.local_date(clock.now()))


@pytest.fixture
def db_session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The web's session in an application context; for nobody, until `acting_as`. Ends rolled back."""
    with app.app_context():
        enter_row_scope(db.session(), NOBODY)
        yield cast("scoped_session[Session]", db.session)
        db.session.rollback()


@pytest.fixture
def acting_as(db_session: scoped_session[Session]) -> ActAs:
    """`acting_as(user, today=None)`: let rows exist for the user in `db_session`, today or on that day."""

    def act(user: User | None, today: date | None = None) -> RowScope:
        scope = RowScope(user.id, today or clock.local_date(clock.now())) if user else NOBODY
        enter_row_scope(db_session(), scope)
        return scope

    return act


@pytest.fixture
def frozen() -> Iterator[Freeze]:
    """`frozen("2026-03-03 10.00")`: stop all clocks of the process there, Danish time. Ask for it before `world`."""
    with ExitStack() as stack:
        yield lambda text: stack.enter_context(time_machine.travel(at(text), tick=False))


@pytest.fixture
def browser(app: Flask, owner: Engine) -> Callable[[], Browser]:
    """`browser()`: one more browser."""
    return lambda: Browser(app, owner)


@pytest.fixture
def client(browser: Callable[[], Browser]) -> Browser:
    return browser()


@pytest.fixture
def smtp(mail_server: MailServer) -> MailServer:
    """The mail server at `config.smtp_url`, with nothing delivered yet, and well-behaved."""
    mail_server.reset()
    return mail_server


@pytest.fixture(scope="session")
def torture_rounds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--torture-rounds"))
