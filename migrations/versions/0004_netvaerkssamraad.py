"""Netværkssamråd and their parties."""

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Whoever sees the case reads; whoever works on it writes. What was received is never changed, a party never deleted.
SCOPE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
CREATE POLICY {table}_add ON {table} FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
CREATE POLICY {table}_change ON {table} FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
GRANT SELECT, INSERT ON {table} TO {app};
"""

GRANTS = """
GRANT UPDATE (summoned_at, means, no_custody_holder, outcome, held_on, exemption, reason, undone, version)
  ON netvaerkssamraad TO {app};
GRANT UPDATE (role, name, contact, organisation, summoned, removed_at, version) ON netvaerkssamraad_parties TO {app};
CREATE POLICY netvaerkssamraad_stat ON netvaerkssamraad FOR SELECT TO {stat} USING (true);
GRANT SELECT (id, case_id, documentation, received_on, summoned_on, means, outcome, exemption, held_on)
  ON netvaerkssamraad TO {stat};
"""


def upgrade() -> None:
    """Make the two tables, their row scope and grants."""
    _make_netvaerkssamraad()
    _make_parties()
    names = role_names(op.get_bind())
    for table in ("netvaerkssamraad", "netvaerkssamraad_parties"):
        op.execute(SCOPE.format(table=table, app=names.app))
    op.execute(GRANTS.format(app=names.app, stat=names.stat))


def _make_netvaerkssamraad() -> None:
    op.create_table(
        "netvaerkssamraad",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("documentation", sa.String(40), nullable=False),
        sa.Column("documentation_other", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _local_date("received_on", "received_at", nullable=False),
        sa.Column("received_from", sa.LargeBinary(), nullable=False),
        sa.Column("why_serious", sa.LargeBinary(), nullable=False),
        sa.Column("age", sa.SmallInteger(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summoned_at", sa.DateTime(timezone=True), nullable=True),
        _local_date("summoned_on", "summoned_at"),
        sa.Column("means", sa.String(40), nullable=True),
        sa.Column("no_custody_holder", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("exemption", sa.String(40), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("undone", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_netvaerkssamraad_checks(),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_netvaerkssamraad_case_id"),
        sa.ForeignKeyConstraint(["registered_by_id"], ["users.id"], name="fk_netvaerkssamraad_registered_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_netvaerkssamraad"),
        sa.UniqueConstraint("id", "case_id", name="uq_netvaerkssamraad_id_case_id"),
    )
    op.create_index("ix_netvaerkssamraad_case_id", "netvaerkssamraad", ["case_id"])
    op.create_index(
        "ix_netvaerkssamraad_open", "netvaerkssamraad", ["case_id"], postgresql_where=sa.text("outcome IS NULL")
    )


def _local_date(name: str, instant: str, *, nullable: bool = True) -> sa.Column[object]:
    """The date in Denmark of an instant, worked out by the database so that the two cannot disagree."""
    date_of_it = sa.Computed(f"({instant} AT TIME ZONE 'Europe/Copenhagen')::date", persisted=True)
    return sa.Column(name, sa.Date(), date_of_it, nullable=nullable)


def _netvaerkssamraad_checks() -> list[sa.CheckConstraint]:
    checks = {
        "under_18": "age BETWEEN 0 AND 17",
        "received_before_registered": "received_at <= registered_at",
        "received_before_summoned": "received_at <= summoned_at",
        "other_is_told": "(documentation = 'andet') = (documentation_other IS NOT NULL)",
        "summoned_somehow": "(summoned_at IS NULL) = (means IS NULL)",
        "held_has_date": "(outcome IS NOT DISTINCT FROM 'holdt') = (held_on IS NOT NULL)",
        "exempt_has_code": "(coalesce(outcome, '') IN ('undtaget', 'annulleret')) = (exemption IS NOT NULL)",
        "met_after_summons": "outcome NOT IN ('holdt', 'ikke_holdt') OR summoned_at IS NOT NULL",
        "outcome_has_reason": "outcome IS NULL OR outcome = 'holdt' OR reason IS NOT NULL",
    }
    return [sa.CheckConstraint(check, name=name) for name, check in checks.items()]


def _make_parties() -> None:
    op.create_table(
        "netvaerkssamraad_parties",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("samraad_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("organisation", sa.LargeBinary(), nullable=True),
        sa.Column("summoned", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT (summoned AND removed_at IS NOT NULL)", name="summoned_stays"),
        sa.ForeignKeyConstraint(
            ["samraad_id", "case_id"],
            ["netvaerkssamraad.id", "netvaerkssamraad.case_id"],
            name="fk_netvaerkssamraad_parties_samraad_id_case_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_netvaerkssamraad_parties"),
    )
    op.create_index("ix_netvaerkssamraad_parties_samraad_id", "netvaerkssamraad_parties", ["samraad_id"])
    op.create_index("ix_netvaerkssamraad_parties_case_id", "netvaerkssamraad_parties", ["case_id"])


def downgrade() -> None:
    """Take both tables away."""
    op.drop_table("netvaerkssamraad_parties")
    op.drop_table("netvaerkssamraad")
