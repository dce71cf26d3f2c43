"""Changes of a case's level."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case, Niveau
from app.core.model import Base, EncryptedText


class LevelChange(Base):
    """One change of level: from which to which, why, and who decided it. Never changed.

    assessment_id: the signed assessment that proposed it, when one did.
    """

    __tablename__ = "level_changes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(Case.id), index=True)
    from_niveau: Mapped[int] = mapped_column(SmallInteger)
    to_niveau: Mapped[int] = mapped_column(SmallInteger, ForeignKey(Niveau.number))
    reasons: Mapped[str] = mapped_column(EncryptedText("level_changes.reasons"))
    on_day: Mapped[date]
    assessment_id: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("from_niveau <> to_niveau", name="changes"),
        # Both columns, so that no assessment of another case is named.
        ForeignKeyConstraint(["assessment_id", "case_id"], ["assessments.id", "assessments.case_id"]),
    )
