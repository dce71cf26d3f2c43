"""The migrations: each can be taken back without a trace, also under data; together they make what the models say."""

from collections.abc import Iterator

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app.core.model import Base
from app.extensions import db
from config import ROOT
from tests.contents import contents
from tests.databases import ROLES, Database, Server, make_empty_database
from tests.factories import Make
from tests.samples import Sampler
from tests.schema import PARTS, differences, schema
from tests.world import World

STEPS = list(reversed([script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]))


@pytest.fixture
def alembic(owner_app: Flask) -> Iterator[Flask]:
    """The owner's application, in a context in which Alembic commands run."""
    with owner_app.app_context():
        yield owner_app
        db.engine.dispose()


def test_each_step_up_and_down_leaves_no_trace(alembic: Flask, owner: Engine) -> None:
    flask_migrate.downgrade(revision="base")
    for step in STEPS:
        before = schema(owner)

        flask_migrate.upgrade(revision=step)
        after = schema(owner)
        flask_migrate.downgrade(revision="-1")

        assert differences(before, schema(owner)) == [], step
        flask_migrate.upgrade(revision=step)
        assert differences(after, schema(owner)) == [], step


@pytest.mark.parametrize("step", STEPS)
def test_step_goes_down_and_up_under_data(alembic: Flask, owner: Engine, make: Make, world: World, step: str) -> None:
    sampler = Sampler(make, owner)
    for case in world.cases.values():
        sampler.hang_on(case)
    before, held, shaped = schema(owner), contents(owner), _shapes(owner)
    below = STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "base"

    flask_migrate.downgrade(revision=below)
    kept, left = contents(owner), _shapes(owner)
    flask_migrate.upgrade(revision="head")

    assert differences(before, schema(owner)) == []
    tables = set(left) - {"alembic_version"}
    untouched = {table: kept[table] for table in tables if left[table] == shaped[table]}
    assert untouched == {table: held[table] for table in untouched}
    # A table that only lost columns has all of its rows.
    assert {table: kept[table].split()[0] for table in tables} == {table: held[table].split()[0] for table in tables}


def _shapes(owner: Engine) -> dict[str, str]:
    """The columns of each table."""
    asked = text(
        "SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position) AS columns"
        " FROM information_schema.columns JOIN pg_tables ON tablename = table_name"
        " WHERE table_schema = 'public' GROUP BY table_name"
    )
    with owner.connect() as connection:
        return {row.table_name: row.columns for row in connection.execute(asked)}


def test_taken_back_to_the_beginning_nothing_is_left(alembic: Flask, owner: Engine) -> None:
    flask_migrate.downgrade(revision="base")

    left = schema(owner)
    assert [row for rows in left.values() for row in rows if "alembic_version" not in row] == []


def test_head_is_what_the_models_say(alembic: Flask, owner: Engine) -> None:
    assert model_differences(owner) == []


def test_head_is_what_the_models_would_make(owner: Engine, server: Server, worker_database: Database) -> None:
    """Also what Alembic does not compare: the text of checks, defaults, generated columns, the order of an index."""
    name = f"{worker_database.name}_models"
    make_empty_database(server.cluster, name)
    made_of_models = create_engine(server.cluster.url(ROLES.owner, name))
    Base.metadata.create_all(made_of_models)
    expected, found = schema(made_of_models), schema(owner)
    made_of_models.dispose()

    for part in ("columns", "constraints", "indexes"):
        without_alembic = [row for row in found[part] if "alembic_version" not in row]
        assert differences({part: expected[part]}, {part: without_alembic}) == []


def test_a_difference_from_the_models_is_found(alembic: Flask, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE cases ALTER COLUMN number TYPE varchar(11)"))
        connection.execute(text("DROP INDEX ix_cases_citizen_id"))

    assert len(model_differences(owner)) == 2


def model_differences(owner: Engine) -> list[object]:
    with owner.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("columns", "ALTER TABLE cases ALTER COLUMN closed_on SET NOT NULL"),
        ("constraints", "ALTER TABLE cases DROP CONSTRAINT ck_cases_in_order"),
        ("indexes", "DROP INDEX ix_cases_citizen_id"),
        ("sequences", "CREATE SEQUENCE gap"),
        ("functions", "REVOKE EXECUTE ON FUNCTION ek_case_members(integer) FROM ek_test_app"),
        ("triggers", "DROP TRIGGER cases_attach_citizen ON cases"),
        ("row scope", "ALTER TABLE cases DISABLE ROW LEVEL SECURITY"),
        ("policies", "DROP POLICY cases_not_barred ON cases"),
        ("table rights", "GRANT DELETE ON cases TO ek_test_app"),
        ("column rights", "GRANT UPDATE (unit_id) ON cases TO ek_test_app"),
        ("types", "CREATE DOMAIN gap AS integer"),
        ("comments", "COMMENT ON TABLE cases IS 'gap'"),
    ],
)
def test_comparison_sees_every_part(owner: Engine, part: str, change: str) -> None:
    before = schema(owner)
    with owner.begin() as connection:
        connection.execute(text(change))

    assert part in PARTS
    assert any(f" {part}: " in line for line in differences(before, schema(owner)))
