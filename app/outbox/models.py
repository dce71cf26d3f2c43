"""Mail waiting to be sent, and what became of it."""

import enum
from datetime import datetime
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText


class MailSubject(enum.StrEnum):
    """Every subject line there is: a subject never holds anything that somebody typed."""

    text: str

    def __new__(cls, value: str, text: str) -> Self:
        """Keep the Danish line beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member

    INVITATION = "invitation", "Velkommen til Enkeltsag"
    PASSWORD_LINK = "password-link", "Ny adgangskode til Enkeltsag"
    PASSWORD_CHANGED = "password-changed", "Din adgangskode til Enkeltsag er ændret"
    CPR_ASKED = "cpr-asked", "Opslag på et CPR-nummer, der er i brug"
    DEADLINE_STARTED = "deadline-started", "En frist er begyndt"
    DEADLINE_COMING = "deadline-coming", "En frist nærmer sig"
    DEADLINE_TODAY = "deadline-today", "En frist udløber i dag"
    DEADLINE_PASSED = "deadline-passed", "En frist er overskredet"


class MailState(Labelled):
    """Where a mail is."""

    QUEUED = "queued", "Venter på at blive sendt"
    SENT = "sent", "Sendt"
    FAILED = "failed", "Kunne ikke sendes"
    WITHDRAWN = "withdrawn", "Trukket tilbage"


class OutboxMail(Base):
    """A mail, written in the transaction of what it tells, and sent afterwards.

    The key says what the mail is about and is unique, so nothing is told twice; the Message-ID follows from
    it, so that a mail sent again after a crash is recognised as the same.
    """

    __tablename__ = "outbox_mails"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(320))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    subject: Mapped[MailSubject]
    body: Mapped[str | None] = mapped_column(EncryptedText("outbox_mails.body"), deferred=True, deferred_raiseload=True)
    secret: Mapped[bool]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    about_kind: Mapped[str | None] = mapped_column(String(40))
    about_id: Mapped[int | None]
    state: Mapped[MailState]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    next_attempt_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_instant"),
        CheckConstraint("num_nonnulls(about_kind, about_id) IN (0, 2)", name="about_whole"),
        Index("ix_outbox_mails_unsent", "state", "created_at", postgresql_where=text("state IN ('queued', 'failed')")),
        Index("ix_outbox_mails_about", "about_kind", "about_id"),
        # The web writes mails that it may not read back.
        {"implicit_returning": False},
    )
