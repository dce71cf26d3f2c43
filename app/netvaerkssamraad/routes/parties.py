"""Who takes part."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.pages import case_page
from app.core.forms import saving
from app.netvaerkssamraad import queries, services
from app.netvaerkssamraad.forms import ChangePartyForm, PartyForm, RemovePartyForm
from app.netvaerkssamraad.models import Netvaerkssamraad, Party, PartyRole
from app.netvaerkssamraad.routes.frame import ONE, TAB, begin_change, bp, out_of_turn, url_of
from app.netvaerkssamraad.steps import Step

PARTIES = f"{ONE}/parter"
PARTY = f"{PARTIES}/<int:party_id>"


@bp.route(f"{PARTIES}/ny", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_samraad)
def add_party(samraad: Netvaerkssamraad) -> ResponseReturnValue:
    """Add somebody to the parties."""
    if elsewhere := out_of_turn(samraad, Step.CHANGE_PARTIES):
        return elsewhere
    form = PartyForm()
    if samraad.summoned_at is None:
        del form.summoned
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.add_party(samraad, **_known(form), by=current.user(), at=current.at())
            flash("Parten er tilføjet.")
            return saved(form, url_of(samraad))
    return case_page("netvaerkssamraad/add_party.html", samraad.case, tab=TAB, form=form, samraad=samraad)


@bp.route(PARTY, methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_party)
def change_party(party: Party) -> ResponseReturnValue:
    """Correct what is known of a party."""
    if elsewhere := out_of_turn(party.samraad, Step.CHANGE_PARTIES):
        return elsewhere
    form = _form_of(party)
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, party)
            known = {"role": party.role, "name": party.name, "organisation": None, **_known(form)}
            services.change_party(party, **known, by=current.user(), at=current.at())
            flash("Parten er rettet.")
            return saved(form, url_of(party.samraad))
    return case_page("netvaerkssamraad/change_party.html", party.samraad.case, tab=TAB, form=form, party=party)


@bp.route(f"{PARTY}/fjern", methods=["GET", "POST"])
@requires(Permission.NETVAERKSSAMRAAD_CHANGE, queries.get_party)
def remove_party(party: Party) -> ResponseReturnValue:
    """Take somebody off the parties, after a question."""
    if elsewhere := out_of_turn(party.samraad, Step.CHANGE_PARTIES):
        return elsewhere
    form = RemovePartyForm(data={"version": party.version})
    if form.validate_on_submit():
        with saving(form):
            begin_change(form, party)
            services.remove_party(party, by=current.user(), at=current.at())
            flash("Parten er fjernet.")
            return saved(form, url_of(party.samraad))
    return case_page("netvaerkssamraad/remove_party.html", party.samraad.case, tab=TAB, form=form, party=party)


def _form_of(party: Party) -> ChangePartyForm:
    """The form with those fields that can be changed: the young person's name and role are the case's."""
    form = ChangePartyForm(obj=party)
    if party.role is PartyRole.YOUNG_PERSON:
        del form.role, form.name, form.organisation
    if party.summoned or party.samraad.summoned_at is None:
        del form.summoned
    return form


def _known(form: PartyForm) -> dict[str, Any]:
    names = ("role", "name", "contact", "organisation", "summoned")
    return {name: form[name].data for name in names if name in form}
