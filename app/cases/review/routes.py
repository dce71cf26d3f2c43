"""Gennemgang: the list for the team's meeting, and what is said about each case."""

from flask import Blueprint, Response, current_app, flash, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.paging import PAGE_SIZE, Paging, offset, page_number
from app.cases.queries import get_case
from app.cases.review import agenda, queries, services
from app.cases.review.agenda import Point
from app.cases.review.forms import ReviewForm
from app.core.forms import saving
from app.core.pages import page
from app.documents import pdf

LIST = "gennemgang"
MOST_ON_PAPER = 200
TAB = "sag"

bp = Blueprint("review", __name__)


@bp.route("/gennemgang")
@requires(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """The open cases on the higher niveauer: what is due, what stands still, what has changed."""
    number = page_number()
    ids = queries.to_review(offset=offset(number), limit=PAGE_SIZE + 1)
    points = _points(ids[:PAGE_SIZE])
    return page(
        "cases/review/index.html",
        points=points,
        paging=Paging(number, len(points), len(ids) > PAGE_SIZE),
        in_words=agenda.in_words,
        from_niveau=queries.FROM_NIVEAU,
        quiet_days=queries.QUIET_AFTER.days,
        today=current.today(),
    )


def _points(ids: list[int]) -> list[Point]:
    """The cases of the list; that they were shown is recorded."""
    points = agenda.points(current_app, ids, today=current.today(), at=current.at())
    shown = [point.case.id for point in points]
    log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=shown, list=LIST)
    return points


@bp.route("/gennemgang.pdf")
@requires(Permission.REVIEW)
def paper() -> ResponseReturnValue:
    """The list as PDF, to take to the meeting."""
    points = _points(queries.to_review(offset=0, limit=MOST_ON_PAPER))
    unit = current.user().unit
    document = agenda.on_paper(points, unit=unit.name if unit else "", today=current.today())
    headers = {"Content-Disposition": f'inline; filename="gennemgang-{current.today().isoformat()}.pdf"'}
    return Response(pdf.render(document), mimetype="application/pdf", headers=headers)


@bp.route("/sager/<int:case_id>/gennemgang", methods=["GET", "POST"])
@requires(Permission.REVIEW, get_case)
def case_review(case: Case) -> ResponseReturnValue:
    """Write what was said about a case, and see what was said before."""
    form = ReviewForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.mark_reviewed(case, note=form.note.data, by=current.user(), at=current.at())
            flash(f"Sag {case.number} er gennemgået.")
            return saved(form, url_for("review.index"))
    return case_page("cases/review/case.html", case, tab=TAB, form=form, reviews=queries.reviews_of(case.id))
