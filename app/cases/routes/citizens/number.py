"""A citizen's CPR number becomes known, or is another one."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.audit.models import Event
from app.cases.citizens import case_lines
from app.cases.conflicts import conflict, require_same_version
from app.cases.routes.citizens.frame import CITIZEN, bp, citizen_page, get_citizen, record_reading, url_of
from app.core.forms import saving
from app.people.forms.citizens import CprForm
from app.people.models import Citizen
from app.people.numbers import set_cpr
from app.people.services import ask_cpr

ANOTHER_HAS_IT = "En anden borger, du kan se, har nummeret. Er det den samme person, kan de to lægges sammen."


@bp.route(f"{CITIZEN}/cpr", methods=["GET", "POST"])
@requires(Permission.CITIZEN_CHANGE, get_citizen)
def change_cpr(citizen: Citizen) -> ResponseReturnValue:
    """Write the number, and why it is that."""
    by, at = current.user(), current.at()
    form = CprForm(citizen, today=current.today())
    other = None
    if form.validate_on_submit():
        # Before the savepoint: that the question was asked stands also when its answer refuses the form.
        answer = ask_cpr(form.cpr.data, by=by, at=at)
        if answer.citizen is not None and answer.citizen.id != citizen.id:
            other = answer.citizen
            record_reading(
                Event.CITIZENS_SEARCHED, [case.id for case in case_lines([other.id])[other.id]], search="cpr"
            )
            form.add_error(ANOTHER_HAS_IT, "cpr")
        elif answer.refusal is not None:
            form.add_error(answer.refusal, "cpr")
        else:
            with saving(form):
                require_same_version(form, citizen)
                born = citizen.birth_date
                kind, reasons = form.chosen_kind, form.reasons.data
                set_cpr(citizen, form.cpr.data, kind=kind, reasons=reasons, by=by, at=at)
                flash("CPR-nummeret er gemt.")
                if citizen.birth_date != born:
                    flash("Fødselsdatoen er nu den, der står i nummeret. Se efter, at den er rigtig.", "info")
                return redirect(url_of(citizen))
    against = conflict(form, citizen, form.stored, lambda: None)
    return citizen_page("cases/citizens/change_cpr.html", citizen, form=form, other=other, conflict=against)
