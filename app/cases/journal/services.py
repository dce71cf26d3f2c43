"""Writing in the journal: notes, their corrections, and letters to the home."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from app.access.models import Role, User
from app.audit import log
from app.audit.models import Event
from app.cases.journal import moments
from app.cases.journal.models import JournalLetter, JournalNote, LetterKind, NoteKind
from app.cases.models import Case
from app.core.errors import ChangedMeanwhileError, DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db

NOT_YOURS = "Notatet er skrevet af en anden. Skriv et nyt notat, eller bed en koordinator rette det."


def add_note(
    case: Case,
    *,
    kind: NoteKind,
    happened_on: date,
    happened_time: time | None,
    parties: str | None,
    text: str,
    by: User,
    at: datetime,
) -> JournalNote:
    """Note something in the case; also in one that is closed, because the duty to note does not end with it.

    parties: who took part, beside the author.
    Raises DomainError when it lies ahead.
    """
    known = _known(
        kind=kind, happened_on=happened_on, happened_time=happened_time, parties=parties, text=text, by=by, at=at
    )
    note = JournalNote(case_id=case.id, revision=1, **known)
    db.session.add(note)
    db.session.flush()
    log.record(Event.NOTE_ADDED, by=by, at=at, case_id=case.id, subject=note.subject, note=kind.value)
    return note


def may_correct(note: JournalNote, by: User) -> bool:
    """Whether it is by's own, or by works on cases and does not only take part in them."""
    return note.author_id == by.id or by.role in {Role.KOORDINATOR, Role.LEDER}


def correct_note(
    note: JournalNote,
    *,
    kind: NoteKind,
    happened_on: date,
    happened_time: time | None,
    parties: str | None,
    text: str,
    by: User,
    at: datetime,
) -> JournalNote:
    """Let a new revision take the note's place; what it said before can still be read.

    Returns the note itself where nothing differs.
    Raises DomainError when it lies ahead, or is another's; ChangedMeanwhileError when it has been corrected already.
    """
    if not may_correct(note, by):
        raise DomainError(NOT_YOURS)
    _require_current(note)
    said: dict[str, Any] = {
        "kind": kind,
        "happened_on": happened_on,
        "happened_time": happened_time,
        "parties": parties,
        "text": text,
    }
    if all(getattr(note, field) == value for field, value in said.items()):
        return note
    known = _known(**said, by=by, at=at)
    note.superseded_at = at
    # Before the new revision is written: the database holds that one revision of a note counts.
    db.session.flush()
    revision = JournalNote(case_id=note.case_id, original_id=note.thread_id, revision=note.revision + 1, **known)
    db.session.add(revision)
    db.session.flush()
    log.record(Event.NOTE_CORRECTED, by=by, at=at, case_id=note.case_id, subject=note.subject, note=kind.value)
    return revision


def _require_current(note: JournalNote) -> None:
    """Let nobody else correct the note until the transaction ends; whoever waited for another must not overrule it."""
    superseded = select(JournalNote.superseded_at).where(JournalNote.id == note.id).with_for_update(key_share=True)
    if db.session.execute(superseded).scalar_one() is not None:
        raise ChangedMeanwhileError


def _known(*, happened_on: date, happened_time: time | None, by: User, at: datetime, **said: Any) -> dict[str, Any]:
    """What a revision holds; what lies ahead cannot have happened."""
    try:
        ahead = moments.is_later_than(happened_on, happened_time, at)
    except ValueError:
        raise DomainError("Det klokkeslæt findes ikke den nat: uret blev stillet frem.", "happened_time") from None
    if ahead:
        same_day = happened_on == local_day(at)
        raise DomainError(
            "Et notat handler om det, der er sket. Tidspunktet ligger i fremtiden.",
            "happened_time" if same_day else "happened_on",
        )
    return said | {
        "happened_on": happened_on,
        "happened_time": happened_time,
        "author_id": by.id,
        "written_at": at,
    }


def make_letter(
    case: Case,
    *,
    recipient: str,
    meeting_on: date,
    meeting_time: time,
    place: str,
    contact: str,
    by: User,
    at: datetime,
) -> JournalLetter:
    """Make a letter to the home: an invitation to a conversation that lies ahead, or one that follows upon it.

    recipient: whom it is to. contact: whom to call, and where.
    """
    kind = LetterKind.INVITATION if meeting_on >= local_day(at) else LetterKind.AFTERWARDS
    letter = JournalLetter(
        case_id=case.id,
        kind=kind,
        recipient=recipient,
        meeting_on=meeting_on,
        meeting_time=meeting_time,
        place=place,
        contact=contact,
        made_by_id=by.id,
        made_at=at,
    )
    db.session.add(letter)
    db.session.flush()
    log.record(
        Event.LETTER_MADE,
        by=by,
        at=at,
        case_id=case.id,
        subject=letter.subject,
        letter=kind.value,
        letter_id=letter.id,
    )
    return letter
