"""Signing in, and choosing a password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access import emails, links, passwords, sessions, throttle
from app.access.models import PasswordCredential, TokenPurpose, User
from app.access.queries import user_by_email
from app.audit import log
from app.audit.models import Event
from app.core.database import NOBODY, enter_row_scope, row_scope
from app.core.errors import DomainError
from app.extensions import db

SYSTEM = "sign_in"
DEAD_LINK = "Linket virker ikke længere. Bed om et nyt."


@dataclass(frozen=True)
class SignIn:
    """A sign-in under way: the password is right. What else is asked of the user stands between this and `complete`."""

    user: User
    client: str
    at: datetime


def prove_password(email: str, password: str, *, client: str, at: datetime) -> SignIn | None:
    """Begin a sign-in when mail address and password belong together and to an open account.

    None tells nothing about which of the three it was, and takes as long: a hash is verified in any case.
    client: the network it came from, as `throttle.network` gives it.
    """
    user = user_by_email(email)
    credential = None if user is None else _locked(user)
    right = passwords.matches(password, None if credential is None else credential.hash)
    if user is None or credential is None or not right or not user.active:
        about = None if user is None else ("user", user.id)
        log.record(Event.SIGN_IN_FAILED, by=SYSTEM, at=at, subject=about)
        return None
    if passwords.is_outdated(credential.hash):
        credential.hash = passwords.hashed(password)
    return SignIn(user, client, at)


def complete(sign_in: SignIn) -> None:
    """Sign the browser in."""
    throttle.forget(throttle.PASSWORD_OF_ACCOUNT, account_key(sign_in.user.email))
    throttle.give_back(throttle.PASSWORDS_FROM_ADDRESS, sign_in.client, at=sign_in.at)
    sessions.begin(sign_in.user, at=sign_in.at)
    log.record(Event.SIGNED_IN, by=sign_in.user, at=sign_in.at)


def record_throttled(*, at: datetime) -> None:
    """Record that somebody tried too often."""
    log.record(Event.SIGN_IN_THROTTLED, by=SYSTEM, at=at)


def sign_out(browser: sessions.BrowserSession, *, at: datetime) -> None:
    """Sign the browser out, if it is signed in."""
    if browser.user is not None:
        log.record(Event.SIGNED_OUT, by=browser.user, at=at)
    sessions.end(browser)


def ask_for_link(email: str, *, at: datetime) -> None:
    """Mail a link to the account of that address. Nothing tells the one who asks whether there is one."""
    user = user_by_email(email)
    if user is None or not user.active:
        return
    row, token = links.issue(user, TokenPurpose.RESET, at=at)
    emails.send_link(user, row, token, at=at)
    log.record(Event.PASSWORD_LINK_SENT, by=SYSTEM, at=at, subject=("user", user.id), purpose=row.purpose.value)


def set_password_by_link(token: str, password: str, *, at: datetime) -> None:
    """Set the password of the one whom the link was mailed to; the link and all sessions are dead afterwards.

    Raises DomainError when the link is used or out of date, or the password will not do.
    """
    user = links.owner(token, at=at)
    if user is None:
        raise DomainError(DEAD_LINK)
    passwords.check_new(password, user)
    purpose = links.spend(token, at=at)
    if purpose is None:
        raise DomainError(DEAD_LINK)
    _set_as_nobody(user, password, at=at)
    sessions.end_all(user.id)
    throttle.forget(throttle.PASSWORD_OF_ACCOUNT, account_key(user.email))
    log.record(Event.PASSWORD_SET, by=SYSTEM, at=at, subject=("user", user.id), purpose=purpose.value)
    if purpose is TokenPurpose.RESET:
        emails.tell_password_changed(user, at=at)
    db.session.flush()


def change_password(user: User, *, present: str, password: str, kept: sessions.Kept | None, at: datetime) -> None:
    """Change one's own password; of all one's sessions only the kept one lives on.

    Raises DomainError at the field `present` when that is not the password, or at `password` when the new will not do.
    """
    credential = _locked(user)
    if credential is None or not passwords.matches(present, credential.hash):
        raise DomainError("Det er ikke din nuværende adgangskode.", "present")
    passwords.check_new(password, user)
    if present == password:
        raise DomainError("Det er den adgangskode, du har i forvejen. Vælg en ny.", "password")
    _set(user, password, at=at)
    sessions.end_all(user.id, but=kept)
    throttle.forget(throttle.PASSWORD_OF_ACCOUNT, account_key(user.email))
    log.record(Event.PASSWORD_SET, by=user, at=at, subject=("user", user.id), purpose="change")
    emails.tell_password_changed(user, at=at)
    db.session.flush()


def account_key(email: str | None) -> str:
    """What tries at an account are counted under."""
    return (email or "").lower()


def _locked(user: User) -> PasswordCredential | None:
    """The user's credential, held until the end of the transaction.

    So a password cannot be changed between its verification and the session that this begins, which would outlive it.
    """
    return db.session.scalar(
        select(PasswordCredential)
        .where(PasswordCredential.user_id == user.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _set_as_nobody(user: User, password: str, *, at: datetime) -> None:
    """Set it by the right of the link, also in a browser in which somebody else is signed in."""
    session = db.session()
    signed_in = row_scope(session)
    enter_row_scope(session, NOBODY)
    _set(user, password, at=at)
    session.flush()
    enter_row_scope(session, signed_in)


def _set(user: User, password: str, *, at: datetime) -> None:
    credential = _locked(user)
    if credential is None:
        db.session.add(PasswordCredential(user_id=user.id, hash=passwords.hashed(password), changed_at=at))
    else:
        credential.hash = passwords.hashed(password)
        credential.changed_at = at
    links.kill(user.id, at=at)
