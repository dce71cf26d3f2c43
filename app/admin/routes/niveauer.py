"""The levels that cases can be on."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.admin.sections import admin_page
from app.cases import niveauer
from app.cases.levels import configuration
from app.cases.levels.configuration import get_niveau
from app.cases.levels.forms import AddNiveauForm, NiveauForm
from app.cases.models import Niveau
from app.core.forms import saving

bp = Blueprint("niveauer", __name__, url_prefix="/administration/niveauer")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CONFIGURATION)
def index() -> ResponseReturnValue:
    """The levels, and a new one."""
    form, by, at = AddNiveauForm(), current.user(), current.at()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            configuration.add_niveau(
                number=form.number.data,
                name=form.name.data,
                meaning=form.meaning.data,
                restricts=form.restricts.data,
                by=by,
                at=at,
            )
            flash("Niveauet er oprettet.")
            return saved(form, url_for("niveauer.index"))
    return admin_page("admin/niveauer.html", form=form, niveauer=niveauer.every())


@bp.route("/<int:number>", methods=["GET", "POST"])
@requires(Permission.CONFIGURATION, get_niveau)
def edit(niveau: Niveau) -> ResponseReturnValue:
    """Change what a level is."""
    form = NiveauForm(niveau)
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(niveau)
            configuration.change_niveau(
                niveau,
                name=form.name.data,
                meaning=form.meaning.data,
                restricts=form.restricts.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Ændringerne er gemt.")
            return redirect(url_for("niveauer.index"))
    return admin_page("admin/niveau.html", form=form, niveau=niveau)


@bp.route("/<int:number>/luk", methods=["POST"])
@requires(Permission.CONFIGURATION, get_niveau)
def close(niveau: Niveau) -> ResponseReturnValue:
    """Offer a level no more."""
    return _act(niveau, configuration.close_niveau, "Niveauet er lukket.")


@bp.route("/<int:number>/aabn", methods=["POST"])
@requires(Permission.CONFIGURATION, get_niveau)
def reopen(niveau: Niveau) -> ResponseReturnValue:
    """Offer a level again."""
    return _act(niveau, configuration.reopen_niveau, "Niveauet er åbnet igen.")


def _act(niveau: Niveau, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    form = NiveauForm(niveau, formdata=None)
    with saving(form):
        act(niveau, by=current.user(), at=current.at())
        flash(done)
        return redirect(url_for("niveauer.index"))
    return admin_page("admin/niveau.html", form=form, niveau=niveau)
