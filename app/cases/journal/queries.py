"""Reading journal notes and letters. What exists for whom is the row scope's business, never the query's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    Text,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased, joinedload

from app.access.models import User
from app.audit.models import Event
from app.cases.journal.models import JournalLetter, JournalNote
from app.core.errors import found
from app.deadlines.models import Deadline, DeadlineRule
from app.extensions import db

MOST_RECORDED: Final = 2000
"""A case of ten years has some hundred such events."""


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


@dataclass(frozen=True)
class Recorded:
    """One event of a case's record, with the names and the deadline that it speaks of.

    who: the one who did it. other: the one it was done to.
    """

    event: str
    at: datetime
    details: dict[str, Any]
    who: str
    other: str | None
    deadline: str | None
    deadline_started_at: datetime | None
    deadline_reason: str | None


def recorded(case_id: int, events: Collection[Event]) -> list[Recorded]:
    """The events of these kinds, newest first, in one statement. None when the case is out of sight."""
    chosen = cast([event.value for event in events], ARRAY(Text))
    row: Any = func.ek_case_events(case_id, chosen, False, 0, MOST_RECORDED).table_valued(
        column("id", BigInteger), column("at", DateTime(timezone=True)), column("event", String),
        column("user_id", Integer), column("details", JSONB),
    )  # fmt: skip
    actor, other = aliased(User), aliased(User)
    other_id = func.coalesce(row.c.details["user"].astext, row.c.details["owner"].astext)
    statement = (
        select(
            row.c.event,
            row.c.at,
            row.c.details,
            func.coalesce(actor.name, ""),
            other.name,
            DeadlineRule.title,
            Deadline.started_at,
            Deadline.reason,
        )
        .select_from(row)
        .outerjoin(actor, actor.id == row.c.user_id)
        .outerjoin(other, other.id == cast(other_id, Integer))
        .outerjoin(Deadline, Deadline.id == cast(row.c.details["deadline"].astext, Integer))
        .outerjoin(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
        .order_by(row.c.at.desc(), row.c.id.desc())
    )
    return [Recorded(*found) for found in db.session.execute(statement)]
