"""Events of a case and what is said of recidivism."""

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Whoever sees the case reads; whoever works on it writes. Nothing is deleted: a mistake is voided.
SCOPE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
CREATE POLICY {table}_add ON {table} FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
GRANT SELECT, INSERT ON {table} TO {app};
"""

# An event's kind and case are written once, and what somebody said of recidivism is never changed. The figures read
# kinds and dates alone.
GRANTS = """
CREATE POLICY incidents_change ON incidents FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = incidents.case_id));
GRANT UPDATE (act_on, happened_on, known_on, until_day, source, offence_group, against_person, about_incident_id, note,
  voided_by_id, voided_at, void_reason, version) ON incidents TO {app};
CREATE POLICY incidents_stat ON incidents FOR SELECT TO {stat} USING (true);
GRANT SELECT (id, case_id, kind, happened_on, known_on, voided_at) ON incidents TO {stat};
"""

CHECKS = {
    "known_after": "happened_on <= known_on",
    "act_before": "act_on <= happened_on",
    "until_after": "until_day >= happened_on",
    "only_custody_lasts": "until_day IS NULL OR kind IN ('varetaegt', 'indsaettelse', 'ny_indsaettelse')",
    "withdraws_something": "kind <> 'frafald' OR about_incident_id IS NOT NULL",
    "not_about_itself": "about_incident_id <> id",
    "voided_with_reason": (
        "(voided_at IS NULL) = (void_reason IS NULL) AND (voided_at IS NULL) = (voided_by_id IS NULL)"
    ),
}


def upgrade() -> None:
    """Make the two tables, their row scope and grants."""
    _make_incidents()
    _make_reviews()
    names = role_names(op.get_bind())
    for table in ("incidents", "recidivism_reviews"):
        op.execute(SCOPE.format(table=table, app=names.app))
    op.execute(GRANTS.format(app=names.app, stat=names.stat))


def _make_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("act_on", sa.Date(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("offence_group", sa.String(40), nullable=True),
        sa.Column("against_person", sa.Boolean(), nullable=True),
        sa.Column("about_incident_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(check, name=name) for name, check in CHECKS.items()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_incidents_case_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_incidents_recorded_by_id"),
        sa.ForeignKeyConstraint(["voided_by_id"], ["users.id"], name="fk_incidents_voided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("id", "case_id", name="uq_incidents_id_case_id"),
        sa.ForeignKeyConstraint(
            ["about_incident_id", "case_id"],
            ["incidents.id", "incidents.case_id"],
            name="fk_incidents_about_incident_id_case_id",
        ),
    )
    op.create_index("ix_incidents_case_id", "incidents", ["case_id"])
    op.create_index(
        "ix_incidents_counted", "incidents", ["kind", "happened_on"], postgresql_where=sa.text("voided_at IS NULL")
    )


def _make_reviews() -> None:
    op.create_table(
        "recidivism_reviews",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("index_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id", "case_id"],
            ["incidents.id", "incidents.case_id"],
            name="fk_recidivism_reviews_incident_id_case_id",
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name="fk_recidivism_reviews_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recidivism_reviews"),
    )
    op.create_index("ix_recidivism_reviews_case_id", "recidivism_reviews", ["case_id"])
    op.create_index("ix_recidivism_reviews_incident_id", "recidivism_reviews", ["incident_id"])


def downgrade() -> None:
    """Take both tables away."""
    op.drop_table("recidivism_reviews")
    op.drop_table("incidents")
