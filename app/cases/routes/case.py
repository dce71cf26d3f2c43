"""The case itself, and changing what is known."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role
from app.access.policy import Permission, can, requires
from app.audit.models import Event
from app.cases import glances, history, niveauer, queries, services, tasks
from app.cases.conflicts import conflict, require_same_version
from app.cases.forms import CaseForm
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.routes.blueprint import CASE, bp
from app.core.forms import saving
from app.people.forms.citizens import CitizenForm
from app.people.queries import contact_points
from app.people.services import change_citizen
from app.people.words import number_and_age

TAB = "sag"


@bp.route(CASE)
@requires(Permission.CASE_READ, queries.get_case)
def show(case: Case) -> ResponseReturnValue:
    """The case at a glance."""
    today, reader = current.today(), current.reader()
    named = [member for member in queries.members(case.id) if member.is_valid(today)]
    return case_page(
        "cases/show.html",
        case,
        tab=TAB,
        number=number_and_age(case.citizen, today),
        points=[point for point in contact_points(case.citizen_id) if not point.is_over(today)],
        niveau=niveauer.label(case.niveau),
        glances=glances.of_case(current_app, case.id, today),
        todo=tasks.of_cases(current_app, [case.id], today, mentor=reader.role is Role.MENTOR),
        others=queries.other_open_cases(case),
        named=named,
        may_change=can(reader, Permission.CASE_CHANGE, case),
    )


@bp.route(f"{CASE}/rediger", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def edit(case: Case) -> ResponseReturnValue:
    """Change why there is a case."""
    form = CaseForm(case, today=current.today())
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            changed = services.change_case(
                case, referral=form.referral(case), themes=form.themes.data, by=current.user(), at=current.at()
            )
            return _back(case, changed)
    against = conflict(form, case, form.stored, lambda: history.last_change(case.id, *CHANGES_OF_CASE))
    return case_page("cases/edit.html", case, tab=TAB, form=form, conflict=against, what="sagen")


@bp.route(f"{CASE}/borger", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def edit_citizen(case: Case) -> ResponseReturnValue:
    """Change what is known about the citizen; the change stands in the record of each of the citizen's cases."""
    citizen = case.citizen
    form = CitizenForm(citizen, today=current.today())
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, citizen)
            changed = change_citizen(
                citizen,
                name=form.name.data,
                sex=form.sex.data,
                bydel_id=form.bydel.data,
                school_id=form.school.data,
                address_protection=form.address_protection.data,
                birth_date=form.stated_birth_date,
                by=current.user(),
                at=current.at(),
            )
            return _back(case, changed)
    against = conflict(form, citizen, form.stored, lambda: history.last_change(case.id, Event.CITIZEN_CHANGED))
    return case_page("cases/edit_citizen.html", case, tab=TAB, form=form, conflict=against, what="borgeren")


CHANGES_OF_CASE = (Event.CASE_CHANGED, Event.CASE_OWNER_ASSIGNED)


def _back(case: Case, changed: list[str]) -> ResponseReturnValue:
    flash("Ændringerne er gemt." if changed else "Der var ingen ændringer at gemme.", "success" if changed else "info")
    return redirect(url_for("cases.show", case_id=case.id))
