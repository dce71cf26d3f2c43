"""Installations to measure: each its own database on one throw-away cluster that keeps what it commits."""

import secrets
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import psutil
import psycopg

from app import create_app
from app.core import clock
from app.core.bootstrap import create_roles
from app.core.crypto import Keyring
from app.demo import load
from app.demo.unit import LOG_INS
from config import Config
from local.os_user import LocalError
from local.postgres import throwaway_cluster
from local.processes import Processes
from tests.bench import bare
from tests.bench.client import HOST
from tests.databases import ROLES, Server, make_empty_database, migrate

_READY_SECONDS = 60
SEED = 2017


@dataclass(frozen=True)
class Web:
    """A gunicorn that runs."""

    port: int
    process: psutil.Process

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        children: list[psutil.Process] = self.process.children()
        return children

    def resident_megabytes(self) -> float:
        """What one worker holds of memory, on average."""
        workers = self.workers
        return float(sum(worker.memory_info().rss for worker in workers)) / len(workers) / 2**20


@dataclass(frozen=True)
class Site:
    """An installation with so many cases, and the bare page on the same database."""

    cases: int
    config: Config
    password: str
    superuser_url: str

    @property
    def owner_url(self) -> str:
        """The database as its owner, whom no policy binds."""
        return self.config.database_url_for("owner")

    def email(self, login: str) -> str:
        """The mail address that an employee signs in with."""
        return f"{login}@demo.example"

    def settle(self) -> None:
        """Do at once what autovacuum would do in its own time, perhaps in the middle of a measurement."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextmanager
def running_cluster() -> Iterator[Server]:
    """Run a cluster on which a commit waits for the disk, with the roles made."""
    with (
        throwaway_cluster(profile="bench") as cluster,
        tempfile.TemporaryDirectory(prefix="ek-bench-") as folder,
    ):
        server = Server(cluster.folder, Path(folder))
        Keyring.create(server.keyring_file)
        with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            create_roles(connection, "ek_test", {})
        yield server


def make_site(server: Server, cases: int) -> Site:
    """Fill a database with so many cases, and let PostgreSQL know what is in it."""
    name = f"bench_{cases}"
    make_empty_database(server.cluster, name)
    port = _free_port()
    var_dir = server.folder / name
    config = replace(
        server.config(name),
        port=port,
        base_url=f"http://{HOST}:{port}",
        var_dir=var_dir,
        secret_key=secrets.token_hex(32),
    )
    migrate(config)
    with create_app(config, "owner").app_context():
        load.load(cases=cases, seed=SEED, at=clock.now())
    password = (var_dir / LOG_INS).read_text(encoding="utf-8").splitlines()[0].split()[-1]
    with psycopg.connect(config.database_url_for("owner"), autocommit=True) as connection:
        for statement in bare.MAKE_TABLES.format(rows=cases, app=ROLES.app).split(";\n"):
            connection.execute(statement.encode())
    site = Site(cases, config, password, server.cluster.superuser_url(name))
    site.settle()
    return site


class Webs:
    """Starts gunicorns with the settings of `gunicorn.conf.py`; a context manager that stops them."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, site: Site) -> Web:
        """Serve the pages."""
        return self._start(f"pages-{site.cases}", environment(site.config))

    def start_bare(self, site: Site) -> Web:
        """Serve the bare page, from the same database."""
        url = site.config.database_url_for("web")
        settings = environment(replace(site.config, port=_free_port()))
        return self._start(f"bare-{site.cases}", settings, f"tests.bench.bare:create_app({url!r})")

    def _start(self, name: str, environment: Mapping[str, str], *arguments: str) -> Web:
        known = {child.pid for child in psutil.Process().children()}
        processes = self._stack.enter_context(Processes(environment, self._log_dir))
        processes.start(name, "gunicorn", *arguments)
        (process,) = (child for child in psutil.Process().children() if child.pid not in known)
        port = int(environment["PORT"])
        until = time.monotonic() + _READY_SECONDS
        while not _listens(port):
            if end := processes.first_end():
                raise LocalError(end)
            if time.monotonic() > until:
                raise LocalError(f"{name} does not listen")
            time.sleep(0.05)
        return Web(port, process)


def environment(config: Config) -> dict[str, str]:
    """The settings of the installation, as its web processes read them."""
    return {
        "DATABASE_URL": config.database_url_for("web"),
        "STATISTICS_DATABASE_URL": config.statistics_database_url or "",
        "SECRET_KEY": config.secret_key,
        "KEYRING_FILE": str(config.keyring_file),
        "SMTP_URL": config.smtp_url,
        "MAIL_FROM": config.mail_from,
        "BASE_URL": config.base_url,
        "PORT": str(config.port),
        "VAR_DIR": str(config.var_dir),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
