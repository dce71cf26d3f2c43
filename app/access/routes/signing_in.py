"""Signing in and out, and the mailed links to choose a password."""

import re
from datetime import datetime
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from app.access import current, links, sessions, throttle
from app.access.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm
from app.access.services import signing_in
from app.core.forms import Form, saving
from app.core.pages import page
from app.extensions import db

bp = Blueprint("access", __name__)

TOO_MANY: Final = 429
NOT_FOUND: Final = 404
WRONG: Final = "Mailadressen og adgangskoden passer ikke sammen. Prøv igen."
# Shown on the sign-in page, where nobody has a session yet that could hold a message.
MESSAGES: Final = {
    "adgangskode": "Din adgangskode er gemt. Log ind med den.",
    "logget-ud": "Du er logget ud.",
}
# One slash and then no second, also none that browsers take for one: all else leads to another site.
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}")


class LinkConverter(BaseConverter):
    """The token of a mailed link, in an address."""

    regex = links.PATTERN


@bp.record
def _know_links(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["link"] = LinkConverter


@bp.route("/log-ind", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where one was going."""
    onward = _local(request.args.get("videre", ""))
    if current.user_or_none() is not None:
        return redirect(onward)
    form, at = SignInForm(), current.at()
    if form.validate_on_submit():
        email, password = str(form.email.data), str(form.password.data)
        client = _client()
        wait = throttle.count(throttle.PASSWORDS_FROM_ADDRESS, client, at=at) or throttle.count(
            throttle.PASSWORD_OF_ACCOUNT, signing_in.account_key(email), at=at
        )
        db.session.commit()
        if wait is not None:
            signing_in.record_throttled(at=at)
            return _too_many("access/sign_in.html", form, wait, at)
        begun = signing_in.prove_password(email, password, client=client, at=at)
        if begun is not None:
            signing_in.complete(begun)
            return redirect(onward)
        form.add_error(WRONG)
    return page("access/sign_in.html", form=form, message=MESSAGES.get(request.args.get("besked", "")))


@bp.route("/log-ud", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    signing_in.sign_out(sessions.browser_session(), at=current.at())
    return redirect(url_for("access.sign_in", besked="logget-ud"))


@bp.route("/glemt-adgangskode", methods=["GET", "POST"])
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link by mail. The answer is the same whether or not the address is known."""
    form, at = ForgottenPasswordForm(), current.at()
    if form.validate_on_submit():
        email = str(form.email.data)
        wait = throttle.count(throttle.LINKS_FROM_ADDRESS, _client(), at=at)
        enough = throttle.count(throttle.LINKS_TO_ACCOUNT, signing_in.account_key(email), at=at)
        db.session.commit()
        if wait is not None:
            return _too_many("access/forgotten_password.html", form, wait, at)
        if enough is None:
            signing_in.ask_for_link(email, at=at)
        return redirect(url_for("access.forgotten_password", sendt="1"))
    return page("access/forgotten_password.html", form=form, sent=bool(request.args.get("sendt")))


@bp.route("/adgangskode/<link:token>", methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Choose a password by a mailed link."""
    at = current.at()
    if links.owner(token, at=at) is None:
        return render_template("access/dead_link.html"), NOT_FOUND
    form = NewPasswordForm()
    if form.validate_on_submit():
        with saving(form):
            signing_in.set_password_by_link(token, str(form.password.data), at=at)
            return redirect(url_for("access.sign_in", besked="adgangskode"))
    return page("access/set_password.html", form=form)


def _too_many(template: str, form: Form, wait: throttle.Wait, at: datetime) -> ResponseReturnValue:
    form.add_error(wait.message(at))
    return render_template(template, form=form), TOO_MANY, {"Retry-After": str(wait.seconds(at))}


def _client() -> str:
    return throttle.network(request.remote_addr, request.headers.get("X-Forwarded-For", ""))


def _local(target: str) -> str:
    """The path when it leads to a page here, else the front page."""
    return target if _LOCAL.fullmatch(target) else "/"
