"""Handover, review of cases, and imports."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0012_row_scope.sql")
FUNCTIONS = (
    "ek_case_doings(integer[], timestamptz[], text[])",
    "ek_reserve_cases(jsonb, timestamptz)",
    "ek_cprs_taken(bytea[], timestamptz, integer)",
)


def upgrade() -> None:
    """Make the tables, then their row scope and the owner-side functions."""
    _make_handovers()
    _make_reviews()
    _make_imports()
    names = role_names(op.get_bind())
    statements = SCOPE.read_text()
    for role, name in vars(names).items():
        statements = statements.replace("{" + role + "}", name)
    # Through the driver: the text holds colons and percent signs of its own.
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_handovers() -> None:
    op.create_table(
        "handovers",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.CheckConstraint("from_id IS DISTINCT FROM to_id", name="changes_hands"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_handovers_case_id"),
        sa.ForeignKeyConstraint(["from_id"], ["users.id"], name="fk_handovers_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["users.id"], name="fk_handovers_to_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_handovers_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    op.create_index("ix_handovers_case_id", "handovers", ["case_id"])


def _make_reviews() -> None:
    op.create_table(
        "case_reviews",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_reviews_case_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_case_reviews_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_reviews"),
    )
    op.create_index("ix_case_reviews_case_id_at", "case_reviews", ["case_id", sa.text("at DESC")])


def _make_imports() -> None:
    op.create_table(
        "import_jobs",
        _id(),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("notices", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_bad", sa.Integer(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        _instant("created_at"),
        _instant("seen_at", nullable=True),
        _instant("finished_at", nullable=True),
        sa.CheckConstraint("(state = 'hentet') = (finished_at IS NOT NULL)", name="done_has_instant"),
        sa.CheckConstraint("rows_bad BETWEEN 0 AND rows_total", name="bad_of_total"),
        sa.CheckConstraint("rows_known BETWEEN 0 AND rows_total", name="known_of_total"),
        sa.CheckConstraint("rows_done BETWEEN 0 AND rows_total", name="done_of_total"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_import_jobs_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_jobs"),
    )
    op.create_index("ix_import_jobs_by_id", "import_jobs", ["by_id"])
    op.create_table(
        "import_rows",
        _id(),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("problem", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["import_jobs.id"], name="fk_import_rows_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_import_rows"),
        sa.UniqueConstraint("job_id", "line", name="uq_import_rows_job_id_line"),
    )


def downgrade() -> None:
    """Take them away again."""
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in ("import_rows", "import_jobs", "case_reviews", "handovers"):
        op.drop_table(table)
