"""Contact data, missing CPR numbers, and merging citizens."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0006_row_scope.sql")
FIRST_SCOPE = Path(__file__).with_name("0002_row_scope.sql")
FUNCTIONS = (
    "ek_merge_citizens(integer, integer, integer, integer, boolean, bytea, boolean, bytea, bytea, timestamptz)",
    "ek_move_citizen(integer, integer)",
    "ek_join_membership(jsonb, integer)",
    "ek_set_cpr(integer, integer, text, bytea, bytea, date, bytea, bytea, timestamptz)",
    "ek_cpr_in_use(bytea, integer)",
    "ek_record_contact_point(integer, text, integer, timestamptz)",
    "ek_require_citizen_worker(integer)",
)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Let a CPR number be unknown, make the tables, then their row scope."""
    _change_citizens()
    _make_contact_points()
    _make_cpr_changes()
    _make_merges()
    _run(SCOPE.read_text())


def _change_citizens() -> None:
    op.alter_column("citizens", "cpr", nullable=True)
    op.alter_column("citizens", "cpr_index", nullable=True)
    op.add_column("citizens", sa.Column("birth_date", sa.LargeBinary(), nullable=True))
    op.add_column("citizens", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_foreign_key("fk_citizens_merged_into_id", "citizens", "citizens", ["merged_into_id"], ["id"])
    # By hand: the model's naming convention makes ck_citizens_<name> of these.
    op.create_check_constraint("found_by_cpr", "citizens", "(cpr IS NULL) = (cpr_index IS NULL)")
    op.create_check_constraint(
        "born", "citizens", "merged_into_id IS NOT NULL OR (cpr IS NULL) = (birth_date IS NOT NULL)"
    )
    op.create_check_constraint("merged_into_another", "citizens", "merged_into_id <> id")
    op.create_index("ix_citizens_birth_month", "citizens", ["birth_month"])
    op.create_index(
        "ix_citizens_merged_into_id",
        "citizens",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )


def _make_contact_points() -> None:
    op.create_table(
        "citizen_contact_points",
        _id(),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        _instant("voided_at", nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        _instant("created_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name="in_order"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_citizen_contact_points_citizen_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name="fk_citizen_contact_points_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_citizen_contact_points"),
    )
    op.create_index("ix_citizen_contact_points_citizen_id", "citizen_contact_points", ["citizen_id"])


def _make_cpr_changes() -> None:
    op.create_table(
        "citizen_cpr_changes",
        _id(),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("former_cpr", sa.LargeBinary(), nullable=True),
        sa.Column("former_index", sa.LargeBinary(), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        _instant("changed_at"),
        sa.CheckConstraint("former_index IS NULL OR former_cpr IS NOT NULL", name="finds_a_number"),
        sa.CheckConstraint("(kind = 'sammenlagt') = (reasons IS NULL)", name="merge_has_reasons"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_citizen_cpr_changes_citizen_id"),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name="fk_citizen_cpr_changes_changed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_citizen_cpr_changes"),
    )
    op.create_index("ix_citizen_cpr_changes_citizen_id", "citizen_cpr_changes", ["citizen_id"])
    op.create_index("ix_citizen_cpr_changes_former_index", "citizen_cpr_changes", ["former_index"])


def _make_merges() -> None:
    op.create_table(
        "citizen_merges",
        _id(),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        _instant("merged_at"),
        sa.ForeignKeyConstraint(["kept_id"], ["citizens.id"], name="fk_citizen_merges_kept_id"),
        sa.ForeignKeyConstraint(["gone_id"], ["citizens.id"], name="fk_citizen_merges_gone_id"),
        sa.ForeignKeyConstraint(["merged_by_id"], ["users.id"], name="fk_citizen_merges_merged_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_citizen_merges"),
        sa.UniqueConstraint("gone_id", name="uq_citizen_merges_gone_id"),
    )
    op.create_index("ix_citizen_merges_kept_id", "citizen_merges", ["kept_id"])


def _run(statements: str) -> None:
    for role, name in vars(role_names(op.get_bind())).items():
        statements = statements.replace("{" + role + "}", name)
    # Through the driver: the text holds colons and percent signs of its own.
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def downgrade() -> None:
    """Take it all away again; refused by the database while there are citizens without a CPR number."""
    for table in ("citizen_merges", "citizen_cpr_changes", "citizen_contact_points"):
        op.drop_table(table)
    names = role_names(op.get_bind())
    op.execute(f"REVOKE UPDATE (birth_month) ON citizens FROM {names.app}")
    op.drop_index("ix_citizens_birth_month", "citizens")
    op.drop_constraint("ck_citizens_found_by_cpr", "citizens")
    # With their columns go the checks, the index and the foreign key on them.
    op.drop_column("citizens", "merged_into_id")
    op.drop_column("citizens", "birth_date")
    op.alter_column("citizens", "cpr_index", nullable=False)
    op.alter_column("citizens", "cpr", nullable=False)
    _run(_first("ek_cpr_taken").replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def _first(function: str) -> str:
    """The function as the first row scope has it."""
    text = FIRST_SCOPE.read_text()
    begin = text.index(f"CREATE FUNCTION {function}(")
    return text[begin : text.index("END $$;", begin)] + "END $$;"
