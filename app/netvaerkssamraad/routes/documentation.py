"""What the case has of netværkssamråd, and new documentation."""

from datetime import date

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.access.submissions import claim, saved
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.forms import saving
from app.netvaerkssamraad import queries, services
from app.netvaerkssamraad.age import age_on
from app.netvaerkssamraad.forms import DocumentationForm
from app.netvaerkssamraad.models import Netvaerkssamraad
from app.netvaerkssamraad.overview import overview, overviews
from app.netvaerkssamraad.repeat import EarlierMeeting, earlier_meeting
from app.netvaerkssamraad.routes.frame import ALL, ONE, TAB, bp, this_moment, url_of


@bp.route(ALL)
@requires(Permission.NETVAERKSSAMRAAD_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """All of the case's netværkssamråd; what is open stands there in full."""
    found = overviews(case.id, current.today())
    return case_page(
        "netvaerkssamraad/index.html",
        case,
        tab=TAB,
        open_ones=[each for each in found if each.samraad.is_open],
        ended=[each for each in found if not each.samraad.is_open],
        may_change=_may_change(case),
    )


@bp.route(ONE)
@requires(Permission.NETVAERKSSAMRAAD_READ, queries.get_samraad)
def show(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """One netværkssamråd in full."""
    one = overview(samraad, current.today())
    case = samraad.case
    return case_page("netvaerkssamraad/show.html", case, tab=TAB, one=one, may_change=_may_change(case))


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, get_case)
def register(case: Case) -> ResponseReturnValue:
    """Register documentation from the police, which starts the clock."""
    form = DocumentationForm(today=current.today(), data=this_moment("received_on", "received_time"))
    earlier = _earlier(case, form.received_on.data)
    if earlier is None:
        del form.answer
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            samraad = services.register_documentation(
                case,
                documentation=form.documentation.data,
                documentation_other=form.documentation_other.data,
                received_at=form.received_at,
                received_from=form.received_from.data,
                why_serious=form.why_serious.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Dokumentationen er registreret, og uret er i gang.")
            return saved(form, url_of(samraad, "change_measures" if form.changes_measures else "show"))
    age = age_on(case, current.today())
    return case_page("netvaerkssamraad/register.html", case, tab=TAB, form=form, earlier=earlier, age=age)


def _earlier(case: Case, received_on: date | None) -> EarlierMeeting | None:
    return earlier_meeting(queries.days_held(case.id), received_on or current.today())


def _may_change(case: Case) -> bool:
    return can(current.reader(), Permission.NETVAERKSSAMRAAD_CHANGE, case)
