"""The plans of a case: what is under way, and what has been."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.conflicts import conflict, require_same_version
from app.cases.handleplan import queries, services
from app.cases.handleplan.codes import TERMS
from app.cases.handleplan.forms import ChangePlanForm, CloseForm, StartForm
from app.cases.handleplan.models import Handleplan
from app.cases.handleplan.routes.frame import (
    ALL,
    ONE,
    TAB,
    at_once,
    begin_change,
    bp,
    last_change,
    may_change,
    url_of,
)
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.forms import saving


@bp.route(ALL)
@requires(Permission.HANDLEPLAN_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """What is under way in full, and the plans there have been."""
    plans = queries.plans_of(case.id)
    return case_page(
        "cases/handleplan/index.html",
        case,
        tab=TAB,
        acute=next((plan for plan in plans if plan.is_open and plan.is_acute), None),
        plan=next((plan for plan in plans if plan.is_open and not plan.is_acute), None),
        earlier=[plan for plan in plans if not plan.is_open],
        **_shown(case),
    )


@bp.route(ONE)
@requires(Permission.HANDLEPLAN_READ, queries.get_plan)
def show(plan: Handleplan) -> ResponseReturnValue:
    """One plan in full."""
    return case_page("cases/handleplan/show.html", plan.case, tab=TAB, plan=plan, **_shown(plan.case))


def _shown(case: Case) -> dict[str, Any]:
    """What the parts of a plan need to be shown."""
    return {"terms": TERMS, "now": current.at(), "may_change": may_change(case)}


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, get_case)
def start(case: Case) -> ResponseReturnValue:
    """Begin a handleplan."""
    form = StartForm(data={"started_on": current.today()})
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            plan = services.start_plan(
                case,
                aim=str(form.aim.data),
                own_words=form.own_words.data,
                started_on=form.started_on.data,
                first_follow_up=form.first_follow_up.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Handleplanen er begyndt. Sæt nu mål, og aftal indsatser.")
            return saved(form, url_of(plan))
    return case_page("cases/handleplan/start.html", case, tab=TAB, form=form)


@bp.route(f"{ONE}/rediger", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def edit(plan: Handleplan) -> ResponseReturnValue:
    """Write anew what the plan is about."""
    form = ChangePlanForm(obj=plan)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, plan)
            services.change_plan(
                plan, aim=form.aim.data, own_words=form.own_words.data, by=current.user(), at=current.at()
            )
            flash("Planen er rettet.")
            return redirect(url_of(plan))
    against = conflict(form, plan, form.stored, last_change(plan, Event.PLAN_CHANGED))
    return case_page("cases/handleplan/edit.html", plan.case, tab=TAB, form=form, plan=plan, conflict=against)


@bp.route(f"{ONE}/afslut", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def close(plan: Handleplan) -> ResponseReturnValue:
    """End the plan."""
    form = CloseForm(today=current.today(), data={"closed_on": current.today(), "version": plan.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, plan)
            services.close_plan(
                plan,
                closed_on=form.closed_on.data,
                closing=form.closing.data,
                by=current.user(),
                at=current.at(),
            )
            flash(f"{plan.kind.label}en er afsluttet.")
            return saved(form, url_for("handleplan.index", case_id=plan.case_id))
    return case_page("cases/handleplan/close.html", plan.case, tab=TAB, form=form, plan=plan)


@bp.route(f"{ONE}/genaabn", methods=["POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def reopen(plan: Handleplan) -> ResponseReturnValue:
    """Work on a closed plan again."""
    return at_once(plan, services.reopen_plan, plan, "Planen er genåbnet.")
