"""The local database: its roles, whether migrations are missing, whether it holds anything."""

from collections.abc import Mapping

import psycopg
from alembic.script import ScriptDirectory

from app.core.bootstrap import close_schema, create_database, create_roles
from config import ROOT
from local.environment import NAME, ROLES
from local.postgres import Cluster


def bootstrap(cluster: Cluster, passwords: Mapping[str, str]) -> None:
    """Make the roles and the database; what exists is brought back to what it should be."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        create_roles(connection, NAME, passwords)
        create_database(connection, NAME, ROLES)
    with psycopg.connect(cluster.superuser_url(NAME), autocommit=True) as connection:
        close_schema(connection, ROLES)


def is_current(owner_url: str) -> bool:
    """Whether every migration has been run."""
    heads = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
    with psycopg.connect(owner_url) as connection:
        if not _exists(connection, "alembic_version"):
            return False
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")} == heads


def is_empty(owner_url: str) -> bool:
    """Whether nobody can sign in yet."""
    with psycopg.connect(owner_url) as connection:
        return connection.execute("SELECT NOT EXISTS (SELECT FROM users)").fetchone() == (True,)


def _exists(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone() == (True,)
