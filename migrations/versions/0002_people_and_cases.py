"""Places, citizens and cases, and the row scope that decides which of them exist for whom."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0002_row_scope.sql")
FUNCTIONS = (
    "ek_case_members(integer)",
    "ek_case_events(integer, text[], boolean, integer, integer)",
    "ek_name_candidates(smallint[], boolean)",
    "ek_cpr_taken(bytea, timestamptz, integer)",
    "ek_record_citizen_change(integer, text[], timestamptz)",
    "ek_assign_owner(integer, integer, timestamptz)",
    "ek_end_access(integer, timestamptz)",
    "ek_give_access(integer, integer, text, date, date, timestamptz)",
    "ek_reserve_case(integer, boolean, integer[], timestamptz)",
    "ek_require_colleague(integer, integer, text[])",
    "ek_require_case_worker(integer)",
    "ek_record(text, integer, jsonb, timestamptz)",
    "ek_open_cases(integer, integer)",
    "ek_cpr_met(timestamptz)",
    "ek_citizen_in_sight(integer)",
    "ek_case_in_sight(integer)",
    "ek_attach_citizen()",
)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Make the tables, then the functions, policies and grants of the row scope."""
    _make_places()
    _make_citizens()
    _make_cases()
    names = role_names(op.get_bind())
    statements = SCOPE.read_text()
    for role, name in vars(names).items():
        statements = statements.replace("{" + role + "}", name)
    # Through the driver: the text holds colons and percent signs of its own.
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def _make_places() -> None:
    op.create_table(
        "bydele",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bydele"),
        sa.UniqueConstraint("name", name="uq_bydele_name"),
    )
    op.create_table(
        "schools",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("bydel_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bydel_id"], ["bydele.id"], name="fk_schools_bydel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_schools"),
        sa.UniqueConstraint("name", name="uq_schools_name"),
    )


def _make_citizens() -> None:
    op.create_table(
        "citizens",
        _id(),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_tokens", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("cpr", sa.LargeBinary(), nullable=False),
        sa.Column("cpr_index", sa.LargeBinary(), nullable=False),
        sa.Column("birth_month", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(40), nullable=False),
        sa.Column("address_protection", sa.String(40), nullable=False),
        sa.Column("bydel_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("attached", sa.Boolean(), nullable=False),
        sa.Column("in_active_case", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        _instant("created_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bydel_id"], ["bydele.id"], name="fk_citizens_bydel_id"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_citizens_school_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name="fk_citizens_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_citizens"),
        sa.UniqueConstraint("cpr_index", name="uq_citizens_cpr_index"),
    )
    op.create_index("ix_citizens_name_tokens", "citizens", ["name_tokens"], postgresql_using="gin")
    op.create_index(
        "ix_citizens_name_tokens_in_active_case",
        "citizens",
        ["name_tokens"],
        postgresql_using="gin",
        postgresql_where=sa.text("in_active_case"),
    )


def _make_cases() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_case_numbers"),
    )
    op.execute("CREATE SEQUENCE case_ids AS integer")
    op.create_table(
        "case_access",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.CheckConstraint("to_day IS NULL OR from_day <= to_day", name="in_order"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_case_access_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_access"),
    )
    op.create_index("ix_case_access_user_id_case_id", "case_access", ["user_id", "case_id"])
    op.create_index("ix_case_access_case_id", "case_access", ["case_id"])
    op.create_index(
        "ix_case_access_barred", "case_access", ["user_id", "case_id"], postgresql_where=sa.text("kind = 'barred'")
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("niveau", sa.SmallInteger(), nullable=False),
        sa.Column("opened_niveau", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("referrer", sa.String(40), nullable=False),
        sa.Column("concern", sa.LargeBinary(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        _instant("opened_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'afsluttet') = (closed_on IS NOT NULL)", name="closed_has_date"),
        sa.CheckConstraint("closed_on IS NULL OR opened_on <= closed_on", name="in_order"),
        sa.CheckConstraint("niveau BETWEEN 1 AND 9", name="niveau"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_cases_citizen_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_cases_unit_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_cases_owner_id"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name="fk_cases_opened_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    op.create_index("ix_cases_citizen_id", "cases", ["citizen_id"])
    op.create_index("ix_cases_owner_id_number", "cases", ["owner_id", "number"])
    op.create_index("ix_cases_owner_id_status_number", "cases", ["owner_id", "status", sa.text("number DESC")])
    op.create_index("ix_cases_niveau_number", "cases", ["niveau", "number"])
    op.create_index("ix_cases_opened_on_number", "cases", ["opened_on", "number"])
    op.create_index("ix_cases_unit_id_status_number", "cases", ["unit_id", "status", sa.text("number DESC")])
    op.create_index("ix_cases_status_number", "cases", ["status", sa.text("number DESC")])


def downgrade() -> None:
    """Take it all away again, in the opposite order."""
    op.execute("DROP POLICY audit_events_read ON audit_events")
    for table in ("cases", "case_access", "case_numbers", "citizens", "schools", "bydele"):
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP SEQUENCE case_ids")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
