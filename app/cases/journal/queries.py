"""Reading journal notes and letters. What exists for whom is the row scope's business, never the query's."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.cases.journal.models import JournalLetter, JournalNote
from app.core.errors import found
from app.extensions import db


def get_note(case_id: int, note_id: int) -> JournalNote:
    """The note as it stands now, with its case.

    note_id: the id of its first revision, which addresses name.
    Raises NotFoundError when there is none in sight.
    """
    note = _notes(case_id).where(_of_thread(note_id), JournalNote.superseded_at.is_(None))
    # populate_existing: whoever was refused for writing at the same time as another looks again.
    return found(
        db.session.scalar(note.options(joinedload(JournalNote.case)).execution_options(populate_existing=True))
    )


def revisions(note: JournalNote) -> list[JournalNote]:
    """What the note said before, the latest first."""
    earlier = _notes(note.case_id).where(_of_thread(note.thread_id), JournalNote.superseded_at.is_not(None))
    return list(db.session.scalars(earlier.order_by(JournalNote.revision.desc())))


def notes_of_case(case_id: int) -> list[JournalNote]:
    """The case's notes as they stand now, in the order of what happened."""
    return list(db.session.scalars(_in_order(_notes(case_id)).where(JournalNote.superseded_at.is_(None))))


def all_revisions_of_case(case_id: int) -> list[JournalNote]:
    """Everything that stands or has stood in the case's notes, in the order of what happened."""
    return list(db.session.scalars(_in_order(_notes(case_id))))


def get_letter(case_id: int, letter_id: int) -> JournalLetter:
    """The letter, with its case. Raises NotFoundError when there is none in sight."""
    letter = _letters(case_id).where(JournalLetter.id == letter_id)
    return found(db.session.scalar(letter.options(joinedload(JournalLetter.case))))


def letters_of_case(case_id: int) -> list[JournalLetter]:
    """The case's letters, in the order they were made."""
    return list(db.session.scalars(_letters(case_id).order_by(JournalLetter.made_at, JournalLetter.id)))


def _notes(case_id: int) -> Select[JournalNote]:
    author = joinedload(JournalNote.author).lazyload(User.unit)
    return select(JournalNote).where(JournalNote.case_id == case_id).options(author)


def _of_thread(note_id: int) -> ColumnElement[bool]:
    # As the index on current notes has it.
    return func.coalesce(JournalNote.original_id, JournalNote.id) == note_id


def _in_order(notes: Select[JournalNote]) -> Select[JournalNote]:
    return notes.order_by(
        JournalNote.happened_on, JournalNote.happened_time.nulls_first(), JournalNote.written_at, JournalNote.id
    )


def _letters(case_id: int) -> Select[JournalLetter]:
    maker = joinedload(JournalLetter.made_by).lazyload(User.unit)
    return select(JournalLetter).where(JournalLetter.case_id == case_id).options(maker)
