"""What stops the clock: the summons, an exemption, changed measures."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import saved
from app.cases.pages import case_page
from app.core.forms import saving
from app.netvaerkssamraad import queries, services
from app.netvaerkssamraad.forms import ExemptionForm, MeasuresForm, SummonsForm
from app.netvaerkssamraad.models import Netvaerkssamraad
from app.netvaerkssamraad.overview import overview
from app.netvaerkssamraad.routes.frame import ONE, TAB, begin_change, bp, out_of_turn, this_moment, url_of
from app.netvaerkssamraad.steps import Step


@bp.route(f"{ONE}/indkaldelse", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def summon(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Register the summons that was sent."""
    if elsewhere := out_of_turn(samraad, Step.SUMMON):
        return elsewhere
    parties = {party.id: party for party in samraad.parties}
    preset = {**this_moment("sent_on", "sent_time"), "parties": list(parties), "version": samraad.version}
    form = SummonsForm(today=current.today(), data=preset)
    choices: Any = {party.id: f"{party.full_name} ({party.role.label.lower()})" for party in parties.values()}
    form.parties.choices = choices
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, samraad)
            services.send_summons(
                samraad,
                sent_at=form.sent_at,
                means=form.means.data,
                parties=[parties[party_id] for party_id in form.parties.data],
                late_reason=form.late_reason.data,
                no_custody_holder=form.no_custody_holder.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Indkaldelsen er registreret, og uret er stoppet.")
            return saved(form, url_of(samraad))
    one = overview(samraad, current.today())
    return case_page("netvaerkssamraad/summon.html", samraad.case, tab=TAB, form=form, one=one)


@bp.route(f"{ONE}/undtag", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def exempt(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Register why nobody is summoned."""
    if elsewhere := out_of_turn(samraad, Step.EXEMPT):
        return elsewhere
    form = ExemptionForm(data={"version": samraad.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, samraad)
            services.exempt(
                samraad,
                exemption=form.exemption.data,
                reason=form.reason.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Undtagelsen er registreret, og uret er stoppet.")
            return saved(form, url_of(samraad))
    one = overview(samraad, current.today())
    return case_page("netvaerkssamraad/exempt.html", samraad.case, tab=TAB, form=form, one=one)


@bp.route(f"{ONE}/foranstaltninger", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def change_measures(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Register that measures are changed instead of summoning anew."""
    if elsewhere := out_of_turn(samraad, Step.CHANGE_MEASURES):
        return elsewhere
    form = MeasuresForm(data={"version": samraad.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, samraad)
            services.change_measures(samraad, reason=form.reason.data, by=current.user(), at=current.at())
            flash("De ændrede foranstaltninger er registreret, og uret er stoppet.")
            return saved(form, url_of(samraad))
    one = overview(samraad, current.today())
    return case_page("netvaerkssamraad/change_measures.html", samraad.case, tab=TAB, form=form, one=one)
