"""The tab Hændelser: what happened, whether it is recidivism, and registering, correcting and voiding events."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases import history
from app.cases.conflicts import conflict, require_same_version
from app.cases.incidents import queries, recidivism, services
from app.cases.incidents.forms import ChangeIncidentForm, IndexForm, NewIncidentForm, ReviewForm, VoidForm
from app.cases.incidents.lifeline import lifeline
from app.cases.incidents.models import Incident
from app.cases.incidents.overview import overview
from app.cases.incidents.recidivism import COMMON_DEFINITION, DEFINITIONS
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.errors import DomainError
from app.core.forms import saving

bp = Blueprint("incidents", __name__)

TAB = "haendelser"
ALL = "/sager/<int:case_id>/haendelser"
ONE = f"{ALL}/<int:incident_id>"
ACUTE_PLAN = "handleplan.start_acute"
"""Where an akuthandleplan is begun; a sibling of this package, so known by its name alone."""


@bp.route(ALL)
@requires(Permission.INCIDENT_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """The line of life, the events, and recidivism from the day that is looked from."""
    seen = overview(case, current.today())
    form = IndexForm(seen.index_days, seen.chosen_index)
    findings = seen.findings(form.day)
    reader = current.reader()
    return case_page(
        "cases/incidents/index.html",
        case,
        tab=TAB,
        seen=seen,
        index_form=form,
        index_day=form.day,
        findings=findings,
        line=lifeline(seen, findings[0]) if seen.standing else None,
        definitions=DEFINITIONS,
        common_definition=COMMON_DEFINITION,
        may_change=can(reader, Permission.INCIDENT_CHANGE, case),
        plan_endpoint=ACUTE_PLAN if can(reader, Permission.HANDLEPLAN_CHANGE, case) and case.is_open else None,
    )


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.INCIDENT_CHANGE, get_case)
def register(case: Case) -> ResponseReturnValue:
    """Register an event. `?frafald=<id>` fills in that an earlier one is withdrawn."""
    known = queries.incidents_of(case.id)
    wanted = request.args.get("frafald", type=int)
    withdraws = next((each for each in known if each.id == wanted), None)
    form = NewIncidentForm(known, withdraws=withdraws, today=current.today())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.register_incident(case, kind=form.kind.data, facts=form.facts, by=current.user(), at=current.at())
            flash("Hændelsen er registreret.")
            return saved(form, _tab_url(case.id))
    return case_page("cases/incidents/register.html", case, tab=TAB, form=form)


@bp.route(ONE, methods=["GET", "POST"])
@requires(Permission.INCIDENT_CHANGE, queries.get_incident)
def change(incident: Incident) -> ResponseReturnValue:
    """Correct what is known of an event."""
    case = incident.case
    form = ChangeIncidentForm(incident, queries.incidents_of(case.id), today=current.today())
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, incident)
            changed = services.change_incident(incident, facts=form.facts, by=current.user(), at=current.at())
            flash(
                "Hændelsen er rettet." if changed else "Der var ingen ændringer at gemme.",
                "success" if changed else "info",
            )
            return redirect(_tab_url(case.id))
    against = conflict(form, incident, form.stored, lambda: history.last_change(case.id, Event.INCIDENT_CHANGED))
    return case_page("cases/incidents/change.html", case, tab=TAB, form=form, incident=incident, conflict=against)


@bp.route(f"{ONE}/annuller", methods=["GET", "POST"])
@requires(Permission.INCIDENT_CHANGE, queries.get_incident)
def void(incident: Incident) -> ResponseReturnValue:
    """Say that an event was registered by mistake, and why."""
    form = VoidForm(data={"version": incident.version})
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            form.require_same_version(incident)
            services.void_incident(incident, reason=form.reason.data, by=current.user(), at=current.at())
            flash("Hændelsen er annulleret, og den tæller ikke længere.")
            return saved(form, _tab_url(incident.case_id))
    return case_page("cases/incidents/void.html", incident.case, tab=TAB, form=form, incident=incident)


@bp.route(f"{ONE}/recidiv", methods=["GET", "POST"])
@requires(Permission.INCIDENT_CHANGE, queries.get_incident)
def review(incident: Incident) -> ResponseReturnValue:
    """Confirm that an event is recidivism from the day that is looked from, or set it aside."""
    seen = overview(incident.case, current.today())
    wanted = request.args.get("indeks")
    day = next((each for each in seen.index_days if each.key == wanted), seen.chosen_index)
    form = ReviewForm(data={"index_on": day.on.isoformat()})
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            if form.index_on.data != day.on.isoformat():
                raise DomainError("Dagen, der regnes fra, er ændret imens. Se på hændelserne igen.")
            services.review_recidivism(
                incident,
                index_on=day.on,
                verdict=form.verdict.data,
                reasons=form.reasons.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Vurderingen er gemt.")
            return saved(form, _tab_url(incident.case_id, indeks=day.key))
    kind = recidivism.kind_counted(incident.kind)
    return case_page(
        "cases/incidents/review.html",
        incident.case,
        tab=TAB,
        form=form,
        incident=incident,
        index_day=day,
        kind=kind,
        definition=DEFINITIONS.get(kind) if kind else None,
        earlier=seen.reviews_of(incident.id, day),
    )


def _tab_url(case_id: int, **values: Any) -> str:
    return url_for("incidents.index", case_id=case_id, **values)
