"""What the pages of the tab share: their addresses, and how a change is begun."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.submissions import claim
from app.core import clock
from app.netvaerkssamraad import steps
from app.netvaerkssamraad.models import Netvaerkssamraad, Party
from app.netvaerkssamraad.steps import Step

bp = Blueprint("netvaerkssamraad", __name__)

TAB = "netvaerkssamraad"
ALL = "/sager/<int:case_id>/netvaerkssamraad"
ONE = f"{ALL}/<int:samraad_id>"


def begin_change(form: Any, thing: Netvaerkssamraad | Party) -> None:
    """Take the form's token, and refuse when somebody else has changed the thing since the form was shown."""
    claim(form, by=current.user(), at=current.at())
    form.require_same_version(thing)


def url_of(samraad: Netvaerkssamraad, page: str = "show") -> str:
    """The address of a page about the netværkssamråd."""
    return url_for(f"netvaerkssamraad.{page}", case_id=samraad.case_id, samraad_id=samraad.id)


def out_of_turn(samraad: Netvaerkssamraad, step: Step) -> ResponseReturnValue | None:
    """Lead whoever opens the form of a step that cannot be taken to where things stand, with the reason.

    A form that is sent gets its answer from the service, so that what was typed is not lost.
    """
    reason = steps.refusal(samraad, step)
    if reason is None or request.method == "POST":
        return None
    flash(reason, "info")
    return redirect(url_of(samraad))


def this_moment(day: str, time: str) -> dict[str, Any]:
    """Fill the two fields with now, which is what most registrations are about."""
    now = clock.local_time(current.at())
    return {day: now.date(), time: now.time()}
