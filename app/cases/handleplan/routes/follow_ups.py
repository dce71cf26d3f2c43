"""When the plan is looked at, and what came of it."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.conflicts import conflict, require_same_version
from app.cases.handleplan import queries, services
from app.cases.handleplan.forms import CancelFollowUpForm, FollowUpForm, HoldFollowUpForm, MoveFollowUpForm
from app.cases.handleplan.models import FollowUp, Handleplan
from app.cases.handleplan.routes.frame import ONE, TAB, begin_change, bp, last_change, url_of
from app.cases.pages import case_page
from app.core.forms import saving

FOLLOW_UPS = f"{ONE}/opfoelgninger"
FOLLOW_UP = f"{FOLLOW_UPS}/<int:follow_up_id>"


@bp.route(f"{FOLLOW_UPS}/ny", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_plan)
def plan_follow_up(plan: Handleplan) -> ResponseReturnValue:
    """Agree on a day."""
    form = FollowUpForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.plan_follow_up(plan, on_day=form.on_day.data, by=current.user(), at=current.at())
            flash("Opfølgningen er aftalt.")
            return saved(form, url_of(plan))
    return case_page("cases/handleplan/follow_up.html", plan.case, tab=TAB, form=form, plan=plan)


@bp.route(FOLLOW_UP, methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_follow_up)
def move_follow_up(follow_up: FollowUp) -> ResponseReturnValue:
    """Agree on another day."""
    form = MoveFollowUpForm(obj=follow_up)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, follow_up)
            services.move_follow_up(follow_up, on_day=form.on_day.data, by=current.user(), at=current.at())
            flash("Opfølgningen er flyttet.")
            return redirect(url_of(follow_up.plan))
    plan = follow_up.plan
    against = conflict(form, follow_up, form.stored, last_change(plan, Event.FOLLOW_UP_MOVED))
    return case_page(
        "cases/handleplan/follow_up.html",
        plan.case,
        tab=TAB,
        form=form,
        plan=plan,
        follow_up=follow_up,
        conflict=against,
    )


@bp.route(f"{FOLLOW_UP}/holdt", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_follow_up)
def hold_follow_up(follow_up: FollowUp) -> ResponseReturnValue:
    """Say what came of a follow-up."""
    form = HoldFollowUpForm(today=current.today(), data={"held_on": current.today(), "version": follow_up.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, follow_up)
            services.hold_follow_up(
                follow_up,
                held_on=form.held_on.data,
                text=str(form.text.data),
                next_on=form.next_on.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Opfølgningen er skrevet.")
            return saved(form, url_of(follow_up.plan))
    plan = follow_up.plan
    return case_page("cases/handleplan/hold.html", plan.case, tab=TAB, form=form, plan=plan, follow_up=follow_up)


@bp.route(f"{FOLLOW_UP}/aflys", methods=["GET", "POST"])
@requires(Permission.HANDLEPLAN_CHANGE, queries.get_follow_up)
def cancel_follow_up(follow_up: FollowUp) -> ResponseReturnValue:
    """Say why a follow-up is not held."""
    form = CancelFollowUpForm(data={"version": follow_up.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, follow_up)
            services.cancel_follow_up(
                follow_up,
                on_day=current.today(),
                reason=str(form.reason.data),
                by=current.user(),
                at=current.at(),
            )
            flash("Opfølgningen er aflyst.")
            return saved(form, url_of(follow_up.plan))
    plan = follow_up.plan
    return case_page("cases/handleplan/cancel.html", plan.case, tab=TAB, form=form, plan=plan, follow_up=follow_up)
