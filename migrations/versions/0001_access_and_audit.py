"""Units, users, signing in, absence, and the append-only record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.database import role_names

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FUNCTIONS = """
-- Who the transaction works for. Policies use them as (SELECT f()), so that they are evaluated once.
-- RETURN fixes the meaning of every name here and now, whatever the caller's search_path, and can still be inlined.
CREATE FUNCTION ek_user_id() RETURNS integer LANGUAGE sql STABLE
  RETURN NULLIF(current_setting('enkeltsag.user_id', true), '')::integer;
CREATE FUNCTION ek_today() RETURNS date LANGUAGE sql STABLE
  RETURN NULLIF(current_setting('enkeltsag.today', true), '')::date;
CREATE FUNCTION ek_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT role::text FROM users WHERE id = ek_user_id() AND active $$;
CREATE FUNCTION ek_unit() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT unit_id FROM users WHERE id = ek_user_id() AND active $$;

CREATE FUNCTION ek_refuse_change() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'the record of events is append-only'; END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION ek_refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION ek_refuse_change();
"""

GRANTS = """
-- The policies of the other roles do not ask who the user is.
REVOKE ALL ON FUNCTION ek_role(), ek_unit() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_role(), ek_unit() TO {app};

GRANT SELECT ON units, users TO {app}, {job};
GRANT SELECT (id, name) ON units TO {stat};
GRANT INSERT ON units TO {app};
GRANT UPDATE (name, active, version) ON units TO {app};
GRANT INSERT ON users TO {app};
GRANT UPDATE (email, name, role, unit_id, active, disabled_at, version) ON users TO {app};
GRANT SELECT, INSERT, UPDATE ON password_credentials, access_tokens TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON web_sessions, sign_in_throttle TO {app};
GRANT SELECT, DELETE ON web_sessions, sign_in_throttle, form_submissions, access_tokens TO {job};
GRANT SELECT, INSERT, DELETE ON absences TO {app};
GRANT SELECT ON absences TO {job};
GRANT SELECT, INSERT, UPDATE ON form_submissions TO {app};
GRANT SELECT, INSERT ON audit_events TO {app};
GRANT INSERT ON audit_events TO {job};
GRANT SELECT, INSERT, UPDATE ON job_runs TO {job};
GRANT SELECT ON job_runs TO {app};

-- Only an administrator makes or changes accounts and units, whatever statement reaches the database.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_read ON users FOR SELECT TO {app}, {job} USING (true);
CREATE POLICY users_add ON users FOR INSERT TO {app} WITH CHECK ((SELECT ek_role()) = 'administrator');
CREATE POLICY users_change ON users FOR UPDATE TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');
ALTER TABLE units ENABLE ROW LEVEL SECURITY;
CREATE POLICY units_read ON units FOR SELECT TO {app}, {job}, {stat} USING (true);
CREATE POLICY units_add ON units FOR INSERT TO {app} WITH CHECK ((SELECT ek_role()) = 'administrator');
CREATE POLICY units_change ON units FOR UPDATE TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');

-- One registers one's own days away, and a leader those of the unit; who is away is no secret.
ALTER TABLE absences ENABLE ROW LEVEL SECURITY;
CREATE POLICY absences_read ON absences FOR SELECT TO {app}, {job} USING (true);
CREATE POLICY absences_add ON absences FOR INSERT TO {app} WITH CHECK (
  created_by_id = (SELECT ek_user_id())
  AND (user_id = (SELECT ek_user_id()) OR ((SELECT ek_role()) = 'leder'
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = absences.user_id AND u.unit_id = (SELECT ek_unit())))));
CREATE POLICY absences_remove ON absences FOR DELETE TO {app} USING (
  user_id = (SELECT ek_user_id()) OR ((SELECT ek_role()) = 'leder'
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = absences.user_id AND u.unit_id = (SELECT ek_unit()))));

-- Signing in and the mailed link come before there is a user; whoever is signed in has one password to change.
ALTER TABLE password_credentials ENABLE ROW LEVEL SECURITY;
CREATE POLICY password_credentials_read ON password_credentials FOR SELECT TO {app} USING (true);
CREATE POLICY password_credentials_add ON password_credentials FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_user_id()) IS NULL OR user_id = (SELECT ek_user_id()));
CREATE POLICY password_credentials_change ON password_credentials FOR UPDATE TO {app}
  USING ((SELECT ek_user_id()) IS NULL OR user_id = (SELECT ek_user_id()))
  WITH CHECK ((SELECT ek_user_id()) IS NULL OR user_id = (SELECT ek_user_id()));

