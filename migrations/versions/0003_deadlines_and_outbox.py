"""Deadline rules with their dates, deadlines, the ledger of reminders, and the outbox."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCOPE = Path(__file__).with_name("0003_row_scope.sql")
RULES = Path(__file__).with_name("0003_rules.json")
FUNCTIONS = ("ek_unsent_mail(timestamptz)", "ek_outbox_states()", "ek_remind_new_owner()")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Make the tables, fill in the rules, then say who may see and do what."""
    rules = _make_rules()
    op.bulk_insert(rules, [_dated(rule) for rule in json.loads(RULES.read_text(encoding="utf-8"))])
    _make_deadlines()
    _make_outbox()
    op.execute(SCOPE.read_text(encoding="utf-8").format(**vars(role_names(op.get_bind()))))


def _dated(rule: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(rule[name]) if rule[name] else None for name in ("valid_from", "valid_to")}
    return {**rule, **days}


def _make_rules() -> sa.Table:
    return op.create_table(
        "deadline_rules",
        _id(),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("legal_basis", sa.String(200), nullable=False),
        sa.Column("verified", sa.String(40), nullable=False),
        sa.Column("verified_note", sa.String(300), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("responsible", sa.String(60), nullable=False),
        sa.Column("trigger", sa.String(60), nullable=False),
        sa.Column("stop_event", sa.String(60), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("remind_at_start", sa.Boolean(), nullable=False),
        sa.Column("reminder_days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("repeat_daily_after", sa.Boolean(), nullable=False),
        sa.Column("leader_from_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name="in_order"),
        sa.CheckConstraint("length > 0", name="length"),
        sa.CheckConstraint("0 <= ALL (reminder_days)", name="reminder_days"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_rules"),
        sa.UniqueConstraint(
            "code", "valid_from", name="uq_deadline_rules_code_valid_from", postgresql_nulls_not_distinct=True
        ),
    )


def _make_deadlines() -> None:
    op.create_table(
        "deadlines",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        _instant("started_at"),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last_workday", sa.Date(), nullable=False),
        sa.Column("next_reminder_on", sa.Date(), nullable=True),
        _instant("stopped_at", nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("num_nonnulls(stopped_at, stopped_on, outcome) IN (0, 3)", name="stopped_whole"),
        sa.CheckConstraint("stopped_at IS NULL OR next_reminder_on IS NULL", name="stopped_is_silent"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_deadlines_case_id"),
        sa.ForeignKeyConstraint(["rule_id"], ["deadline_rules.id"], name="fk_deadlines_rule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "rule_id", name="uq_deadlines_subject_kind_subject_id_rule_id"
        ),
    )
    op.create_index("ix_deadlines_case_id", "deadlines", ["case_id"])
    op.create_index("ix_deadlines_open_due_on", "deadlines", ["due_on"], postgresql_where=sa.text("stopped_at IS NULL"))
    op.create_index(
        "ix_deadlines_next_reminder_on",
        "deadlines",
        ["next_reminder_on"],
        postgresql_where=sa.text("next_reminder_on IS NOT NULL"),
    )
    op.create_table(
        "reminders",
        _id(),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("not_sent", sa.String(40), nullable=True),
        _instant("planned_at"),
        sa.CheckConstraint("recipient_id IS NOT NULL OR not_sent IS NOT NULL", name="somebody_or_why_not"),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name="fk_reminders_deadline_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reminders_case_id"),
        sa.ForeignKeyConstraint(["recipient_id"], ["users.id"], name="fk_reminders_recipient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint(
            "deadline_id",
            "due_on",
            "step",
            "recipient_id",
            name="uq_reminders_deadline_id_due_on_step_recipient_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_reminders_case_id", "reminders", ["case_id"])


def _make_outbox() -> None:
    op.create_table(
        "outbox_mails",
        _id(),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("message_id", sa.String(320), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("about_kind", sa.String(40), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        _instant("next_attempt_at", nullable=True),
        sa.Column("error_code", sa.String(40), nullable=True),
        sa.Column("error", sa.String(200), nullable=True),
        _instant("created_at"),
        _instant("sent_at", nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_instant"),
        sa.CheckConstraint("num_nonnulls(about_kind, about_id) IN (0, 2)", name="about_whole"),
        sa.ForeignKeyConstraint(["recipient_id"], ["users.id"], name="fk_outbox_mails_recipient_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outbox_mails_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_mails"),
        sa.UniqueConstraint("key", name="uq_outbox_mails_key"),
    )
    op.create_index("ix_outbox_mails_case_id", "outbox_mails", ["case_id"])
    op.create_index("ix_outbox_mails_about", "outbox_mails", ["about_kind", "about_id"])
    op.create_index(
        "ix_outbox_mails_unsent",
        "outbox_mails",
        ["state", "created_at"],
        postgresql_where=sa.text("state IN ('queued', 'failed')"),
    )


def downgrade() -> None:
    """Take it all away again, in the opposite order."""
    roles = role_names(op.get_bind())
    op.execute("DROP TRIGGER cases_remind_new_owner ON cases")
    op.execute("DROP POLICY case_access_job ON case_access")
    op.execute(f"REVOKE SELECT (case_id, user_id, kind, from_day, to_day) ON case_access FROM {roles.job}")
    op.execute(f"REVOKE DELETE ON job_runs FROM {roles.job}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in ("outbox_mails", "reminders", "deadlines", "deadline_rules"):
        op.execute(f"DROP TABLE {table} CASCADE")
