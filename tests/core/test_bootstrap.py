"""The four roles: each may log in and nothing more; the database is closed to all others."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import IdleInTransactionSessionTimeout, InsufficientPrivilege

from app.core.bootstrap import IDLE_IN_TRANSACTION, close_schema, create_database, create_roles
from app.core.database import RoleNames
from local.postgres import Cluster, throwaway_cluster

DATABASE = "proeve"
NAMES = RoleNames.with_prefix("proeve")
ALL_ROLES = [NAMES.owner, NAMES.app, NAMES.job, NAMES.stat]


def bootstrap(cluster: Cluster, passwords: dict[str, str]) -> bool:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        names = create_roles(connection, "proeve", passwords)
        created = create_database(connection, DATABASE, names)
    with psycopg.connect(cluster.superuser_url(DATABASE), autocommit=True) as connection:
        close_schema(connection, names)
    return created


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as running:
        bootstrap(running, {NAMES.app: "hemmelig"})
        yield running


def one(cluster: Cluster, query: str, *values: object) -> tuple[object, ...]:
    with psycopg.connect(cluster.superuser_url(DATABASE)) as connection:
        row = connection.execute(query, values).fetchone()
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_role_may_log_in_and_nothing_else(cluster: Cluster, role: str) -> None:
    flags = "rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolinherit"

    assert one(cluster, f"SELECT {flags} FROM pg_roles WHERE rolname = %s", role) == (True, *[False] * 6)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_role_is_member_of_no_other(cluster: Cluster, role: str) -> None:
    query = "SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole OR roleid = %s::regrole"

    assert one(cluster, query, role, role) == (0,)


def test_owner_owns_the_database_and_its_schema(cluster: Cluster) -> None:
    assert one(
        cluster,
        "SELECT pg_get_userbyid(datdba), pg_get_userbyid(nspowner) FROM pg_database, pg_namespace"
        " WHERE datname = current_database() AND nspname = 'public'",
    ) == (NAMES.owner, NAMES.owner)


def test_owner_may_create_tables(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(NAMES.owner, DATABASE)) as connection:
        connection.execute("CREATE TABLE mine (x int)")
        connection.rollback()


@pytest.mark.parametrize("role", [NAMES.app, NAMES.job, NAMES.stat])
@pytest.mark.parametrize("statement", ["CREATE TABLE t (x int)", "CREATE TEMP TABLE t (x int)", "CREATE SCHEMA s"])
def test_others_create_nothing(cluster: Cluster, role: str, statement: str) -> None:
    with psycopg.connect(cluster.url(role, DATABASE)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)


def test_new_tables_are_closed_until_granted(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(NAMES.owner, DATABASE)) as connection:
        connection.execute("CREATE TABLE closed (x int)")
    for role in (NAMES.app, NAMES.job, NAMES.stat):
        with psycopg.connect(cluster.url(role, DATABASE)) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute("SELECT FROM closed")


def test_roles_of_another_installation_cannot_connect(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        create_roles(connection, "nabo", {})

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(cluster.url("nabo_app", DATABASE))


@pytest.mark.parametrize("role", [NAMES.app, NAMES.job])
def test_stopped_process_loses_its_transaction(cluster: Cluster, role: str) -> None:
    with psycopg.connect(cluster.url(role, DATABASE)) as connection:
        row = connection.execute("SELECT current_setting('idle_in_transaction_session_timeout')").fetchone()
    assert IDLE_IN_TRANSACTION == "60s"
    assert row == ("1min",)


def test_timeout_does_what_it_says(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(NAMES.job, DATABASE)) as connection:
        connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
        connection.execute("SELECT 1")
        time.sleep(0.5)
        with pytest.raises(IdleInTransactionSessionTimeout):
            connection.execute("SELECT 1")


def test_password_is_kept_as_a_verifier_and_none_stays_none(cluster: Cluster) -> None:
    query = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"

    assert str(one(cluster, query, NAMES.app)[0]).startswith("SCRAM-SHA-256$")
    assert one(cluster, query, NAMES.job) == (None,)


def test_running_it_again_repairs_what_somebody_changed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(DATABASE), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {NAMES.app} SUPERUSER BYPASSRLS")
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")

    assert not bootstrap(cluster, {NAMES.app: "ny"})

    assert one(cluster, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", NAMES.app) == (False, False)
    test_others_create_nothing(cluster, NAMES.app, "CREATE TABLE t (x int)")


def test_odd_prefix_is_quoted(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        names = create_roles(connection, 'Åby "2" $$', {})

    assert one(cluster, "SELECT count(*) FROM pg_roles WHERE rolname = %s", names.stat) == (1,)
