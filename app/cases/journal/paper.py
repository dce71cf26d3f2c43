"""The case on paper: its frame, and the parts that this package gives."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import Flask

from app.access.models import User
from app.cases import filing
from app.cases.filing import Part
from app.cases.journal import case_paper, people_paper, queries
from app.cases.journal.models import JournalLetter, JournalNote
from app.cases.models import Case
from app.core import clock
from app.core.danish import and_list, format_date, format_instant
from app.deadlines.models import Deadline
from app.deadlines.queries import deadlines_of_case
from app.documents.document import Block, Document, Facts, Paragraph, Section, Table

CASE, CONTACTS, DECISIONS, JOURNAL = "sag", "kontakt", "afgoerelser", "journal"
DEADLINES, ACCESS = "frister", "adgang"


def register(app: Flask) -> None:
    """Give the parts to whatever puts a case on paper."""
    filing.register(app, Part(CASE, "Sag og borger", case_paper.identity, 10))
    filing.register(app, Part(CONTACTS, "Borgerens kontaktoplysninger", people_paper.contacts, 12))
    filing.register(app, Part(DECISIONS, "Afgørelser og niveauer", case_paper.decided, 15))
    filing.register(app, Part(JOURNAL, "Journalnotater og breve", journal, 60))
    filing.register(app, Part(DEADLINES, "Frister", deadlines, 80))
    filing.register(app, Part(ACCESS, "Adgang og overdragelser", people_paper.who_sees, 85))


def whole_case(case: Case, parts: Sequence[Part], *, whole: bool, by: User, at: datetime) -> Document:
    """The chosen parts as one paper. Which they are stands on the front of it, so that a part is not taken for all."""
    today = clock.local_date(at)
    chosen = "Hele sagen" if whole else f"Uddrag af sagen: {and_list(part.label for part in parts)}"
    return Document(
        title=f"Sag {case.number}",
        lead=(case.citizen.name, chosen, f"Udskrevet {format_instant(at)} af {by.name}, {case.unit.name}"),
        sections=[section for part in parts for section in part.sections(case, today)],
        footer=f"Sag {case.number} · fortroligt",
    )


def journal(case: Case, _: date) -> list[Section]:
    """The notes with all that they have said, and the letters that were made."""
    revisions = queries.all_revisions_of_case(case.id)
    sections = []
    for note in revisions:
        if note.superseded_at is None:
            earlier = [each for each in revisions if each.thread_id == note.thread_id and each is not note]
            sections.append(_note(note, earlier))
    letters = queries.letters_of_case(case.id)
    return [*sections, *([_letters(letters)] if letters else [])]


def _note(note: JournalNote, earlier: Sequence[JournalNote]) -> Section:
    blocks: list[Block] = [_written(note), Paragraph(note.text)]
    for revision in sorted(earlier, key=lambda each: each.revision, reverse=True):
        blocks.append(Paragraph(f"Tidligere udgave, skrevet {format_instant(revision.written_at)}:", muted=True))
        blocks += [_written(revision), Paragraph(revision.text)]
    return Section(f"Notat: {note.kind.label}, {format_date(note.happened_on)}", blocks)


def _written(note: JournalNote) -> Facts:
    time = f" kl. {note.happened_time:%H.%M}" if note.happened_time else ""
    return Facts(
        [
            ("Hvad", note.kind.label),
            ("Hvornår", format_date(note.happened_on) + time),
            ("Hvem var med", note.parties or ""),
            ("Skrevet af", f"{note.author.name}, {format_instant(note.written_at)}"),
        ]
    )


def _letters(letters: Sequence[JournalLetter]) -> Section:
    rows = [
        (
            format_instant(letter.made_at),
            letter.kind.label,
            letter.recipient,
            f"{format_date(letter.meeting_on)} kl. {letter.meeting_time:%H.%M}, {letter.place}",
            letter.made_by.name,
        )
        for letter in letters
    ]
    columns = ("Lavet", "Brev", "Til", "Samtale", "Af")
    return Section("Breve til hjemmet", [Table("Breve til hjemmet", columns, rows)])


def deadlines(case: Case, today: date) -> list[Section]:
    """The clocks, what became of them, and why."""
    found = deadlines_of_case(case.id)
    if not found:
        return []
    columns = ("Frist", "Begyndte", "Sidste dag", "Status", "Begrundelse")
    rows = [_deadline(deadline, today) for deadline in found]
    return [Section("Frister", [Table("Sagens frister", columns, rows)])]


def _deadline(deadline: Deadline, today: date) -> tuple[str, ...]:
    stopped = f", {format_date(deadline.stopped_on)}" if deadline.stopped_on else ""
    return (
        deadline.rule.title,
        format_date(deadline.started_on),
        format_date(deadline.due_on),
        deadline.state(today).label + stopped,
        deadline.reason or "",
    )
