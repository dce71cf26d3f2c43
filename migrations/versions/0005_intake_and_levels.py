"""Intake, levels and the spells of a case."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0005_row_scope.sql")
SCOPE_BEFORE = Path(__file__).with_name("0005_row_scope_before.sql")
NIVEAUER = (
    (1, "risikoadfærd", "Risikoadfærd. Drøftes på de månedlige møder på skolerne."),
    (2, "kriminalitet", "Kriminalitet, som gentages, eller borgeren skal løslades."),
    (3, "kvalificeret kriminalitet", "Bande, organiseret narkotikahandel, våben eller brandstiftelse."),
)
RESTRICTED_NIVEAU = 3
# Whoever sees the case reads; whoever works on it writes. A decision and a change of level are never changed.
HANGS_ON_CASE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read ON {table} FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
CREATE POLICY {table}_add ON {table} FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = {table}.case_id));
GRANT SELECT, INSERT ON {table} TO {app};
"""


def upgrade() -> None:
    """Make the tables, let cases be referrals first, and work out the spells of those there are."""
    _make_niveauer()
    _widen_cases()
    _make_spells()
    _make_decisions()
    _make_themes()
    _make_level_changes()
    names = role_names(op.get_bind())
    for table in ("case_decisions", "case_themes", "level_changes"):
        op.execute(HANGS_ON_CASE.format(table=table, app=names.app))
    _run(SCOPE)


def _run(path: Path) -> None:
    statements = path.read_text()
    for role, name in vars(role_names(op.get_bind())).items():
        statements = statements.replace("{" + role + "}", name)
    # Through the driver: the text holds colons and percent signs of its own.
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _make_niveauer() -> None:
    niveauer = op.create_table(
        "niveauer",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("meaning", sa.String(300), nullable=False),
        sa.Column("restricts", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name="number"),
        sa.PrimaryKeyConstraint("number", name="pk_niveauer"),
        sa.UniqueConstraint("name", name="uq_niveauer_name"),
    )
    op.bulk_insert(
        niveauer,
        [
            {
                "number": number,
                "name": name,
                "meaning": meaning,
                "restricts": number == RESTRICTED_NIVEAU,
                "active": True,
                "version": 1,
            }
            for number, name, meaning in NIVEAUER
        ],
    )


def _widen_cases() -> None:
    op.add_column("cases", sa.Column("contact", sa.LargeBinary(), nullable=True))
    op.add_column("cases", sa.Column("legal_basis", sa.String(40), nullable=True))
    op.add_column("cases", sa.Column("consent", sa.String(40), nullable=True))
    op.add_column("cases", sa.Column("consent_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("accepted_on", sa.Date(), nullable=True))
    # Every case there is was opened as an active one on the day that it came.
    op.execute("UPDATE cases SET received_on = opened_on, accepted_on = opened_on")
    op.alter_column("cases", "received_on", nullable=False)
    op.drop_constraint("closed_has_date", "cases", type_="check")
    checks = {
        "closed_has_date": "(status IN ('afsluttet', 'afvist')) = (closed_on IS NOT NULL)",
        "accepted_has_date": "(status IN ('aktiv', 'afsluttet')) = (accepted_on IS NOT NULL)",
        "received_first": "received_on <= opened_on",
        "accepted_in_order": "accepted_on BETWEEN opened_on AND coalesce(closed_on, accepted_on)",
        "consent_has_date": "(consent IN ('givet', 'afslaaet')) = (consent_on IS NOT NULL)",
    }
    for name, check in checks.items():
        op.create_check_constraint(name, "cases", check)
    op.create_foreign_key("fk_cases_niveau", "cases", "niveauer", ["niveau"], ["number"])


def _make_spells() -> None:
    op.create_table(
        "case_spells",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("niveau", sa.SmallInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("from_day < until_day", name="in_order"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_spells_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_spells"),
    )
    op.create_index("ix_case_spells_case_id_from_day", "case_spells", ["case_id", "from_day"])
    op.create_index("ix_case_spells_status_from_day", "case_spells", ["status", "from_day"])
    present = sa.text("until_day IS NULL")
    op.create_index("ix_case_spells_present", "case_spells", ["case_id"], unique=True, postgresql_where=present)


def _make_decisions() -> None:
    op.create_table(
        "case_decisions",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("suitable", sa.Boolean(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("risk_view", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.CheckConstraint("(kind = 'closed') = (result IS NOT NULL)", name="closed_has_result"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_decisions_case_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_case_decisions_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_decisions"),
    )
    op.create_index("ix_case_decisions_case_id", "case_decisions", ["case_id"])


def _make_themes() -> None:
    op.create_table(
        "case_themes",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.CheckConstraint("from_day <= to_day", name="in_order"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_themes_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_themes"),
    )
    op.create_index("ix_case_themes_case_id", "case_themes", ["case_id"])
    present = sa.text("to_day IS NULL")
    op.create_index(
        "ix_case_themes_present", "case_themes", ["case_id", "theme"], unique=True, postgresql_where=present
    )


def _make_level_changes() -> None:
    op.create_table(
        "level_changes",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_niveau", sa.SmallInteger(), nullable=False),
        sa.Column("to_niveau", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.CheckConstraint("from_niveau <> to_niveau", name="changes"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_level_changes_case_id"),
        sa.ForeignKeyConstraint(["to_niveau"], ["niveauer.number"], name="fk_level_changes_to_niveau"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_level_changes_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_level_changes"),
    )
    op.create_index("ix_level_changes_case_id", "level_changes", ["case_id"])


def downgrade() -> None:
    """Take it all away again. A referral becomes an active case, and a rejected one a closed one."""
    _run(SCOPE_BEFORE)
    for table in ("level_changes", "case_themes", "case_decisions", "case_spells"):
        op.drop_table(table)
    for check in ("closed_has_date", "accepted_has_date", "received_first", "accepted_in_order", "consent_has_date"):
        op.drop_constraint(check, "cases", type_="check")
    op.execute("UPDATE cases SET status = CASE status WHEN 'afvist' THEN 'afsluttet' ELSE 'aktiv' END"
               " WHERE status IN ('henvendelse', 'visitation', 'afvist')")  # fmt: skip
    op.create_check_constraint("closed_has_date", "cases", "(status = 'afsluttet') = (closed_on IS NOT NULL)")
    op.drop_constraint("fk_cases_niveau", "cases", type_="foreignkey")
    for column in ("contact", "legal_basis", "consent", "consent_on", "received_on", "accepted_on"):
        op.drop_column("cases", column)
    op.drop_table("niveauer")
