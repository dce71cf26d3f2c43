"""What the people package writes to its users: never a name or a number of anybody."""

from datetime import datetime

from flask import current_app

from app.access.models import User
from app.core.addresses import whole_address
from app.outbox.compose import enqueue
from app.outbox.models import MailSubject


def tell_cpr_asked(leader: User, *, asker: User, at: datetime) -> None:
    """Tell a leader that somebody met a CPR number which is in use out of the asker's sight; who, the page tells."""
    enqueue(
        key=f"cpr-asked:{asker.id}:{at.isoformat()}:{leader.id}",
        subject=MailSubject.CPR_ASKED,
        template="people/email/cpr_asked.txt",
        to=leader,
        at=at,
        address=whole_address(current_app, "employees.index"),
    )
