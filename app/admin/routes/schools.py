"""Schools."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.admin.forms import AddSchoolForm, EditSchoolForm
from app.admin.sections import admin_page
from app.core.forms import saving
from app.places import queries, services
from app.places.models import School
from app.places.queries import get_school

bp = Blueprint("schools", __name__, url_prefix="/administration/skoler")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.PLACES)
def index() -> ResponseReturnValue:
    """The schools, and a new one."""
    form, by, at = AddSchoolForm(), current.user(), current.at()
    form.offer_bydele()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            services.add_school(str(form.name.data), form.chosen_bydel, by=by, at=at)
            flash("Skolen er oprettet.")
            return saved(form, url_for("schools.index"))
    return admin_page("admin/schools.html", form=form, schools=queries.schools())


@bp.route("/<int:school_id>", methods=["GET", "POST"])
@requires(Permission.PLACES, get_school)
def edit(school: School) -> ResponseReturnValue:
    """Change a school's name or bydel."""
    form = _edit_form(school)
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(school)
            services.edit_school(
                school, name=str(form.name.data), bydel=form.chosen_bydel, by=current.user(), at=current.at()
            )
            flash("Ændringerne er gemt.")
            return redirect(url_for("schools.index"))
    return admin_page("admin/school.html", form=form, school=school)


@bp.route("/<int:school_id>/luk", methods=["POST"])
@requires(Permission.PLACES, get_school)
def close(school: School) -> ResponseReturnValue:
    """Offer a school no more."""
    return _act(school, services.close_school, "Skolen er lukket.")


@bp.route("/<int:school_id>/aabn", methods=["POST"])
@requires(Permission.PLACES, get_school)
def reopen(school: School) -> ResponseReturnValue:
    """Offer a school again."""
    return _act(school, services.reopen_school, "Skolen er åbnet igen.")


def _act(school: School, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    form = _edit_form(school, formdata=None)
    with saving(form):
        act(school, by=current.user(), at=current.at())
        flash(done)
        return redirect(url_for("schools.index"))
    return admin_page("admin/school.html", form=form, school=school)


def _edit_form(school: School, **options: Any) -> EditSchoolForm:
    present = {"name": school.name, "bydel": school.bydel_id, "version": school.version}
    form = EditSchoolForm(data=present, **options)
    form.offer_bydele(school)
    return form
