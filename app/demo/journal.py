"""Journal notes and a letter to the home, written by those who work on the cases."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from app.access.models import User
from app.cases.journal import services as journal
from app.cases.journal.letters import usual_recipient
from app.cases.journal.models import JournalNote, NoteKind
from app.cases.models import Case
from app.core import clock
from app.demo.acting import acting
from app.demo.unit import DemoUnit

NOTED = 24
DAYS_AGO = (1, 3, 8, 15, 22)
PLACE = "Den Kriminalpræventive Enhed, Rådhusvej 1, lokale 2"
PHONE = "22 00 00 00"

# What kind, who took part, and what was said.
SAID: tuple[tuple[NoteKind, str | None, str], ...] = (
    (NoteKind.PHONE, "Moren", "Moren ringer. Han kommer sent hjem og svarer ikke på telefonen. Vi aftaler en samtale."),
    (NoteKind.PHONE, "Klasselæreren", "Skolen har set fremgang de sidste to uger. Fraværet er faldet."),
    (
        NoteKind.CONVERSATION,
        "Den unge",
        "Vi talte om fritidsjob. Interesseret i at arbejde i supermarkedet tæt på hjemmet.",
    ),
    (NoteKind.MEETING, "Skole, klub og forældre", "Enige om én kontaktperson. Klubben følger op hver fredag."),
    (NoteKind.OTHER, None, "Mødt ved stationen sammen med to ældre. Hilste og fulgtes til bussen."),
)
CONCERNED = "Samtale hjemme hos familien. Forældrene kendte ikke til de nye venner. Vi aftaler at tale sammen igen."
MISTAKEN, CORRECTED = "Vi mødes igen på tirsdag.", "Vi mødes igen på torsdag."


def make_journal(unit: DemoUnit, cases: Sequence[Case], random: Random, *, at: datetime) -> dict[str, int]:
    """Note something in some of the cases; correct one of the notes, and make a letter to the home.

    cases: open ones, in the order that they are to be noted in.
    """
    written = [note for case in cases[:NOTED] for note in _notes(unit, case, random, at)]
    _correct(unit, cases[0], at)
    _letter(unit, cases[0], at)
    return {"journalnotater": len(written) + 2}


def _notes(unit: DemoUnit, case: Case, random: Random, at: datetime) -> list[JournalNote]:
    by, notes = _worker(unit, case), []
    for days in DAYS_AGO[: random.randint(1, len(DAYS_AGO))]:
        written = at - timedelta(days=days)
        if written <= case.opened_at:
            continue
        kind, parties, text = random.choice(SAID)
        with acting(by, written):
            notes.append(_note(case, kind, parties, text, by=by, at=written))
    return notes


def _note(case: Case, kind: NoteKind, parties: str | None, text: str, *, by: User, at: datetime) -> JournalNote:
    """Noted on the day it happened, where the time was not written down."""
    return journal.add_note(
        case,
        kind=kind,
        happened_on=clock.local_date(at),
        happened_time=None,
        parties=parties,
        text=text,
        by=by,
        at=at,
    )


def _correct(unit: DemoUnit, case: Case, at: datetime) -> None:
    by, written = _worker(unit, case), at - timedelta(hours=5)
    with acting(by, written):
        note = _note(case, NoteKind.CONVERSATION, "Den unge og faren", MISTAKEN, by=by, at=written)
        journal.correct_note(
            note,
            kind=note.kind,
            happened_on=note.happened_on,
            happened_time=note.happened_time,
            parties=note.parties,
            text=CORRECTED,
            by=by,
            at=written + timedelta(minutes=10),
        )


def _letter(unit: DemoUnit, case: Case, at: datetime) -> None:
    by, made = _worker(unit, case), at - timedelta(hours=4)
    with acting(by, made):
        _note(case, NoteKind.BEKYMRINGSSAMTALE, "Den unge og forældrene", CONCERNED, by=by, at=made)
        journal.make_letter(
            case,
            recipient=usual_recipient(case, age=case.citizen.age_on(clock.local_date(made))),
            meeting_on=clock.local_date(at) + timedelta(days=7),
            meeting_time=time(15),
            place=PLACE,
            contact=f"{by.name}, {PHONE}",
            by=by,
            at=made,
        )


def _worker(unit: DemoUnit, case: Case) -> User:
    """Whoever answers for the case; the leader where nobody does."""
    return next((user for user in unit.coordinators if user.id == case.owner_id), unit.leader)
