"""Bydele."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.admin.forms import AddNamedForm, RenameForm
from app.admin.sections import admin_page
from app.core.forms import saving
from app.places import queries, services
from app.places.models import Bydel
from app.places.queries import get_bydel

bp = Blueprint("bydele", __name__, url_prefix="/administration/bydele")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.PLACES)
def index() -> ResponseReturnValue:
    """The bydele, and a new one."""
    form, by, at = AddNamedForm(), current.user(), current.at()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            services.add_bydel(str(form.name.data), by=by, at=at)
            flash("Bydelen er oprettet.")
            return saved(form, url_for("bydele.index"))
    return admin_page("admin/bydele.html", form=form, bydele=queries.bydele())


@bp.route("/<int:bydel_id>", methods=["GET", "POST"])
@requires(Permission.PLACES, get_bydel)
def edit(bydel: Bydel) -> ResponseReturnValue:
    """Rename a bydel."""
    form = RenameForm(obj=bydel)
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(bydel)
            services.rename_bydel(bydel, str(form.name.data), by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(url_for("bydele.index"))
    return admin_page("admin/bydel.html", form=form, bydel=bydel)


@bp.route("/<int:bydel_id>/luk", methods=["POST"])
@requires(Permission.PLACES, get_bydel)
def close(bydel: Bydel) -> ResponseReturnValue:
    """Offer a bydel no more."""
    return _act(bydel, services.close_bydel, "Bydelen er lukket.")


@bp.route("/<int:bydel_id>/aabn", methods=["POST"])
@requires(Permission.PLACES, get_bydel)
def reopen(bydel: Bydel) -> ResponseReturnValue:
    """Offer a bydel again."""
    return _act(bydel, services.reopen_bydel, "Bydelen er åbnet igen.")


def _act(bydel: Bydel, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    form = RenameForm(formdata=None, obj=bydel)
    with saving(form):
        act(bydel, by=current.user(), at=current.at())
        flash(done)
        return redirect(url_for("bydele.index"))
    return admin_page("admin/bydel.html", form=form, bydel=bydel)
