"""Reading what became of mail. Without the bodies, which the web may not read."""

from collections.abc import Sequence

from sqlalchemy import select

from app.extensions import db
from app.outbox.models import OutboxMail


def mails_about(kind: str, *, case_id: int) -> Sequence[OutboxMail]:
    """The case's mails about things of one kind."""
    return db.session.scalars(
        select(OutboxMail).where(OutboxMail.case_id == case_id, OutboxMail.about_kind == kind).order_by(OutboxMail.id)
    ).all()
