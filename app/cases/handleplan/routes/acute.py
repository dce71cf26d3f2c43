"""The akuthandleplan: begun in one click, and ticked off line by line."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.conflicts import conflict, require_same_version
from app.cases.handleplan import queries, services
from app.cases.handleplan.codes import LineOutcome, PlanKind
from app.cases.handleplan.forms import ChangeLineForm, LineForm, people
from app.cases.handleplan.models import AcuteLine, Handleplan
from app.cases.handleplan.routes.frame import ALL, ONE, TAB, at_once, bp, last_change, url_of
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.errors import DomainError
from app.core.forms import saving

LINES = f"{ONE}/linjer"
LINE = f"{LINES}/<int:line_id>"


@bp.route(f"{ALL}/akut", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, get_case)
def start_acute(case: Case) -> ResponseReturnValue:
    """Begin an akuthandleplan; `haendelse` names the event that it answers."""
    under_way = queries.open_plan(case.id, PlanKind.ACUTE)
    try:
        plan = services.start_acute(
            case, incident_id=request.form.get("haendelse", type=int), by=current.user(), at=current.at()
        )
    except DomainError as error:
        flash(error.message, "error")
    else:
        new = under_way is None or under_way.id != plan.id
        flash(
            "Akuthandleplanen er i gang. Gå linjerne igennem, og vælg, hvem der gør hvad."
            if new
            else "Sagen har allerede en akuthandleplan i gang.",
            "success" if new else "info",
        )
    return redirect(url_for("handleplan.index", case_id=case.id))


@bp.route(f"{LINES}/ny", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def add_line(plan: Handleplan) -> ResponseReturnValue:
    """Add something to be done."""
    form = LineForm()
    form.responsible.choices = people(queries.possible_responsible(plan.case.unit_id))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.add_line(
                plan,
                hours=form.hours.data,
                what=str(form.what.data),
                responsible_user_id=form.responsible.data,
                organisation=form.organisation.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Linjen er tilføjet.")
            return saved(form, url_of(plan))
    return case_page("cases/handleplan/line.html", plan.case, tab=TAB, form=form, plan=plan)


@bp.route(LINE, methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_line)
def change_line(line: AcuteLine) -> ResponseReturnValue:
    """Say otherwise what is to be done, or who does it."""
    plan = line.plan
    form = ChangeLineForm(data={**ChangeLineForm.stored(line), "version": line.version})
    form.responsible.choices = people(queries.possible_responsible(plan.case.unit_id), line.responsible_user)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, line)
            services.change_line(
                line,
                what=str(form.what.data),
                responsible_user_id=form.responsible.data,
                organisation=form.organisation.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Linjen er rettet.")
            return redirect(url_of(plan))
    against = conflict(form, line, form.stored, last_change(plan, Event.LINE_CHANGED, Event.LINE_ENDED))
    return case_page("cases/handleplan/line.html", plan.case, tab=TAB, form=form, plan=plan, conflict=against)


@bp.route(f"{LINE}/udfoert", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_line)
def line_done(line: AcuteLine) -> ResponseReturnValue:
    """Say that it is done."""
    return at_once(line.plan, services.end_line, line, "Linjen er udført.", outcome=LineOutcome.DONE)


@bp.route(f"{LINE}/ikke-relevant", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_line)
def line_not_needed(line: AcuteLine) -> ResponseReturnValue:
    """Say that it is not needed."""
    outcome = LineOutcome.NOT_NEEDED
    return at_once(line.plan, services.end_line, line, "Linjen er markeret som ikke relevant.", outcome=outcome)


@bp.route(f"{LINE}/fortryd", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_line)
def line_again(line: AcuteLine) -> ResponseReturnValue:
    """Take back that it is done."""
    return at_once(line.plan, services.reopen_line, line, "Linjen er åben igen.")
