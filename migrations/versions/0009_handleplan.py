"""Handleplan, its measures and their catalogue."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("handleplans", "plan_goals", "plan_measures", "plan_follow_ups", "plan_acute_lines")
CATALOGUE = {
    "fritidsjob": "Fritidsjob",
    "forening": "Forening eller sport",
    "klub": "Klub eller fritidstilbud",
    "mentor": "Mentor",
    "familie": "Støtte til familien",
    "misbrug": "Misbrugsbehandling",
    "psykiatri": "Psykiatri eller psykolog",
    "skole": "Skole",
    "uddannelse": "Uddannelse eller job",
    "bolig": "Bolig",
    "center_18plus": "18+ center",
    "exit": "Exit",
    "bekymringssamtale": "Bekymringssamtale",
    "konfliktraad": "Konfliktråd",
    "gaeld": "Gæld og økonomi",
    "andet": "Andet",
}


def upgrade() -> None:
    """Make the tables, their row scope and grants, and fill the catalogue."""
    _make_catalogue()
    _make_plans()
    _make_goals()
    _make_measures()
    _make_follow_ups()
    _make_acute_lines()
    for table in TABLES:
        op.create_index(f"ix_{table}_case_id", table, ["case_id"])
        if table != "handleplans":
            op.create_index(f"ix_{table}_plan_id", table, ["plan_id"])
    names = role_names(op.get_bind())
    scope = Path(__file__).with_name("0009_row_scope.sql").read_text(encoding="utf-8")
    op.execute(scope.format(app=names.app, stat=names.stat))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _make_catalogue() -> None:
    catalogue = op.create_table(
        "measure_catalogue",
        _id(),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _version(),
        sa.PrimaryKeyConstraint("id", name="pk_measure_catalogue"),
        sa.UniqueConstraint("code", name="uq_measure_catalogue_code"),
        sa.UniqueConstraint("label", name="uq_measure_catalogue_label"),
    )
    op.bulk_insert(
        catalogue,
        [{"code": code, "label": label, "active": True, "version": 1} for code, label in CATALOGUE.items()],
    )


def _make_plans() -> None:
    op.create_table(
        "handleplans",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("aim", sa.LargeBinary(), nullable=True),
        sa.Column("own_words", sa.LargeBinary(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.LargeBinary(), nullable=True),
        _version(),
        sa.CheckConstraint("closed_on IS NULL OR started_on <= closed_on", name="in_order"),
        sa.CheckConstraint("kind = 'akut' OR incident_id IS NULL", name="incident_is_acute"),
        sa.CheckConstraint("closing IS NULL OR closed_on IS NOT NULL", name="closing_when_closed"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_handleplans_case_id"),
        sa.ForeignKeyConstraint(["started_by_id"], ["users.id"], name="fk_handleplans_started_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handleplans"),
        sa.UniqueConstraint("id", "case_id", name="uq_handleplans_id_case_id"),
    )
    op.create_index(
        "uq_handleplans_open",
        "handleplans",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL"),
    )


def _hangs_on_plan(table: str) -> list[sa.ForeignKeyConstraint | sa.PrimaryKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["plan_id", "case_id"], ["handleplans.id", "handleplans.case_id"], name=f"fk_{table}_plan_id_case_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _plan_and_case() -> list[sa.Column[int]]:
    return [sa.Column("plan_id", sa.Integer(), nullable=False), sa.Column("case_id", sa.Integer(), nullable=False)]


def _make_goals() -> None:
    op.create_table(
        "plan_goals",
        _id(),
        *_plan_and_case(),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        _version(),
        *_hangs_on_plan("plan_goals"),
        sa.UniqueConstraint("id", "plan_id", name="uq_plan_goals_id_plan_id"),
    )


def _make_measures() -> None:
    op.create_table(
        "plan_measures",
        _id(),
        *_plan_and_case(),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("responsible_user_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.LargeBinary(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("result_note", sa.LargeBinary(), nullable=True),
        _version(),
        sa.CheckConstraint("num_nonnulls(responsible_user_id, organisation) = 1", name="one_responsible"),
        sa.CheckConstraint("from_day <= to_day", name="in_order"),
        sa.CheckConstraint("(state IN ('afsluttet', 'afbrudt')) = (result IS NOT NULL)", name="ended_has_result"),
        sa.CheckConstraint("(ended_on IS NULL) = (result IS NULL)", name="ended_has_day"),
        sa.ForeignKeyConstraint(
            ["goal_id", "plan_id"], ["plan_goals.id", "plan_goals.plan_id"], name="fk_plan_measures_goal_id_plan_id"
        ),
        sa.ForeignKeyConstraint(["catalogue_id"], ["measure_catalogue.id"], name="fk_plan_measures_catalogue_id"),
        sa.ForeignKeyConstraint(["responsible_user_id"], ["users.id"], name="fk_plan_measures_responsible_user_id"),
        *_hangs_on_plan("plan_measures"),
    )
    op.create_index("ix_plan_measures_catalogue_id", "plan_measures", ["catalogue_id"])


def _make_follow_ups() -> None:
    op.create_table(
        "plan_follow_ups",
        _id(),
        *_plan_and_case(),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        _version(),
        sa.CheckConstraint("num_nonnulls(held_on, cancelled_on) <= 1", name="held_or_cancelled"),
        sa.CheckConstraint("num_nonnulls(held_on, cancelled_on) = num_nonnulls(text)", name="told_when_over"),
        *_hangs_on_plan("plan_follow_ups"),
    )


def _make_acute_lines() -> None:
    op.create_table(
        "plan_acute_lines",
        _id(),
        *_plan_and_case(),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("responsible_user_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _version(),
        sa.CheckConstraint("hours IN (24, 72)", name="hours"),
        sa.CheckConstraint("num_nonnulls(responsible_user_id, organisation) <= 1", name="one_responsible"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_somehow"),
        sa.ForeignKeyConstraint(["responsible_user_id"], ["users.id"], name="fk_plan_acute_lines_responsible_user_id"),
        *_hangs_on_plan("plan_acute_lines"),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_table("measure_catalogue")
