"""Make the four login roles and the database of an installation; the only thing that a database superuser does.

Roles belong to the whole PostgreSQL cluster, so their names carry the installation's prefix and several installations
can share one cluster. Everything is idempotent: running it again repairs rights and sets new passwords.
"""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from app.core.database import RoleNames

IDLE_IN_TRANSACTION = "60s"
"""How long a stopped process can hold its row locks before the database ends its transaction."""

_CREATE_ROLE = SQL("DO {} ")
_CREATE_ROLE_BODY = SQL("BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END")
_LIMIT_ROLE = SQL(
    "ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
    " PASSWORD {password}"
)
_END_IDLE = SQL("ALTER ROLE {role} SET idle_in_transaction_session_timeout = {timeout}")
_DATABASE_RIGHTS = (
    SQL("ALTER DATABASE {database} OWNER TO {owner}"),
    SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC"),
    SQL("GRANT CONNECT ON DATABASE {database} TO {owner}, {users}"),
)
_SCHEMA_RIGHTS = (
    SQL("ALTER SCHEMA public OWNER TO {owner}"),
    SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
    SQL("GRANT USAGE ON SCHEMA public TO {users}"),
)


def create_roles(connection: Connection[Any], prefix: str, passwords: Mapping[str, str]) -> RoleNames:
    """Create the installation's roles, or bring existing ones back to what they may do.

    `connection` is a superuser's, in autocommit. `passwords` holds one per role name; a role without one can only log
    in where the server asks for none. The server is sent a verifier, never the password itself.
    """
    names = RoleNames.with_prefix(prefix)
    for name in astuple(names):
        role = Identifier(name)
        body = _CREATE_ROLE_BODY.format(role=role).as_string(connection)
        connection.execute(_CREATE_ROLE.format(Literal(body)))
        connection.execute(_LIMIT_ROLE.format(role=role, password=_verifier(connection, name, passwords.get(name))))
    for name in (names.app, names.job):
        connection.execute(_END_IDLE.format(role=Identifier(name), timeout=Literal(IDLE_IN_TRANSACTION)))
    return names


def create_database(connection: Connection[Any], database: str, names: RoleNames) -> bool:
    """Create the database for its owner, closed to everybody else; return whether it is new.

    `connection` is a superuser's, in autocommit. Follow up with `close_schema` inside the new database.
    """
    exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
    if not exists:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
    for statement in _DATABASE_RIGHTS:
        connection.execute(_filled(statement, names, database))
    return not exists


def close_schema(connection: Connection[Any], names: RoleNames) -> None:
    """Give the schema `public` of the connected database to the owner, who alone may create in it."""
    for statement in _SCHEMA_RIGHTS:
        connection.execute(_filled(statement, names))


def _filled(statement: SQL, names: RoleNames, database: str = "") -> Composed:
    users = SQL(", ").join(Identifier(name) for name in (names.app, names.job, names.stat))
    return statement.format(database=Identifier(database), owner=Identifier(names.owner), users=users)


def _verifier(connection: Connection[Any], role: str, password: str | None) -> Literal:
    if password is None:
        return Literal(None)
    encrypted = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return Literal(encrypted.decode())
