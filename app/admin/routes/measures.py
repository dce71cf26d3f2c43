"""The kinds of measure that handleplaner choose among."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.admin.forms import AddNamedForm, RenameForm
from app.admin.sections import admin_page
from app.cases.handleplan import queries, services
from app.cases.handleplan.models import CatalogueMeasure
from app.cases.handleplan.queries import get_catalogue_measure
from app.core.forms import saving

bp = Blueprint("measures", __name__, url_prefix="/administration/indsatser")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CONFIGURATION)
def index() -> ResponseReturnValue:
    """The kinds of measure, and a new one."""
    form, by, at = AddNamedForm(), current.user(), current.at()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            services.add_kind(str(form.name.data), by=by, at=at)
            flash("Indsatsen er oprettet.")
            return saved(form, url_for("measures.index"))
    return admin_page("admin/measures.html", form=form, measures=queries.catalogue())


@bp.route("/<int:catalogue_id>", methods=["GET", "POST"])
@requires(Permission.CONFIGURATION, get_catalogue_measure)
def edit(kind: CatalogueMeasure) -> ResponseReturnValue:
    """Rename a kind of measure."""
    form = RenameForm(data={"name": kind.label, "version": kind.version})
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(kind)
            services.rename_kind(kind, str(form.name.data), by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(url_for("measures.index"))
    return admin_page("admin/measure.html", form=form, kind=kind)


@bp.route("/<int:catalogue_id>/luk", methods=["POST"])
@requires(Permission.CONFIGURATION, get_catalogue_measure)
def close(kind: CatalogueMeasure) -> ResponseReturnValue:
    """Offer it no more."""
    return _act(kind, services.close_kind, "Indsatsen er lukket.")


@bp.route("/<int:catalogue_id>/aabn", methods=["POST"])
@requires(Permission.CONFIGURATION, get_catalogue_measure)
def reopen(kind: CatalogueMeasure) -> ResponseReturnValue:
    """Offer it again."""
    return _act(kind, services.reopen_kind, "Indsatsen er åbnet igen.")


def _act(kind: CatalogueMeasure, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    act(kind, by=current.user(), at=current.at())
    flash(done)
    return redirect(url_for("measures.index"))
