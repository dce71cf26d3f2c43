"""The demo unit, loaded once for a whole file of tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from app.core import crypto
from app.core.crypto import Keyring
from tests.databases import Database, Server
from tests.mailserver import MailServer
from tests.system.chromium import DESKTOP, Visitor
from tests.system.chromium import chromium as running_chromium
from tests.system.installation import Installation
from tests.system.served import HOST, free_port, serving


@pytest.fixture(scope="module")
def demo_unit(server: Server, mail_server: MailServer, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation with the demo unit, in a database beside the worker's own, that answers at its address."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "single")
    database = Database(server, f"ek_demo_{worker}")
    database.renew()
    crypto.install(Keyring.load(server.keyring_file))
    with free_port() as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        installation = Installation(server, database, mail_server.url, address)
        installation.load_demo()
        with serving(installation.app(), listening):
            yield installation
    database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(demo_unit: Installation, keyring: Keyring, chromium: Browser) -> Iterator[Visit]:
    """`visit(device=DESKTOP, scripts=True)`: one more person with a browser; all of them are asked how it went."""
    with ExitStack() as leaving:

        def new(device: dict[str, Any] = DESKTOP, *, scripts: bool = True) -> Visitor:
            visitor = Visitor(chromium, demo_unit.config.base_url, device, scripts=scripts)
            leaving.callback(visitor.leaves)
            return visitor

        yield new
