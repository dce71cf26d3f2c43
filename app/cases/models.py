"""Sager, and who may see them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Unit, User
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.people.models import Citizen


class CaseStatus(Labelled):
    """Where a case stands."""

    ACTIVE = "aktiv", "Aktiv"
    CLOSED = "afsluttet", "Afsluttet"


class Referrer(Labelled):
    """Who turned to the unit."""

    SCHOOL = "skole", "Skole"
    POLICE = "politi", "Politi"
    FAMILY_SECTION = "familieafsnit", "Familieafsnit"
    CLUB = "klub", "Klub eller fritidstilbud"
    HOUSING = "bolig", "Boligselskab"
    PRISON_SERVICE = "kriminalforsorg", "Kriminalforsorgen"
    CITIZEN = "borger", "Borger eller pårørende"
    OWN = "egen", "Egen observation"
    OTHER = "anden", "Anden"


class AccessKind(Labelled):
    """Why a named person sees a case, or must not."""

    OWNER = "owner", "Ansvarlig"
    MEMBER = "member", "Navngiven medarbejder"
    MENTOR = "mentor", "Mentor"
    BREAK_GLASS = "break_glass", "Nødadgang"
    BARRED = "barred", "Inhabil"


NIVEAUER = {1: "Niveau 1 · risikoadfærd", 2: "Niveau 2 · kriminalitet", 3: "Niveau 3 · kvalificeret kriminalitet"}
RESTRICTED_FROM_NIVEAU = 3


class CaseNumber(Base):
    """The last number given out in a year; only owner-side functions read or write it."""

    __tablename__ = "case_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CaseAccess(Base):
    """Who sees a case by name, from when to when. A reader sees only rows about himself."""

    __tablename__ = "case_access"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[AccessKind]
    from_day: Mapped[date]
    to_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("to_day IS NULL OR from_day <= to_day", name="in_order"),
        Index("ix_case_access_user_id_case_id", "user_id", "case_id"),
        Index("ix_case_access_case_id", "case_id"),
        # Those who are barred are few, while a coordinator has a row for each case he ever answered for.
        Index("ix_case_access_barred", "user_id", "case_id", postgresql_where=text("kind = 'barred'")),
    )


class Case(Base):
    """A single case on one citizen."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    restricted: Mapped[bool]
    niveau: Mapped[int] = mapped_column(SmallInteger)
    opened_niveau: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.ACTIVE)
    referrer: Mapped[Referrer]
    concern: Mapped[str] = mapped_column(EncryptedText("cases.concern"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    citizen: Mapped[Citizen] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    unit: Mapped[Unit] = relationship()
    access: Mapped[list[CaseAccess]] = relationship(
        primaryjoin="foreign(CaseAccess.case_id) == Case.id", viewonly=True, lazy="select"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        CheckConstraint("(status = 'afsluttet') = (closed_on IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("closed_on IS NULL OR opened_on <= closed_on", name="in_order"),
        CheckConstraint("niveau BETWEEN 1 AND 9", name="niveau"),
        Index("ix_cases_unit_id_status_number", "unit_id", "status", desc("number")),
        Index("ix_cases_status_number", "status", desc("number")),
        Index("ix_cases_owner_id_number", "owner_id", "number"),
        Index("ix_cases_owner_id_status_number", "owner_id", "status", desc("number")),
        # The orders of the list. Without the status: nearly all cases are closed, and the open ones are sorted at once.
        Index("ix_cases_niveau_number", "niveau", "number"),
        Index("ix_cases_opened_on_number", "opened_on", "number"),
    )
