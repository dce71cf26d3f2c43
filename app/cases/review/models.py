"""Gennemgang: what the team's meeting said about a case."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Identity, Index, desc
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.core.model import Base, EncryptedText


class CaseReview(Base):
    """That a case was gone through, and the line that was written about it. Never changed."""

    __tablename__ = "case_reviews"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    on_day: Mapped[date]
    note: Mapped[str] = mapped_column(EncryptedText("case_reviews.note"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (Index("ix_case_reviews_case_id_at", "case_id", desc("at")),)
