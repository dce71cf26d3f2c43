"""The whole case, or a chosen part, on paper for the municipality's records system."""

from flask import current_app
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, basis, requires
from app.audit import log
from app.audit.models import Event
from app.cases import filing
from app.cases.journal import paper
from app.cases.journal.forms import FilingForm
from app.cases.journal.routes.frame import TAB, bp, file_name, pdf
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.documents.pdf import render


@bp.route("/sager/<int:case_id>/pdf", methods=["GET", "POST"])
@requires(Permission.CASE_FILE, get_case)
def file_case(case: Case) -> ResponseReturnValue:
    """Choose parts and get them as one PDF; that they were taken is recorded before the first byte."""
    parts = filing.of(current_app)
    form = FilingForm({part.key: part.label for part in parts})
    if not form.validate_on_submit():
        return case_page("cases/journal/file.html", case, tab=TAB, form=form)
    chosen = [part for part in parts if part.key in form.parts.data]
    log.record(
        Event.CASE_FILED,
        by=current.user(),
        at=current.at(),
        case_id=case.id,
        basis=basis(current.reader(), case),
        parts=[part.key for part in chosen],
    )
    document = paper.whole_case(case, chosen, whole=len(chosen) == len(parts), by=current.user(), at=current.at())
    return pdf(render(document), file_name("sag", case))
