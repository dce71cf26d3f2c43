"""What a plan aims at."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.conflicts import conflict, require_same_version
from app.cases.handleplan import queries, services
from app.cases.handleplan.forms import ChangeGoalForm, GoalForm
from app.cases.handleplan.models import Goal, Handleplan
from app.cases.handleplan.routes.frame import ONE, TAB, bp, last_change, url_of
from app.cases.pages import case_page
from app.core.forms import saving


@bp.route(f"{ONE}/maal/nyt", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def add_goal(plan: Handleplan) -> ResponseReturnValue:
    """Set a goal."""
    form = GoalForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.add_goal(plan, text=str(form.text.data), by=current.user(), at=current.at())
            flash("Målet er sat.")
            return saved(form, url_of(plan))
    return case_page("cases/handleplan/goal.html", plan.case, tab=TAB, form=form, plan=plan)


@bp.route(f"{ONE}/maal/<int:goal_id>", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_goal)
def change_goal(goal: Goal) -> ResponseReturnValue:
    """Write a goal anew, or say how far it is."""
    form = ChangeGoalForm(obj=goal)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, goal)
            services.change_goal(
                goal, text=str(form.text.data), state=form.state.data, by=current.user(), at=current.at()
            )
            flash("Målet er rettet.")
            return redirect(url_of(goal.plan))
    against = conflict(form, goal, form.stored, last_change(goal.plan, Event.GOAL_CHANGED))
    return case_page("cases/handleplan/goal.html", goal.plan.case, tab=TAB, form=form, plan=goal.plan, conflict=against)
