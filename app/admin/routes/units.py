"""Units."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access import queries as access_queries
from app.access.models import Unit
from app.access.policy import Permission, requires
from app.access.queries import get_unit
from app.access.services import units
from app.access.submissions import claim, saved
from app.admin.forms import AddNamedForm, RenameForm
from app.admin.sections import admin_page
from app.core.forms import saving

bp = Blueprint("units", __name__, url_prefix="/administration/enheder")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.PLACES)
def index() -> ResponseReturnValue:
    """The units, and a new one."""
    form, by, at = AddNamedForm(), current.user(), current.at()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            units.add_unit(str(form.name.data), by=by, at=at)
            flash("Enheden er oprettet.")
            return saved(form, url_for("units.index"))
    return admin_page("admin/units.html", form=form, units=access_queries.units())


@bp.route("/<int:unit_id>", methods=["GET", "POST"])
@requires(Permission.PLACES, get_unit)
def edit(unit: Unit) -> ResponseReturnValue:
    """Rename a unit."""
    form = RenameForm(obj=unit)
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(unit)
            units.rename_unit(unit, str(form.name.data), by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(url_for("units.index"))
    return admin_page("admin/unit.html", form=form, unit=unit)


@bp.route("/<int:unit_id>/luk", methods=["POST"])
@requires(Permission.PLACES, get_unit)
def close(unit: Unit) -> ResponseReturnValue:
    """Close a unit."""
    return _act(unit, units.close_unit, "Enheden er lukket.")


@bp.route("/<int:unit_id>/aabn", methods=["POST"])
@requires(Permission.PLACES, get_unit)
def reopen(unit: Unit) -> ResponseReturnValue:
    """Open a unit again."""
    return _act(unit, units.reopen_unit, "Enheden er åbnet igen.")


def _act(unit: Unit, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    form = RenameForm(formdata=None, obj=unit)
    with saving(form):
        act(unit, by=current.user(), at=current.at())
        flash(done)
        return redirect(url_for("units.index"))
    return admin_page("admin/unit.html", form=form, unit=unit)
