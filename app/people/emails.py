"""What the people package writes to its users: never a name or a number of a citizen."""

from datetime import datetime

from app.access.models import User
from app.outbox.compose import enqueue
from app.outbox.models import MailSubject


def tell_cpr_asked(leader: User, *, asker: User, at: datetime) -> None:
    """Tell a leader that somebody met a CPR number which is in use out of the asker's sight."""
    enqueue(
        key=f"cpr-asked:{asker.id}:{at.isoformat()}:{leader.id}",
        subject=MailSubject.CPR_ASKED,
        template="people/email/cpr_asked.txt",
        to=leader,
        at=at,
        asker=asker.name,
        asked_at=at,
    )
