"""Journal notes and letters to the home.

Notatpligt: what is learnt by word of mouth and matters to the case is noted as soon as may be (offentlighedsloven
§ 13). What has been noted stays; a correction is a row of its own, and what it corrects can still be read.
"""

from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText

NOTE_SUBJECT = "journal_note"
LETTER_SUBJECT = "journal_letter"


class NoteKind(Labelled):
    """What is noted."""

    PHONE = "telefon", "Telefonsamtale"
    CONVERSATION = "samtale", "Samtale"
    BEKYMRINGSSAMTALE = "bekymringssamtale", "Bekymringssamtale"
    MEETING = "moede", "Møde"
    OTHER = "andet", "Andet"


class JournalNote(Base):
    """One revision of a note.

    original: the first revision; None in the first itself. superseded_at: when a later revision took its place.
    """

    __tablename__ = "journal_notes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    original_id: Mapped[int | None]
    revision: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[NoteKind]
    happened_on: Mapped[date]
    happened_time: Mapped[time | None]
    parties: Mapped[str | None] = mapped_column(EncryptedText("journal_notes.parties"))
    text: Mapped[str] = mapped_column(EncryptedText("journal_notes.text"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise", foreign_keys=[case_id], viewonly=True)
    author: Mapped[User] = relationship(lazy="raise", viewonly=True)

    __table_args__ = (
        # Both columns, so that a correction stands in the case of what it corrects.
        ForeignKeyConstraint(["original_id", "case_id"], ["journal_notes.id", "journal_notes.case_id"]),
        UniqueConstraint("id", "case_id"),
        UniqueConstraint("original_id", "revision"),
        CheckConstraint("(original_id IS NULL) = (revision = 1)", name="first_is_original"),
        CheckConstraint("revision > 0", name="revision"),
        Index("ix_journal_notes_case_id", "case_id"),
        # One revision of each note is the one that counts.
        Index(
            "ix_journal_notes_current",
            sql("coalesce(original_id, id)"),
            unique=True,
            postgresql_where=sql("superseded_at IS NULL"),
        ),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def subject(self) -> tuple[str, int]:
        """What the record of events knows the note by, whatever its revision."""
        return NOTE_SUBJECT, self.thread_id

    @property
    def thread_id(self) -> int:
        """The id of the first revision, which the note's address names."""
        return self.original_id or self.id

    @property
    def version(self) -> int:
        """What a form that corrects the note was made of."""
        return self.revision

    @property
    def is_corrected(self) -> bool:
        """Whether it takes the place of an earlier revision."""
        return self.revision > 1


class LetterKind(Labelled):
    """What the letter is about."""

    INVITATION = "indbydelse", "Indbydelse til samtale"
    AFTERWARDS = "efter_samtale", "Brev efter samtale"


class JournalLetter(Base):
    """A letter to the home about a bekymringssamtale, as it was made. Nothing of the concern stands in it.

    recipient: whom it is to. contact: whom to call, and where.
    """

    __tablename__ = "journal_letters"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[LetterKind]
    recipient: Mapped[str] = mapped_column(EncryptedText("journal_letters.recipient"))
    meeting_on: Mapped[date]
    meeting_time: Mapped[time]
    place: Mapped[str] = mapped_column(EncryptedText("journal_letters.place"))
    contact: Mapped[str] = mapped_column(EncryptedText("journal_letters.contact"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]

    case: Mapped[Case] = relationship(lazy="raise", viewonly=True)
    made_by: Mapped[User] = relationship(lazy="raise", viewonly=True)

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def subject(self) -> tuple[str, int]:
        """What the record of events knows it by."""
        return LETTER_SUBJECT, self.id
