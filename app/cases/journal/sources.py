"""What the timeline tells of notes, and of what the record of the case knows: opening, access, deadlines, letters."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from flask import Flask, g, url_for

from app.audit.models import Event
from app.cases import timeline
from app.cases.journal import moments, queries
from app.cases.journal.models import LetterKind
from app.cases.journal.queries import Recorded
from app.cases.models import AccessKind, Case
from app.cases.timeline import Entry, Source
from app.core.danish import format_date
from app.deadlines.models import StopOutcome

NOTE, CASE, ACCESS, DEADLINE, LETTER = "note", "sag", "adgang", "frist", "brev"

_TOLD: Final = {
    CASE: (Event.CASE_OPENED, Event.CASE_OWNER_ASSIGNED, Event.CASE_CHANGED),
    ACCESS: (Event.CASE_ACCESS_GIVEN, Event.CASE_ACCESS_ENDED),
    DEADLINE: (Event.DEADLINE_STARTED, Event.DEADLINE_STOPPED, Event.DEADLINE_REOPENED),
    LETTER: (Event.LETTER_MADE,),
}
_EVENTS: Final = [event for events in _TOLD.values() for event in events]


def register(app: Flask) -> None:
    """Have the timeline tell of what this package and the case itself know."""
    for key, label, entries, order in (
        (NOTE, "Journalnotater", notes, 10),
        (LETTER, "Breve til hjemmet", letters, 15),
        (CASE, "Sagen", opening, 60),
        (DEADLINE, "Frister", deadlines, 70),
        (ACCESS, "Adgang til sagen", access, 80),
    ):
        timeline.register(app, Source(key, label, entries, order))


def notes(case: Case) -> Iterable[Entry]:
    """The notes as they stand now; what a note was before stands on its own page."""
    for note in queries.notes_of_case(case.id):
        yield Entry(
            at=moments.instant_of(note.happened_on, note.happened_time),
            kind=NOTE,
            title=f"{note.kind.label} (rettet)" if note.is_corrected else note.kind.label,
            text="\n".join(filter(None, [note.parties and f"Med: {note.parties}", note.text])),
            who=note.author.name,
            url=url_for("journal.show", case_id=case.id, note_id=note.thread_id),
        )


def opening(case: Case) -> Iterable[Entry]:
    """The opening, what was corrected, and who answered for the case."""
    told = list(_told(case, CASE, _of_case))
    if not any(recorded.event == Event.CASE_OPENED for recorded in _recorded(case)):
        told.append(Entry(at=case.opened_at, kind=CASE, title="Sagen blev oprettet", text=_referral(case)))
    return told


def access(case: Case) -> Iterable[Entry]:
    """Who was let into the case, and whose access ended."""
    return _told(case, ACCESS, _of_access)


def deadlines(case: Case) -> Iterable[Entry]:
    """Deadlines as they begin, stop and begin again."""
    return _told(case, DEADLINE, _of_deadline)


def letters(case: Case) -> Iterable[Entry]:
    """The letters that were made."""
    return _told(case, LETTER, _of_letter)


def _told(case: Case, kind: str, tell: Callable[[Case, Recorded], Entry]) -> Iterable[Entry]:
    return [tell(case, recorded) for recorded in _recorded(case) if recorded.event in _TOLD[kind]]


def _recorded(case: Case) -> list[Recorded]:
    """What the record holds of all that is told here, read once in a request."""
    read: dict[int, list[Recorded]] = g.setdefault("journal_recorded", {})
    if case.id not in read:
        read[case.id] = queries.recorded(case.id, _EVENTS)
    return read[case.id]


def _of_case(case: Case, recorded: Recorded) -> Entry:
    match recorded.event:
        case Event.CASE_OPENED:
            title, text = "Sagen blev oprettet", _referral(case)
        case Event.CASE_CHANGED:
            title, text = "Sagens oplysninger blev rettet", ""
        case _:
            title, text = f"Ansvarlig: {recorded.other or 'ingen'}", ""
    url = url_for("cases.show", case_id=case.id)
    return Entry(at=recorded.at, kind=CASE, title=title, text=text, who=recorded.who, url=url)


def _referral(case: Case) -> str:
    return f"Henvendelse fra {case.referrer.label.lower()}: {case.concern}"


def _of_access(_: Case, recorded: Recorded) -> Entry:
    details = recorded.details
    kind = details.get("kind")
    label = AccessKind(kind).label.lower() if kind in set(AccessKind) else "navngiven"
    act = "fik adgang" if recorded.event == Event.CASE_ACCESS_GIVEN else "har ikke længere adgang"
    days = [
        f"{word} {format_date(date.fromisoformat(details[key]))}"
        for key, word in (("from", "fra"), ("to", "til"))
        if details.get(key)
    ]
    title = f"{recorded.other or 'En medarbejder'} {act} som {label}"
    return Entry(at=recorded.at, kind=ACCESS, title=title, text=" ".join(days).capitalize(), who=recorded.who)


def _of_deadline(case: Case, recorded: Recorded) -> Entry:
    clock = recorded.deadline or "En frist"
    url = url_for("cases.case_deadlines", case_id=case.id)
    at, text = recorded.at, ""
    match recorded.event:
        case Event.DEADLINE_STARTED:
            title, at = f"Frist begyndte: {clock}", recorded.deadline_started_at or at
            text = _last_day(recorded.details)
        case Event.DEADLINE_STOPPED:
            title, text = f"Frist stoppede: {clock}", _outcome(recorded)
        case _:
            title, text = f"Frist begyndte at løbe igen: {clock}", _last_day(recorded.details)
    return Entry(at=at, kind=DEADLINE, title=title, text=text, who=recorded.who, url=url)


def _last_day(details: dict[str, Any]) -> str:
    day = details.get("due_on")
    return f"Sidste dag {format_date(date.fromisoformat(day))}" if day else ""


def _outcome(recorded: Recorded) -> str:
    code = recorded.details.get("outcome")
    outcome = StopOutcome(code) if code in set(StopOutcome) else None
    if outcome is StopOutcome.MET:
        label = "Opfyldt for sent" if recorded.details.get("late") else "Opfyldt i tide"
    else:
        label = outcome.label if outcome else ""
    return "\n".join(filter(None, [label, recorded.deadline_reason]))


def _of_letter(case: Case, recorded: Recorded) -> Entry:
    code, letter_id = recorded.details.get("letter"), recorded.details.get("letter_id")
    title = LetterKind(code).label if code in set(LetterKind) else "Brev til hjemmet"
    url = None if letter_id is None else url_for("journal.show_letter", case_id=case.id, letter_id=letter_id)
    return Entry(at=recorded.at, kind=LETTER, title=title, who=recorded.who, url=url)
