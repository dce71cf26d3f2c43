"""What is done, by whom, and with what result."""

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.conflicts import conflict, require_same_version
from app.cases.handleplan import queries, services
from app.cases.handleplan.forms import ChangeMeasureForm, MeasureForm, ResultForm, people
from app.cases.handleplan.models import Handleplan, Measure
from app.cases.handleplan.routes.frame import ONE, TAB, at_once, begin_change, bp, last_change, url_of
from app.cases.pages import case_page
from app.core.forms import saving

MEASURES = f"{ONE}/indsatser"
MEASURE = f"{MEASURES}/<int:measure_id>"


@bp.route(f"{MEASURES}/ny", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def add_measure(plan: Handleplan) -> ResponseReturnValue:
    """Agree on a measure."""
    form = MeasureForm(data={"from_day": current.today(), "responsible": plan.case.owner_id})
    _offer(form, plan)
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.add_measure(plan, form.agreed, by=current.user(), at=current.at())
            flash("Indsatsen er aftalt.")
            return saved(form, url_of(plan))
    return case_page("cases/handleplan/measure.html", plan.case, tab=TAB, form=form, plan=plan)


@bp.route(MEASURE, methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_measure)
def change_measure(measure: Measure) -> ResponseReturnValue:
    """Agree otherwise on a measure."""
    form = ChangeMeasureForm(data={**ChangeMeasureForm.stored(measure), "version": measure.version})
    _offer(form, measure.plan, measure)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, measure)
            services.change_measure(measure, form.agreed, by=current.user(), at=current.at())
            flash("Indsatsen er rettet.")
            return redirect(url_of(measure.plan))
    changed = last_change(measure.plan, Event.MEASURE_CHANGED, Event.MEASURE_ENDED)
    against = conflict(form, measure, form.stored, changed)
    plan = measure.plan
    return case_page("cases/handleplan/measure.html", plan.case, tab=TAB, form=form, plan=plan, conflict=against)


@bp.route(f"{MEASURE}/resultat", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_measure)
def end_measure(measure: Measure) -> ResponseReturnValue:
    """Say how a measure ended, or correct what was said."""
    form = ResultForm(today=current.today(), data=_ending(measure))
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, measure)
            services.end_measure(
                measure,
                state=form.state.data,
                ended_on=form.ended_on.data,
                result=form.result.data,
                result_note=form.result_note.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Resultatet er skrevet.")
            return saved(form, url_of(measure.plan))
    plan = measure.plan
    return case_page("cases/handleplan/result.html", plan.case, tab=TAB, form=form, plan=plan, measure=measure)


@bp.route(f"{MEASURE}/genoptag", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_measure)
def reopen_measure(measure: Measure) -> ResponseReturnValue:
    """Take up a measure again whose end was said too early."""
    return at_once(measure.plan, services.reopen_measure, measure, "Indsatsen er genoptaget.")


def _offer(form: Any, plan: Handleplan, measure: Measure | None = None) -> None:
    """Kinds, goals and people to choose among, and those that the measure has already."""
    kinds = queries.catalogue(active=True)
    if measure is not None and measure.catalogue not in kinds:
        kinds.append(measure.catalogue)
    also = None if measure is None else measure.responsible_user
    users = people(queries.possible_responsible(plan.case.unit_id), also)
    form.offer(kinds, queries.goals_of(plan.id), users)


def _ending(measure: Measure) -> dict[str, Any]:
    told = {"ended_on": measure.ended_on or current.today(), "version": measure.version}
    if measure.is_open:
        return told
    return told | {"state": measure.state, "result": measure.result, "result_note": measure.result_note}
