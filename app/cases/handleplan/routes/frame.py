"""What the pages of the tab share: their addresses, and how a change is begun."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can
from app.access.submissions import claim
from app.audit.models import Event
from app.cases import history
from app.cases.handleplan.models import FollowUp, Handleplan, Measure
from app.cases.history import LastChange
from app.cases.models import Case
from app.core.errors import DomainError

bp = Blueprint("handleplan", __name__)

TAB = "handleplan"
ALL = "/sager/<int:case_id>/handleplan"
ONE = f"{ALL}/<int:plan_id>"


def begin_change(form: Any, thing: Handleplan | Measure | FollowUp) -> None:
    """Take the form's token, and refuse when somebody else has changed the thing since the form was shown."""
    claim(form, by=current.user(), at=current.at())
    form.require_same_version(thing)


def url_of(plan: Handleplan) -> str:
    """Where the plan is shown: an open one stands on the tab itself, among the others."""
    if plan.is_open:
        return url_for("handleplan.index", case_id=plan.case_id)
    return url_for("handleplan.show", case_id=plan.case_id, plan_id=plan.id)


def may_change(case: Case) -> bool:
    """Whether the reader may change plans of the case; nobody changes those of a closed one."""
    return case.closed_on is None and can(current.reader(), Permission.HANDLEPLAN_CHANGE, case)


def last_change(plan: Handleplan, *events: Event) -> Callable[[], LastChange | None]:
    """Ask later who last did one of these things in the case."""
    return lambda: history.last_change(plan.case_id, *events)


def at_once(plan: Handleplan, act: Callable[..., Any], thing: Any, done: str, **more: Any) -> ResponseReturnValue:
    """Do what one button says; when it cannot be done, say why where the plan is shown."""
    try:
        act(thing, **more, by=current.user(), at=current.at())
    except DomainError as error:
        flash(error.message, "error")
    else:
        flash(done)
    return redirect(url_of(plan))
