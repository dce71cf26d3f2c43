"""Notes: writing, reading and correcting them."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.access.submissions import claim, saved
from app.cases.conflicts import conflict, require_same_version
from app.cases.history import LastChange
from app.cases.journal import queries, services
from app.cases.journal.forms import CorrectNoteForm, NoteForm
from app.cases.journal.models import JournalNote, NoteKind
from app.cases.journal.routes.frame import JOURNAL, NOTE, TAB, bp, home
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core import clock
from app.core.forms import saving


@bp.route(f"{JOURNAL}/nyt", methods=["GET", "POST"])
@requires(Permission.JOURNAL_WRITE, get_case)
def new(case: Case) -> ResponseReturnValue:
    """Write a note."""
    user, at = current.user(), current.at()
    form = NoteForm(clock.local_time(at).replace(second=0, microsecond=0))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=user, at=at)
            note = services.add_note(case, **_said(form), by=user, at=at)
            flash("Notatet er gemt.")
            return saved(form, _after(note))
    return case_page("cases/journal/new.html", case, tab=TAB, form=form)


@bp.route(NOTE)
@requires(Permission.JOURNAL_READ, queries.get_note)
def show(note: JournalNote) -> ResponseReturnValue:
    """The note as it stands now, and what it said before."""
    reader, user = current.reader(), current.user()
    return case_page(
        "cases/journal/show.html",
        note.case,
        tab=TAB,
        note=note,
        earlier=queries.revisions(note) if note.is_corrected else [],
        may_correct=can(reader, Permission.JOURNAL_WRITE, note) and services.may_correct(note, user),
        may_send=note.kind is NoteKind.BEKYMRINGSSAMTALE and can(reader, Permission.CASE_CHANGE, note),
    )


@bp.route(f"{NOTE}/ret", methods=["GET", "POST"])
@requires(Permission.JOURNAL_WRITE, queries.get_note)
def correct(note: JournalNote) -> ResponseReturnValue:
    """Correct a note; what it said before stays."""
    user, at, case = current.user(), current.at(), note.case
    if request.method == "GET" and not services.may_correct(note, user):
        flash(services.NOT_YOURS, "info")
        return redirect(_url(note))
    # Read first: looking for a conflict reads the note once more, without its author.
    thread_id, latest = note.thread_id, LastChange(note.written_at, note.author.name)
    form = CorrectNoteForm(note, current.today())
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, note)
            revision = services.correct_note(note, **_said(form), by=user, at=at)
            changed = revision is not note
            flash(
                "Rettelsen er gemt." if changed else "Der var ingen ændringer at gemme.",
                "success" if changed else "info",
            )
            return redirect(_url(note))
    against = conflict(form, note, form.stored, lambda: latest)
    return case_page(
        "cases/journal/correct.html", case, tab=TAB, form=form, thread_id=thread_id, conflict=against, what="notatet"
    )


def _said(form: NoteForm | CorrectNoteForm) -> dict[str, Any]:
    names = ("kind", "happened_on", "happened_time", "parties", "text")
    return {name: form[name].data for name in names}


def _after(note: JournalNote) -> str:
    """Where to go on: after a bekymringssamtale to the note, which offers the letter to the home."""
    return _url(note) if note.kind is NoteKind.BEKYMRINGSSAMTALE else home(note.case_id)


def _url(note: JournalNote) -> str:
    return url_for("journal.show", case_id=note.case_id, note_id=note.thread_id)
