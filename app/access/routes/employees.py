"""Medarbejdere: the leader's page about who in the unit is away."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Absence, User
from app.access.policy import Permission, requires
from app.access.queries import absences, cpr_met, get_absence, get_user, users
from app.access.routes.absence_page import register_absence
from app.access.services.absences import remove_absence
from app.core.errors import NotFoundError
from app.core.pages import page

LOOKING_BACK = timedelta(days=30)

bp = Blueprint("employees", __name__, url_prefix="/medarbejdere")


@bp.route("")
@requires(Permission.ABSENCE_OF_OTHERS)
def index() -> ResponseReturnValue:
    """The employees of one's unit, and who of them is away now or soon."""
    unit_id, today = current.user().unit_id, current.today()
    employees = [] if unit_id is None else users(unit_id=unit_id, active=True)
    coming = absences([employee.id for employee in employees], until_after=today)
    return page(
        "access/employees.html",
        employees=employees,
        away=[absence for absence in coming if absence.from_day <= today],
        coming=[absence for absence in coming if absence.from_day > today],
        cpr_met=cpr_met(current.at() - LOOKING_BACK),
    )


def employee(user_id: int) -> User:
    """The user, when in one's own unit. Raises NotFoundError."""
    found = get_user(user_id)
    if found.unit_id is None or found.unit_id != current.user().unit_id:
        raise NotFoundError
    return found


def absence_of_employee(absence_id: int) -> Absence:
    """The absence, when it is of somebody in one's own unit. Raises NotFoundError."""
    found = get_absence(absence_id)
    employee(found.user_id)
    return found


@bp.route("/<int:user_id>/fravaer", methods=["GET", "POST"])
@requires(Permission.ABSENCE_OF_OTHERS, employee)
def absence(user: User) -> ResponseReturnValue:
    """Register an employee's absence."""
    return register_absence(user, back=url_for("employees.index"))


@bp.route("/fravaer/<int:absence_id>/fjern", methods=["POST"])
@requires(Permission.ABSENCE_OF_OTHERS, absence_of_employee)
def remove(absence: Absence) -> ResponseReturnValue:
    """Take an employee's absence away."""
    remove_absence(absence, by=current.user(), at=current.at())
    flash("Fraværet er fjernet.")
    return redirect(url_for("employees.index"))