ALTER TABLE form_submissions ENABLE ROW LEVEL SECURITY;
CREATE POLICY form_submissions_own ON form_submissions FOR ALL TO {app}
  USING (user_id = (SELECT ek_user_id())) WITH CHECK (user_id = (SELECT ek_user_id()));
CREATE POLICY form_submissions_expiry ON form_submissions FOR ALL TO {job} USING (true);

-- An event is written in one's own name or in the system's; who may read which follows with the cases.
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_events_write ON audit_events FOR INSERT TO {app}
  WITH CHECK (user_id IS NULL OR user_id = (SELECT ek_user_id()));
CREATE POLICY audit_events_write_job ON audit_events FOR INSERT TO {job} WITH CHECK (user_id IS NULL);
"""


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Make the tables, then say who may do what with them."""
    _make_users()
    _make_signing_in()
    _make_record()
    op.execute(FUNCTIONS)
    op.execute(GRANTS.format(**vars(role_names(op.get_bind()))))


def _make_users() -> None:
    op.create_table(
        "units",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("name", name="uq_units_name"),
    )
    op.create_table(
        "users",
        _id(),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _instant("created_at"),
        _instant("disabled_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("active = (disabled_at IS NULL)", name="active_or_disabled"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_users_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_index("ix_users_unit_id_role", "users", ["unit_id", "role"])
    op.create_table(
        "absences",
        _id(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        _instant("created_at"),
        sa.CheckConstraint("from_day <= to_day", name="in_order"),
        sa.CheckConstraint("substitute_id <> user_id", name="other_substitute"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_absences_user_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["users.id"], name="fk_absences_substitute_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name="fk_absences_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_user_id", "absences", ["user_id"])


def _make_signing_in() -> None:
    op.create_table(
        "password_credentials",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        _instant("changed_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_credentials_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_password_credentials"),
    )
    op.create_table(
        "web_sessions",
        _id(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _instant("created_at"),
        _instant("last_seen_at"),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_web_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_web_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_web_sessions_token_hash"),
    )
    op.create_index("ix_web_sessions_user_id", "web_sessions", ["user_id"])
    op.create_index("ix_web_sessions_last_seen_at", "web_sessions", ["last_seen_at"])
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_throttle"),
    )
    op.create_index("ix_sign_in_throttle_expires_at", "sign_in_throttle", ["expires_at"])
    op.create_table(
        "access_tokens",
        _id(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_access_tokens_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_access_tokens_token_hash"),
    )
    op.create_index("ix_access_tokens_user_id", "access_tokens", ["user_id"])
    op.create_table(
        "form_submissions",
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        _instant("saved_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_form_submissions_user_id"),
        sa.PrimaryKeyConstraint("token", name="pk_form_submissions"),
    )
    op.create_index("ix_form_submissions_saved_at", "form_submissions", ["saved_at"])


def _make_record() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _instant("at"),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("system", sa.String(40), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(40), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(40), nullable=True),
        sa.Column("listed_case_ids", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.String(32), nullable=True),
        sa.CheckConstraint("num_nonnulls(user_id, system) = 1", name="one_actor"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
    )
    op.create_index("ix_audit_events_case_id_at", "audit_events", ["case_id", sa.text("at DESC")])
    op.create_index("ix_audit_events_user_id_at", "audit_events", ["user_id", sa.text("at DESC")])
    op.create_index("ix_audit_events_listed_case_ids", "audit_events", ["listed_case_ids"], postgresql_using="gin")
    op.create_table(
        "job_runs",
        _id(),
        sa.Column("job", sa.String(40), nullable=False),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
    )
    op.create_index("ix_job_runs_job_started_at", "job_runs", ["job", sa.text("started_at DESC")])


def downgrade() -> None:
    """Take it all away again, in the opposite order."""
    for table in (
        "job_runs", "audit_events", "form_submissions", "access_tokens", "sign_in_throttle",
        "web_sessions", "password_credentials", "absences", "users", "units",
    ):  # fmt: skip
        op.execute(f"DROP TABLE {table} CASCADE")
    for function in ("ek_refuse_change", "ek_unit", "ek_role", "ek_today", "ek_user_id"):
        op.execute(f"DROP FUNCTION {function}()")
