"""Risk assessments by a versioned checklist, and the rules for when they are reviewed."""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0008_row_scope.sql")
CHECKLIST = Path(__file__).with_name("0008_checklist.json")
MONTHS_OF_NIVEAU = {1: 6, 2: 3, 3: 1}

ADD_RULE = """
INSERT INTO deadline_rules (code, title, legal_basis, verified, verified_note, statutory, responsible, trigger,
  stop_event, length, unit, direction, valid_from, valid_to, remind_at_start, reminder_days, repeat_daily_after,
  leader_from_days)
VALUES (:code, :title, 'Lokal praksis', 'lokal', 'Enhedens egen praksis. Længden er ikke bekræftet af ledelsen.', false,
  'Kommunen', 'risikovurdering_underskrevet', 'ny_risikovurdering_underskrevet', :months, 'maaneder', 'efter',
  NULL, NULL, false, '{14, 3, 0}', false, 1)
ON CONFLICT (code, valid_from) DO NOTHING
"""


PROPOSED_BY = "fk_level_changes_assessment_id_case_id"


def upgrade() -> None:
    """Make the tables, fill in the checklist and the rules, then say who may see and do what."""
    _make_checklists()
    _make_assessments()
    _make_ratings()
    for niveau, months in MONTHS_OF_NIVEAU.items():
        rule = {
            "code": f"risiko_opfoelgning_{niveau}",
            "title": f"Ny risikovurdering på niveau {niveau}",
            "months": months,
        }
        op.get_bind().execute(sa.text(ADD_RULE), rule)
    op.execute(SCOPE.read_text(encoding="utf-8").format(**vars(role_names(op.get_bind()))))


def _make_checklists() -> None:
    checklists = op.create_table(
        "assessment_checklists",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("(made_by_id IS NULL) = (made_at IS NULL)", name="made_by_somebody"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_assessment_checklists_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_checklists"),
        sa.UniqueConstraint("version", name="uq_assessment_checklists_version"),
    )
    content = json.loads(CHECKLIST.read_text(encoding="utf-8"))
    op.bulk_insert(checklists, [{"version": 1, "valid_from": date(2000, 1, 1), "content": content}])


def _make_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("main_source", sa.String(40), nullable=True),
        sa.Column("concerns", sa.LargeBinary(), nullable=True),
        sa.Column("resources", sa.LargeBinary(), nullable=True),
        sa.Column("raises", sa.LargeBinary(), nullable=True),
        sa.Column("lowers", sa.LargeBinary(), nullable=True),
        sa.Column("urgency", sa.String(40), nullable=True),
        sa.Column("urgency_reasons", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_niveau", sa.SmallInteger(), nullable=True),
        sa.Column("own_view", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_assessment_checks(),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_assessments_case_id"),
        sa.ForeignKeyConstraint(["checklist_id"], ["assessment_checklists.id"], name="fk_assessments_checklist_id"),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=f"fk_assessments_{column}")
            for column in ("started_by_id", "saved_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.UniqueConstraint("id", "case_id", name="uq_assessments_id_case_id"),
    )
    op.create_index("ix_assessments_case_id", "assessments", ["case_id"])
    # An assessment may propose a level; the change names it.
    op.create_foreign_key(PROPOSED_BY, "level_changes", "assessments", ["assessment_id", "case_id"], ["id", "case_id"])
    op.create_index(
        "uq_assessments_draft", "assessments", ["case_id"], unique=True, postgresql_where=sa.text("state = 'kladde'")
    )


def _assessment_checks() -> list[sa.CheckConstraint]:
    checks = {
        "ended_has_instant": "(state = 'kladde') = (ended_at IS NULL)",
        "ended_by_somebody": "(ended_at IS NULL) = (ended_by_id IS NULL)",
        "signed_whole": "state <> 'underskrevet' OR num_nulls("
        "urgency, urgency_reasons, proposed_niveau, review_on, main_source) = 0",
        "review_after": "state <> 'underskrevet' OR on_day < review_on",
        "proposed_niveau": "proposed_niveau BETWEEN 1 AND 9",
    }
    return [sa.CheckConstraint(check, name=name) for name, check in checks.items()]


def _make_ratings() -> None:
    op.create_table(
        "assessment_ratings",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("rating", sa.String(40), nullable=True),
        sa.Column("source", sa.String(40), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id", "case_id"],
            ["assessments.id", "assessments.case_id"],
            name="fk_assessment_ratings_assessment_id_case_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_ratings"),
        sa.UniqueConstraint("assessment_id", "item", name="uq_assessment_ratings_assessment_id_item"),
    )
    op.create_index("ix_assessment_ratings_case_id", "assessment_ratings", ["case_id"])


def downgrade() -> None:
    """Take the tables away. The rules stay, for clocks may have been started under them."""
    op.drop_constraint(PROPOSED_BY, "level_changes", type_="foreignkey")
    op.execute("UPDATE level_changes SET assessment_id = NULL")
    for table in ("assessment_ratings", "assessments", "assessment_checklists"):
        op.drop_table(table)
    for function in ("ek_keep_assessment_rating()", "ek_keep_assessment()"):
        op.execute(f"DROP FUNCTION {function}")
