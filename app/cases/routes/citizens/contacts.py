"""Phones, addresses and e-mail of a citizen."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.conflicts import conflict, require_same_version
from app.cases.forms import ConfirmForm
from app.cases.routes.citizens.frame import CITIZEN, bp, citizen_page, get_citizen, url_of
from app.core.forms import saving
from app.people import contacts
from app.people.forms.contacts import ContactForm, NewContactForm
from app.people.models import Citizen, ContactPoint
from app.people.queries import get_contact_point

POINT = f"{CITIZEN}/kontakt/<int:point_id>"


@bp.route(f"{CITIZEN}/kontakt/ny", methods=["GET", "POST"])
@requires(Permission.CITIZEN_CHANGE, get_citizen)
def add_contact(citizen: Citizen) -> ResponseReturnValue:
    """Add a phone number, address or e-mail address."""
    form = NewContactForm(today=current.today())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            contacts.add_contact_point(citizen, form.facts, by=current.user(), at=current.at())
            flash("Kontaktoplysningen er tilføjet.")
            return saved(form, url_of(citizen))
    return citizen_page("cases/citizens/add_contact.html", citizen, form=form)


@bp.route(POINT, methods=["GET", "POST"])
@requires(Permission.CITIZEN_CHANGE, get_contact_point)
def change_contact(point: ContactPoint) -> ResponseReturnValue:
    """Correct it, or say that it has ended."""
    form = ContactForm(point)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, point)
            changed = contacts.change_contact_point(point, form.facts, by=current.user(), at=current.at())
            flash(*(("Ændringerne er gemt.",) if changed else ("Der var ingen ændringer at gemme.", "info")))
            return redirect(url_of(point.citizen))
    against = conflict(form, point, form.stored, lambda: None)
    return citizen_page("cases/citizens/change_contact.html", point.citizen, form=form, point=point, conflict=against)


@bp.route(f"{POINT}/fjern", methods=["GET", "POST"])
@requires(Permission.CITIZEN_CHANGE, get_contact_point)
def remove_contact(point: ContactPoint) -> ResponseReturnValue:
    """Take out what was registered by mistake."""
    form = ConfirmForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            contacts.void_contact_point(point, by=current.user(), at=current.at())
            flash("Kontaktoplysningen er fjernet.")
            return saved(form, url_of(point.citizen))
    return citizen_page("cases/citizens/remove_contact.html", point.citizen, form=form, point=point)
