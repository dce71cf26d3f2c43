"""Borgere."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.core import cpr as cpr_numbers
from app.core.cpr import Cpr
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


class ContactKind(Labelled):
    """How somebody can be reached."""

    PHONE = "telefon", "Telefon"
    ADDRESS = "adresse", "Adresse"
    EMAIL = "mail", "E-mail"


class CprChangeKind(Labelled):
    """Why a citizen has another CPR number than before."""

    KNOWN = "kendt", "CPR-nummeret er blevet kendt"
    CORRECTED = "rettet", "Nummeret var skrevet forkert"
    NEW = "nyt", "Borgeren har fået et andet nummer"
    MERGED = "sammenlagt", "Lagt sammen med en anden"


class Citizen(Base):
    """A borger. Name, CPR and birth date are encrypted; what figures need stays readable."""

    __tablename__ = "citizens"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText("citizens.name"))
    # Deferred: the database searches by these two, and nobody shows them.
    name_tokens: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), deferred=True)
    cpr: Mapped[str | None] = mapped_column(EncryptedText("citizens.cpr"))
    cpr_index: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, deferred=True)
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
    # As typed, for as long as no CPR number tells it.
    stated_birth_date: Mapped[str | None] = mapped_column("birth_date", EncryptedText("citizens.birth_date"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))

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
        Index("ix_citizens_birth_month", "birth_month"),
        Index("ix_citizens_merged_into_id", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        CheckConstraint("(cpr IS NULL) = (cpr_index IS NULL)", name="found_by_cpr"),
        CheckConstraint(
            "merged_into_id IS NOT NULL OR (cpr IS NULL) = (birth_date IS NOT NULL)",
            name="born",
        ),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )

    @property
    def number(self) -> Cpr | None:
        """The CPR number; None as long as it is not known."""
        return None if self.cpr is None else cpr_numbers.parse(self.cpr, today=date.max)

    @property
    def birth_date(self) -> date:
        """The date of birth: of the CPR number, or else as it was stated."""
        if self.cpr is not None:
            return cpr_numbers.parse(self.cpr, today=date.max).birth_date
        return self.birth_month if self.stated_birth_date is None else date.fromisoformat(self.stated_birth_date)

    @birth_date.setter
    def birth_date(self, day: date) -> None:
        """State the date of birth of a citizen without a CPR number."""
        self.stated_birth_date, self.birth_month = day.isoformat(), day.replace(day=1)

    def age_on(self, day: date) -> int:
        """The age in whole years on the day; negative before the birth."""
        return cpr_numbers.age_on(self.birth_date, day)


class ContactPoint(Base):
    """A phone number, address or e-mail address of a citizen, from one day to another; None is open."""

    __tablename__ = "citizen_contact_points"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[ContactKind]
    value: Mapped[str] = mapped_column(EncryptedText("citizen_contact_points.value"))
    note: Mapped[str | None] = mapped_column(EncryptedText("citizen_contact_points.note"))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    # Registered by mistake: stands in the record, and is shown no more.
    voided_at: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    citizen: Mapped[Citizen] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (CheckConstraint("from_day <= to_day", name="in_order"),)

    def is_over(self, today: date) -> bool:
        """Whether it has ended."""
        return self.to_day is not None and self.to_day < today


class CprChange(Base):
    """A citizen got a CPR number, or another one. Written by owner-side functions, and never changed.

    former_index: finds the citizen by the former number, where that was a right one.
    """

    __tablename__ = "citizen_cpr_changes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[CprChangeKind]
    former_cpr: Mapped[str | None] = mapped_column(EncryptedText("citizen_cpr_changes.former_cpr"))
    former_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True, deferred=True)
    # Of a merge the merge itself tells them.
    reasons: Mapped[str | None] = mapped_column(EncryptedText("citizen_cpr_changes.reasons"))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]

    changed_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("former_index IS NULL OR former_cpr IS NOT NULL", name="finds_a_number"),
        CheckConstraint("(kind = 'sammenlagt') = (reasons IS NULL)", name="merge_has_reasons"),
    )


class Merge(Base):
    """Two citizens who were one. Written by an owner-side function, and never changed.

    snapshot: what was known about both beforehand, as JSON. moved: which rows went over from the one to the other, by
    table and column, and whole rows that could not stand beside what was there.
    """

    __tablename__ = "citizen_merges"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), unique=True)
    reasons: Mapped[str] = mapped_column(EncryptedText("citizen_merges.reasons"))
    snapshot: Mapped[str] = mapped_column(EncryptedText("citizen_merges.snapshot"))
    moved: Mapped[dict[str, Any]]
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    merged_at: Mapped[datetime]

    merged_by: Mapped[User] = relationship(lazy="raise")
