"""Relations, people without a case, and groups."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0007_row_scope.sql")
FIRST_SCOPE = Path(__file__).with_name("0002_row_scope.sql")


def upgrade() -> None:
    """Make the tables, then the functions, policies and grants of their row scope."""
    _make_groups()
    _make_people()
    _make_relations()
    _make_members()
    names = role_names(op.get_bind())
    statements = SCOPE.read_text()
    for role, name in vars(names).items():
        statements = statements.replace("{" + role + "}", name)
    # Through the driver: the text holds colons of its own.
    op.get_bind().exec_driver_sql(statements)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _sealed(name: str, *, nullable: bool = True) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _make_groups() -> None:
    op.create_table(
        "groups",
        _id(),
        _number("unit_id"),
        _sealed("title", nullable=False),
        _sealed("concern", nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("named_ids", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _number("created_by_id"),
        _instant("created_at"),
        _number("version"),
        sa.CheckConstraint("(status = 'afsluttet') = (closed_on IS NOT NULL)", name="closed_has_date"),
        sa.CheckConstraint("closed_on IS NULL OR opened_on <= closed_on", name="in_order"),
        _to("groups", "unit_id", "units"),
        _to("groups", "created_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
    )
    op.create_index("ix_groups_unit_id", "groups", ["unit_id"])
    op.create_table(
        "group_notes",
        _id(),
        _number("group_id"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        _sealed("text", nullable=False),
        _number("author_id"),
        _instant("at"),
        _to("group_notes", "group_id", "groups"),
        _to("group_notes", "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_group_notes"),
    )
    op.create_index("ix_group_notes_group_id", "group_notes", ["group_id"])


def _make_people() -> None:
    op.create_table(
        "related_people",
        _id(),
        _number("case_id", nullable=True),
        _number("group_id", nullable=True),
        _sealed("name", nullable=False),
        _sealed("cpr"),
        _sealed("cpr_index"),
        _sealed("birth_date"),
        _sealed("phone"),
        _sealed("address"),
        sa.Column("delete_on", sa.Date(), nullable=False),
        _number("became_citizen_id", nullable=True),
        _number("created_by_id"),
        _instant("created_at"),
        _number("version"),
        sa.CheckConstraint("num_nonnulls(case_id, group_id) = 1", name="one_place"),
        sa.CheckConstraint("(cpr IS NULL) = (cpr_index IS NULL)", name="cpr_is_found_again"),
        _to("related_people", "case_id", "cases"),
        _to("related_people", "group_id", "groups"),
        _to("related_people", "became_citizen_id", "citizens"),
        _to("related_people", "created_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_related_people"),
        sa.UniqueConstraint("id", "case_id", name="uq_related_people_id_case_id"),
        sa.UniqueConstraint("id", "group_id", name="uq_related_people_id_group_id"),
    )
    for column in ("case_id", "group_id", "delete_on", "became_citizen_id"):
        op.create_index(f"ix_related_people_{column}", "related_people", [column])


def _make_relations() -> None:
    op.create_table(
        "relations",
        _id(),
        _number("case_id"),
        _number("citizen_id"),
        _number("other_citizen_id", nullable=True),
        _number("person_id", nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        _sealed("profession"),
        _sealed("organisation"),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        _sealed("note"),
        _number("recorded_by_id"),
        _instant("recorded_at"),
        _instant("removed_at", nullable=True),
        _number("version"),
        sa.CheckConstraint("num_nonnulls(other_citizen_id, person_id) = 1", name="one_other_end"),
        sa.CheckConstraint("from_day IS NULL OR to_day IS NULL OR from_day <= to_day", name="in_order"),
        _to("relations", "case_id", "cases"),
        _to("relations", "citizen_id", "citizens"),
        _to("relations", "other_citizen_id", "citizens"),
        _to("relations", "recorded_by_id", "users"),
        sa.ForeignKeyConstraint(
            ["person_id", "case_id"],
            ["related_people.id", "related_people.case_id"],
            name="fk_relations_person_id_case_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_relations"),
    )
    for column in ("case_id", "citizen_id", "other_citizen_id", "person_id"):
        op.create_index(f"ix_relations_{column}", "relations", [column])


def _make_members() -> None:
    op.create_table(
        "group_members",
        _id(),
        _number("group_id"),
        _number("citizen_id", nullable=True),
        _number("person_id", nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        _sealed("role_note"),
        _number("added_by_id"),
        _instant("added_at"),
        _instant("removed_at", nullable=True),
        _number("version"),
        sa.CheckConstraint("num_nonnulls(citizen_id, person_id) = 1", name="one_of_two"),
        sa.CheckConstraint("to_day IS NULL OR from_day <= to_day", name="in_order"),
        _to("group_members", "group_id", "groups"),
        _to("group_members", "citizen_id", "citizens"),
        _to("group_members", "added_by_id", "users"),
        sa.ForeignKeyConstraint(
            ["person_id", "group_id"],
            ["related_people.id", "related_people.group_id"],
            name="fk_group_members_person_id_group_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_members"),
    )
    for column in ("group_id", "citizen_id", "person_id"):
        op.create_index(f"ix_group_members_{column}", "group_members", [column])


def downgrade() -> None:
    """Take the tables away, and give the record of a case its former reading."""
    op.execute("DROP POLICY audit_events_relations ON audit_events")
    former = FIRST_SCOPE.read_text()
    former = former[former.index("CREATE FUNCTION ek_case_events") :]
    former = former[: former.index("$$;") + len("$$;")].replace("CREATE", "CREATE OR REPLACE", 1)
    op.get_bind().exec_driver_sql(former)
    op.execute("DROP FUNCTION ek_relation_in_sight(integer)")
    for table in ("group_members", "relations", "related_people", "group_notes", "groups"):
        op.execute(f"DROP TABLE {table} CASCADE")
