"""Letters to the home about a bekymringssamtale."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, basis, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases.journal import letters, queries, services
from app.cases.journal.forms import LetterForm
from app.cases.journal.models import JournalLetter
from app.cases.journal.routes.frame import JOURNAL, TAB, bp, file_name, pdf
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.errors import NotFoundError
from app.core.forms import saving
from app.documents.pdf import render


@bp.route(f"{JOURNAL}/brev", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, get_case)
def new_letter(case: Case) -> ResponseReturnValue:
    """Make a letter to the home."""
    form = LetterForm(data=_usual(case))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            letter = services.make_letter(
                case,
                recipient=form.recipient.data,
                meeting_on=form.meeting_on.data,
                meeting_time=form.meeting_time.data,
                place=form.place.data,
                contact=form.contact.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Brevet er lavet. Hent det her som PDF, og send det.")
            return saved(form, url_for("journal.show_letter", case_id=case.id, letter_id=letter.id))
    return case_page("cases/journal/new_letter.html", case, tab=TAB, form=form)


@bp.route(f"{JOURNAL}/breve/<int:letter_id>")
@requires(Permission.JOURNAL_READ, queries.get_letter)
def show_letter(letter: JournalLetter) -> ResponseReturnValue:
    """What was written, to whom and when."""
    return case_page("cases/journal/letter.html", letter.case, tab=TAB, letter=letter)


@bp.route(f"{JOURNAL}/breve/<int:letter_id>/pdf")
@requires(Permission.JOURNAL_READ, queries.get_letter)
def letter_file(letter: JournalLetter) -> ResponseReturnValue:
    """The letter to print or send; that it was taken is recorded before the first byte."""
    case = letter.case
    log.record(
        Event.LETTER_READ,
        by=current.user(),
        at=current.at(),
        case_id=case.id,
        subject=letter.subject,
        basis=basis(current.reader(), case),
    )
    return pdf(render(letters.document(letter)), file_name("brev", case))


def _usual(case: Case) -> dict[str, Any]:
    """What is known already: whom it is to, and the conversation that the letter follows upon."""
    known: dict[str, Any] = {
        "recipient": letters.usual_recipient(case, age=case.citizen.age_on(current.today())),
        "contact": current.user().name,
    }
    note_id = request.args.get("notat", "")
    if note_id.isascii() and note_id.isdigit():
        try:
            note = queries.get_note(case.id, int(note_id))
        except NotFoundError:
            return known
        known |= {"meeting_on": note.happened_on, "meeting_time": note.happened_time}
    return known
