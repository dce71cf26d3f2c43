"""The demo unit, loaded once for a whole file of tests."""

from collections.abc import Iterator

import pytest

from app.core import crypto
from app.core.crypto import Keyring
from tests.databases import Database, Server
from tests.mailserver import MailServer
from tests.system.installation import Installation


@pytest.fixture(scope="module")
def demo_unit(server: Server, mail_server: MailServer, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation with the demo unit, in a database beside the worker's own."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "single")
    database = Database(server, f"ek_demo_{worker}")
    database.renew()
    crypto.install(Keyring.load(server.keyring_file))
    installation = Installation(server, database, mail_server.url)
    installation.load_demo()
    yield installation
    database.close()
