"""Min side: one's own particulars, password and absence."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current, sessions, throttle
from app.access.forms import ChangePasswordForm
from app.access.models import Absence
from app.access.policy import Permission, can, requires
from app.access.queries import absences, get_absence
from app.access.routes.absence_page import register_absence
from app.access.services.absences import remove_absence
from app.access.services.signing_in import account_key, change_password, record_throttled
from app.core.errors import NotFoundError
from app.core.forms import saving
from app.core.pages import page
from app.extensions import db

bp = Blueprint("own_page", __name__, url_prefix="/min-side")


@bp.route("")
@requires(Permission.OWN_ACCOUNT)
def show() -> ResponseReturnValue:
    """What is known about oneself."""
    user, reader = current.user(), current.reader()
    return page(
        "access/own_page.html",
        user=user,
        absences=absences([user.id], until_after=current.today()),
        today=current.today(),
        may_see_rules=can(reader, Permission.RULES_READ),
        may_see_policy=can(reader, Permission.POLICY_READ),
    )


@bp.route("/adgangskode", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Change one's password. Guesses at the present one count as at sign-in."""
    form, at = ChangePasswordForm(), current.at()
    if form.validate_on_submit():
        wait = throttle.count(throttle.PASSWORD_OF_ACCOUNT, account_key(current.user().email), at=at)
        db.session.commit()
        if wait is not None:
            record_throttled(at=at)
            form.add_error(wait.message(at))
            return page("access/change_password.html", form=form)
        with saving(form):
            change_password(
                current.user(),
                present=str(form.present.data),
                password=str(form.password.data),
                kept=sessions.browser_session().row,
                at=at,
            )
            flash("Din adgangskode er ændret. Du er logget ud alle andre steder.")
            return redirect(url_for("own_page.show"))
    return page("access/change_password.html", form=form)


@bp.route("/fravaer", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def absence() -> ResponseReturnValue:
    """Register one's own absence."""
    return register_absence(current.user(), back=url_for("own_page.show"))


def own_absence(absence_id: int) -> Absence:
    """The absence, when it is one's own. Raises NotFoundError."""
    found = get_absence(absence_id)
    if found.user_id != current.user().id:
        raise NotFoundError
    return found


@bp.route("/fravaer/<int:absence_id>/fjern", methods=["POST"])
@requires(Permission.OWN_ACCOUNT, own_absence)
def remove(absence: Absence) -> ResponseReturnValue:
    """Take one's own absence away."""
    remove_absence(absence, by=current.user(), at=current.at())
    flash("Fraværet er fjernet.")
    return redirect(url_for("own_page.show"))
