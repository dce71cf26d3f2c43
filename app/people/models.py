"""Borgere."""

from datetime import date, datetime

from sqlalchemy import ARRAY, ForeignKey, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.places.models import Bydel, School


class Sex(Labelled):
    """Sex as the civil registry knows it; kept readable for figures."""

    FEMALE = "kvinde", "Kvinde"
    MALE = "mand", "Mand"
    UNKNOWN = "ukendt", "Ikke oplyst"


class AddressProtection(Labelled):
    """Navne- og adressebeskyttelse (CPR-loven § 28). Unknown counts as protected."""

    YES = "ja", "Ja"
    NO = "nej", "Nej"
    UNKNOWN = "ukendt", "Ved ikke"

    @property
    def counts_as_protected(self) -> bool:
        """Whether the address must be treated as protected."""
        return self is not AddressProtection.NO


class Citizen(Base):
    """A borger. Name and CPR are encrypted; what figures need stays readable."""

    __tablename__ = "citizens"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText("citizens.name"))
    # Deferred: the database searches by these two, and nobody shows them.
    name_tokens: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), deferred=True)
    cpr: Mapped[str] = mapped_column(EncryptedText("citizens.cpr"))
    cpr_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True, deferred=True)
    birth_month: Mapped[date]
    sex: Mapped[Sex]
    address_protection: Mapped[AddressProtection]
    bydel_id: Mapped[int | None] = mapped_column(ForeignKey("bydele.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    # Kept by a trigger: whether a case was ever opened, and whether one is open now.
    attached: Mapped[bool] = mapped_column(default=False)
    in_active_case: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    bydel: Mapped[Bydel | None] = relationship()
    school: Mapped[School | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        Index("ix_citizens_name_tokens", "name_tokens", postgresql_using="gin"),
        Index(
            "ix_citizens_name_tokens_in_active_case",
            "name_tokens",
            postgresql_using="gin",
            postgresql_where=text("in_active_case"),
        ),
    )
