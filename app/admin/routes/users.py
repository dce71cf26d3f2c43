"""Users: the list, inviting, and changing one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current, queries
from app.access.forms import names
from app.access.models import User
from app.access.policy import Permission, requires
from app.access.queries import get_user
from app.access.services import accounts
from app.access.submissions import claim, saved
from app.admin.forms import EditUserForm, FilterUsersForm, InviteForm
from app.admin.sections import admin_page
from app.core.forms import saving

bp = Blueprint("users", __name__, url_prefix="/administration/brugere")

_SHOWN = {None: True, "lukkede": False, "alle": None}


@bp.route("")
@requires(Permission.USERS)
def index() -> ResponseReturnValue:
    """The users, and what is wrong with their accounts."""
    form = FilterUsersForm()
    form.enhed.choices = names(queries.units())
    valid = form.validate()
    found = queries.users(unit_id=form.enhed.data if valid else None, active=_SHOWN[form.vis.data] if valid else True)
    return admin_page(
        "admin/users.html",
        form=form,
        users=found,
        with_password=queries.with_password(),
        without_email=[user for user in found if user.active and user.email is None],
    )


@bp.route("/ny", methods=["GET", "POST"])
@requires(Permission.USERS)
def invite() -> ResponseReturnValue:
    """Invite a user."""
    form, by, at = InviteForm(), current.user(), current.at()
    form.offer_units()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            accounts.invite(form.particulars, by=by, at=at)
            flash("Brugeren er oprettet, og invitationen er sendt.")
            return saved(form, url_for("users.index"))
    return admin_page("admin/invite.html", form=form)


@bp.route("/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.USERS, get_user)
def edit(user: User) -> ResponseReturnValue:
    """Change a user."""
    form = _edit_form(user)
    if form.validate_on_submit():
        with saving(form):
            form.require_same_version(user)
            accounts.edit(user, form.particulars, by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(url_for("users.index"))
    return _show(user, form)


@bp.route("/<int:user_id>/luk", methods=["POST"])
@requires(Permission.USERS, get_user)
def close(user: User) -> ResponseReturnValue:
    """Close the account."""
    return _act(user, accounts.close, "Brugeren er lukket og logget ud.")


@bp.route("/<int:user_id>/aabn", methods=["POST"])
@requires(Permission.USERS, get_user)
def reopen(user: User) -> ResponseReturnValue:
    """Open the account again."""
    return _act(user, accounts.reopen, "Brugeren er åbnet igen.")


@bp.route("/<int:user_id>/link", methods=["POST"])
@requires(Permission.USERS, get_user)
def send_link(user: User) -> ResponseReturnValue:
    """Mail a new link to choose a password."""
    return _act(user, accounts.send_new_link, "Et nyt link er sendt til brugeren.")


def _act(user: User, act: Callable[..., None], done: str) -> ResponseReturnValue:
    """Do what needs no fields; a refusal is shown over the user's form."""
    form = _edit_form(user, formdata=None)
    with saving(form):
        act(user, by=current.user(), at=current.at())
        flash(done)
        return redirect(url_for("users.edit", user_id=user.id))
    return _show(user, form)


def _edit_form(user: User, **options: Any) -> EditUserForm:
    present = {"name": user.name, "email": user.email, "role": user.role, "unit": user.unit_id, "version": user.version}
    form = EditUserForm(data=present, **options)
    form.offer_units(user)
    return form


def _show(user: User, form: EditUserForm) -> ResponseReturnValue:
    has_password = user.id in queries.with_password()
    return admin_page("admin/user.html", form=form, user=user, has_password=has_password, own=user is current.user())
