"""The meeting."""

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import saved
from app.cases.pages import case_page
from app.core.forms import saving
from app.netvaerkssamraad import queries, services
from app.netvaerkssamraad.forms import MeetingForm
from app.netvaerkssamraad.models import Netvaerkssamraad, Stage
from app.netvaerkssamraad.overview import overview
from app.netvaerkssamraad.routes.frame import ONE, TAB, begin_change, bp, out_of_turn, url_of
from app.netvaerkssamraad.steps import Step


@bp.route(f"{ONE}/afholdt", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def meeting(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Register whether the meeting was held."""
    if elsewhere := out_of_turn(samraad, Step.RECORD_HELD):
        return elsewhere
    form = MeetingForm(today=current.today(), data={"held_on": current.today(), "version": samraad.version})
    if samraad.stage is Stage.NOT_HELD:
        del form.held, form.reason
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, samraad)
            _record(samraad, form)
            return saved(form, url_of(samraad))
    one = overview(samraad, current.today())
    return case_page("netvaerkssamraad/meeting.html", samraad.case, tab=TAB, form=form, one=one)


def _record(samraad: Netvaerkssamraad, form: MeetingForm) -> None:
    user, at = current.user(), current.at()
    if form.was_held:
        services.record_held(samraad, held_on=form.held_on.data, by=user, at=at)
        flash("Det er registreret, at mødet blev holdt.")
    else:
        services.record_not_held(samraad, reason=form.reason.data, by=user, at=at)
        flash("Det er registreret, at mødet ikke blev holdt.")
