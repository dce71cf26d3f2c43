"""The page with the half-year's figures, and their files."""

from datetime import date

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.audit import log
from app.audit.models import Event
from app.cases.handleplan.codes import MeasureResult
from app.core.errors import DomainError, NotFoundError
from app.core.pages import page
from app.deadlines.queries import rule_on
from app.extensions import db
from app.netvaerkssamraad.models import SUMMONS_RULE
from app.statistics import definitions, export
from app.statistics.charts import niveau_chart
from app.statistics.forms import FiguresForm
from app.statistics.measures import DEFINITIONS, UseAndOutcome, use_and_outcome
from app.statistics.periods import Period
from app.statistics.services import Figures, half_year_figures

bp = Blueprint("statistics", __name__)


@bp.route("/statistik")
@requires(Permission.FIGURES_READ)
def index() -> ResponseReturnValue:
    """Show the figures of a half-year, with the half-year before beside them."""
    form = FiguresForm(request.args, today=current.today())
    figures = _chosen(form)
    if figures is None:
        return page("statistics/index.html", form=form, figures=None)
    before = _count(figures.period.before, figures.period.before.last_day)
    log.record(Event.FIGURES_READ, by=current.user(), at=current.at(), period=str(figures.period))
    return page(
        "statistics/index.html",
        form=form,
        figures=figures,
        before=before,
        chart=niveau_chart(figures),
        definitions=definitions,
        value_of=value_of,
        rule_notice=rule_on(SUMMONS_RULE, figures.period.last_day).notice,
        formats=export.FORMATS,
    )


@bp.route("/statistik/halvaarstal.<string(length=3):kind>")
@bp.route("/statistik/halvaarstal.<string(length=4):kind>")
@requires(Permission.FIGURES_READ)
def download(kind: str) -> ResponseReturnValue:
    """Give the figures as a file; that it was taken is recorded before the first byte."""
    figures = _chosen(FiguresForm(request.args, today=current.today()))
    if kind not in export.WRITERS or figures is None:
        raise NotFoundError
    log.record(
        Event.FIGURES_EXPORTED,
        by=current.user(),
        at=current.at(),
        period=str(figures.period),
        as_of=figures.as_of.isoformat(),
        format=kind,
    )
    response = Response(export.WRITERS[kind](figures), mimetype=export.MIME[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{export.file_name(figures, kind)}"'
    return response


@bp.route("/statistik/indsatser")
@requires(Permission.FIGURES_READ)
def measures() -> ResponseReturnValue:
    """Show which measures were used in a half-year, and what came of them."""
    form = FiguresForm(request.args, today=current.today())
    found = _measured(form)
    if found is None:
        return page("statistics/measures.html", form=form, period=None)
    period, as_of, rows = found
    log.record(Event.FIGURES_READ, by=current.user(), at=current.at(), period=str(period))
    return page(
        "statistics/measures.html",
        form=form,
        period=period,
        as_of=as_of,
        rows=rows,
        results=list(MeasureResult),
        definitions=DEFINITIONS,
    )


def _measured(form: FiguresForm) -> tuple[Period, date, list[UseAndOutcome]] | None:
    """The half-year, the day, and what was tried; None, with the form's errors set, when the form asks for none."""
    if not form.validate():
        return None
    period = Period.parse(form.period.data) if form.period.data else Period.containing(current.today())
    as_of = form.as_of.data or min(period.last_day, current.today())
    try:
        with db.engines["statistics"].connect() as connection:
            return period, as_of, use_and_outcome(connection, period, as_of)
    except DomainError as error:
        form.add_error(error.message, error.field)
        return None


def _chosen(form: FiguresForm) -> Figures | None:
    """The figures that the form asks for; None, with the form's errors set, when it asks for none there are."""
    if not form.validate():
        return None
    try:
        period = Period.parse(form.period.data) if form.period.data else Period.containing(current.today())
        return _count(period, form.as_of.data or min(period.last_day, max(current.today(), period.first_day)))
    except DomainError as error:
        form.add_error(error.message, error.field)
        return None


def value_of(figures: Figures, key: str) -> str:
    """One figure about netværkssamråd as the page writes it; a dash where there is nothing to take a median of."""
    value = getattr(figures.netvaerkssamraad, key)
    return "–" if value is None else f"{value:g}".replace(".", ",")


def _count(period: Period, as_of: date) -> Figures:
    with db.engines["statistics"].connect() as connection:
        return half_year_figures(connection, period, as_of)
