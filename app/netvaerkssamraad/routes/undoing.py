"""Taking back what was registered by mistake, each on a page that says what happens."""

from datetime import datetime
from typing import Protocol

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import User
from app.access.policy import Permission, requires
from app.access.submissions import saved
from app.cases.pages import case_page
from app.core.forms import saving
from app.netvaerkssamraad import queries, services
from app.netvaerkssamraad.forms import UndoForm
from app.netvaerkssamraad.models import Netvaerkssamraad
from app.netvaerkssamraad.routes.frame import ONE, TAB, begin_change, bp, out_of_turn, url_of
from app.netvaerkssamraad.steps import Step


class _Undo(Protocol):
    def __call__(self, samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None: ...


@bp.route(f"{ONE}/indkaldelse/fortryd", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def undo_summons(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Take back the summons."""
    done = "Indkaldelsen er fortrudt, og uret er i gang igen."
    return _undo(samraad, Step.UNDO_SUMMONS, services.undo_summons, "undo_summons", done)


@bp.route(f"{ONE}/afholdt/fortryd", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def undo_meeting(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Take back what was last registered of the meeting."""
    return _undo(samraad, Step.UNDO_MEETING, services.undo_meeting, "undo_meeting", "Mødet er fortrudt.")


@bp.route(f"{ONE}/undtag/fortryd", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def undo_exemption(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Take back that nobody is to be summoned."""
    done = "Det er fortrudt, og uret er i gang igen."
    return _undo(samraad, Step.UNDO_EXEMPTION, services.undo_exemption, "undo_exemption", done)


def _undo(samraad: Netvaerkssamraad, step: Step, act: _Undo, template: str, done: str) -> ResponseReturnValue:
    if elsewhere := out_of_turn(samraad, step):
        return elsewhere
    form = UndoForm(data={"version": samraad.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, samraad)
            act(samraad, reason=form.reason.data, by=current.user(), at=current.at())
            flash(done)
            return saved(form, url_of(samraad))
    due_on = queries.clock_of(samraad).due_on
    return case_page(
        f"netvaerkssamraad/{template}.html", samraad.case, tab=TAB, form=form, samraad=samraad, due_on=due_on
    )
