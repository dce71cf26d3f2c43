"""Journal notes, and the letters to the home that are made about a conversation."""

import sqlalchemy as sa
from alembic import op

from app.core.database import role_names

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What is written stays: a correction is a row of its own, and only that there is one is written on the row later.
# The trigger binds the owner as well, so that no later migration rewrites what somebody noted.
WRITTEN_ONCE = """
CREATE FUNCTION ek_note_is_written_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.superseded_at IS NOT NULL
    OR to_jsonb(NEW) - 'superseded_at' IS DISTINCT FROM to_jsonb(OLD) - 'superseded_at' THEN
    RAISE EXCEPTION 'a journal note is corrected by a new one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION ek_note_is_written_once() FROM PUBLIC;
CREATE TRIGGER journal_notes_written_once BEFORE UPDATE ON journal_notes FOR EACH ROW
  EXECUTE FUNCTION ek_note_is_written_once();
"""

# Whoever sees the case reads and notes, in his own name. A note is corrected by its author or by a case worker; the
# index on current notes makes it impossible to add a correction without marking what it corrects. A letter is sent on
# behalf of the unit, by a case worker.
SCOPE = """
ALTER TABLE journal_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY journal_notes_read ON journal_notes FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = journal_notes.case_id));
CREATE POLICY journal_notes_add ON journal_notes FOR INSERT TO {app}
  WITH CHECK (author_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = journal_notes.case_id));
CREATE POLICY journal_notes_change ON journal_notes FOR UPDATE TO {app}
  USING ((author_id = (SELECT ek_user_id()) OR (SELECT ek_role()) IN ('koordinator', 'leder'))
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = journal_notes.case_id));
GRANT SELECT, INSERT ON journal_notes TO {app};
GRANT UPDATE (superseded_at) ON journal_notes TO {app};

ALTER TABLE journal_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY journal_letters_read ON journal_letters FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = journal_letters.case_id));
CREATE POLICY journal_letters_add ON journal_letters FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder') AND made_by_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = journal_letters.case_id));
GRANT SELECT, INSERT ON journal_letters TO {app};
"""


def upgrade() -> None:
    """Make the two tables, what keeps notes as they were written, and their row scope."""
    _make_notes()
    _make_letters()
    op.execute(WRITTEN_ONCE)
    op.execute(SCOPE.format(app=role_names(op.get_bind()).app))


def _make_notes() -> None:
    op.create_table(
        "journal_notes",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_time", sa.Time(), nullable=True),
        sa.Column("parties", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(original_id IS NULL) = (revision = 1)", name="first_is_original"),
        sa.CheckConstraint("revision > 0", name="revision"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_journal_notes_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_journal_notes_author_id"),
        sa.ForeignKeyConstraint(
            ["original_id", "case_id"],
            ["journal_notes.id", "journal_notes.case_id"],
            name="fk_journal_notes_original_id_case_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_notes"),
        sa.UniqueConstraint("id", "case_id", name="uq_journal_notes_id_case_id"),
        sa.UniqueConstraint("original_id", "revision", name="uq_journal_notes_original_id_revision"),
    )
    op.create_index("ix_journal_notes_case_id", "journal_notes", ["case_id"])
    op.create_index(
        "ix_journal_notes_current",
        "journal_notes",
        [sa.text("coalesce(original_id, id)")],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _make_letters() -> None:
    op.create_table(
        "journal_letters",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("meeting_time", sa.Time(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_journal_letters_case_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_journal_letters_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_letters"),
    )
    op.create_index("ix_journal_letters_case_id", "journal_letters", ["case_id"])


def downgrade() -> None:
    """Take both tables away."""
    op.drop_table("journal_letters")
    op.drop_table("journal_notes")
    op.execute("DROP FUNCTION ek_note_is_written_once()")
