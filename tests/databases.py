"""One PostgreSQL server for a whole test run, and a fresh clone of its migrated database for each test that uses one.

The process that starts the run (pytest alone, or the controller of parallel workers) runs the server, makes the roles,
and migrates the template once. A worker clones the template (about 15 ms) into a database whose name never changes, so
that applications made once keep working on whatever clone stands behind it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import flask_migrate
import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine

from app import create_app
from app.core.bootstrap import close_schema, create_database, create_roles
from app.core.crypto import Keyring
from app.core.database import RoleNames
from app.extensions import db
from config import Config
from local.postgres import Cluster, memory_home, throwaway_cluster

ROLES = RoleNames.with_prefix("ek_test")
TEMPLATE = "ek_test_template"

# Copying files is twice as fast as writing them through the log, and nothing is kept that a crash could lose.
_CLONE: LiteralString = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY OWNER {owner}"


@dataclass(frozen=True)
class Server:
    """Where the run's server and its own files are; made of paths alone, so that workers can be told."""

    cluster_folder: Path
    folder: Path

    @property
    def cluster(self) -> Cluster:
        """The server as an object of this process; it is not started or stopped through it."""
        return Cluster(self.cluster_folder, "tests")

    @property
    def keyring_file(self) -> Path:
        """The one keyring of the run."""
        return self.folder / "keyring.json"

    def config(self, database: str, *, smtp_url: str = "smtp://127.0.0.1:1") -> Config:
        """The settings of an installation on that database, with a folder of its own beside the other workers'."""
        cluster, var_dir = self.cluster, self.folder / database
        var_dir.mkdir(mode=0o700, exist_ok=True)
        return Config(
            database_url=cluster.url(ROLES.app, database),
            database_owner_url=cluster.url(ROLES.owner, database),
            database_job_url=cluster.url(ROLES.job, database),
            statistics_database_url=cluster.url(ROLES.stat, database),
            secret_key="only-for-tests-only-for-tests-only-for-tests",
            keyring_file=self.keyring_file,
            smtp_url=smtp_url,
            mail_from="enkeltsag@kommune.example",
            base_url="http://localhost",
            port=8000,
            var_dir=var_dir,
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Run a server with roles and migrated template, and remove it afterwards whatever happened."""
    with throwaway_cluster(memory_home()) as cluster, tempfile.TemporaryDirectory(prefix="enkeltsag-tests-") as folder:
        server = Server(cluster.folder, Path(folder))
        Keyring.create(server.keyring_file)
        with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            create_roles(connection, "ek_test", {})
        make_empty_database(cluster, TEMPLATE)
        migrate(server.config(TEMPLATE))
        yield server


def make_empty_database(cluster: Cluster, name: str) -> None:
    """Make a database that no migration has touched."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        create_database(connection, name, ROLES)
    with psycopg.connect(cluster.superuser_url(name), autocommit=True) as connection:
        close_schema(connection, ROLES)


def migrate(config: Config, revision: str = "heads") -> None:
    """Bring the database up to the revision, as the owner."""
    with create_app(config, "owner").app_context():
        flask_migrate.upgrade(revision=revision)
        db.engine.dispose()


class Database:
    """The database of one worker."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self._pools: list[Engine] = []
        self._admin = psycopg.connect(server.cluster.superuser_url(), autocommit=True)
        self._fresh = False

    def engine(self, role: str) -> Engine:
        """An engine that logs in as the role."""
        engine = create_engine(self.server.cluster.url(role, self.name), pool_size=5, max_overflow=20)
        self.watch(engine)
        return engine

    def watch(self, engine: Engine) -> None:
        """Drop the engine's pooled connections when the database behind them goes."""
        self._pools.append(engine)

    def renew(self) -> None:
        """Stand on a clone that nobody has used."""
        if self._fresh:
            return
        self.drop()
        names = {"name": Identifier(self.name), "template": Identifier(TEMPLATE), "owner": Identifier(ROLES.owner)}
        self._admin.execute(SQL(_CLONE).format(**names))
        create_database(self._admin, self.name, ROLES)
        self._fresh = True

    def mark_used(self) -> None:
        """Let the next test have another clone."""
        self._fresh = False

    def drop(self) -> None:
        """Throw the database away, also under connections that somebody left open."""
        for engine in self._pools:
            engine.dispose()
        self._admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(self.name)))

    def close(self) -> None:
        """End with it."""
        self.drop()
        self._admin.close()
