"""The mails about getting in. Each holds a link or a fact, and nothing about anybody."""

from datetime import datetime

from flask import current_app

from app.access.models import AccessToken, TokenPurpose, User
from app.core.addresses import whole_address
from app.outbox import compose
from app.outbox.models import MailSubject

_MAILS = {
    TokenPurpose.INVITATION: (MailSubject.INVITATION, "access/email/invitation.txt"),
    TokenPurpose.RESET: (MailSubject.PASSWORD_LINK, "access/email/reset.txt"),
}


def link_address(token: str) -> str:
    """The whole address of a link; also outside a request, where Flask knows no host."""
    return whole_address(current_app, "access.set_password", token=token)


def send_link(user: User, row: AccessToken, token: str, *, at: datetime) -> None:
    """Mail a link to choose a password."""
    subject, template = _MAILS[row.purpose]
    compose.enqueue(
        key=f"link:{row.id}",
        subject=subject,
        template=template,
        to=user,
        at=at,
        secret=True,
        address=link_address(token),
        expires_at=row.expires_at,
    )


def tell_password_changed(user: User, *, at: datetime) -> None:
    """Tell that the password has been changed, so that nobody changes it unnoticed."""
    compose.enqueue(
        key=f"password-changed:{user.id}:{at.isoformat()}",
        subject=MailSubject.PASSWORD_CHANGED,
        template="access/email/password_changed.txt",
        to=user,
        at=at,
        changed_at=at,
    )
