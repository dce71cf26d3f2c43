"""Sager, and who may see them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Unit, User
from app.cases.codes import Consent, DecisionKind, LegalBasis, Result, Theme
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.people.models import Citizen


class CaseStatus(Labelled):
    """Where a case stands. A referral is a case from its first day: it has a number, a sight and a history."""

    HENVENDELSE = "henvendelse", "Henvendelse"
    VISITATION = "visitation", "Visitation"
    ACTIVE = "aktiv", "Aktiv"
    CLOSED = "afsluttet", "Afsluttet"
    REJECTED = "afvist", "Afvist"

    @property
    def is_open(self) -> bool:
        """Whether there is anything to do in the case."""
        return self in OPEN_STATUSES

    @property
    def is_referral(self) -> bool:
        """Whether it has not been decided yet that the unit takes the case."""
        return self in WAITING_STATUSES


WAITING_STATUSES = (CaseStatus.HENVENDELSE, CaseStatus.VISITATION)
OPEN_STATUSES = (*WAITING_STATUSES, CaseStatus.ACTIVE)


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


class Niveau(Base):
    """A level that cases can be on: its number, name and meaning are the municipality's own.

    name: the words after the number. restricts: a case that comes on it is seen by named people and the leader alone.
    """

    __tablename__ = "niveauer"

    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    meaning: Mapped[str] = mapped_column(String(300))
    restricts: Mapped[bool]
    active: Mapped[bool]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 9", name="number"),)

    @property
    def label(self) -> str:
        """As the screens write it."""
        return f"Niveau {self.number} · {self.name}"


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
    # A referral stands on the first niveau until somebody has decided; opened_niveau is the one it was accepted on.
    niveau: Mapped[int] = mapped_column(ForeignKey("niveauer.number"))
    opened_niveau: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.ACTIVE)
    referrer: Mapped[Referrer]
    contact: Mapped[str | None] = mapped_column(EncryptedText("cases.contact"))
    concern: Mapped[str] = mapped_column(EncryptedText("cases.concern"))
    legal_basis: Mapped[LegalBasis | None]
    consent: Mapped[Consent | None]
    consent_on: Mapped[date | None]
    received_on: Mapped[date]
    opened_on: Mapped[date]
    accepted_on: Mapped[date | None]
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
        CheckConstraint("(status IN ('afsluttet', 'afvist')) = (closed_on IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("(status IN ('aktiv', 'afsluttet')) = (accepted_on IS NOT NULL)", name="accepted_has_date"),
        CheckConstraint("closed_on IS NULL OR opened_on <= closed_on", name="in_order"),
        CheckConstraint("received_on <= opened_on", name="received_first"),
        CheckConstraint("accepted_on BETWEEN opened_on AND coalesce(closed_on, accepted_on)", name="accepted_in_order"),
        CheckConstraint("(consent IN ('givet', 'afslaaet')) = (consent_on IS NOT NULL)", name="consent_has_date"),
        CheckConstraint("niveau BETWEEN 1 AND 9", name="niveau"),
        Index("ix_cases_unit_id_status_number", "unit_id", "status", desc("number")),
        Index("ix_cases_status_number", "status", desc("number")),
        Index("ix_cases_owner_id_number", "owner_id", "number"),
        Index("ix_cases_owner_id_status_number", "owner_id", "status", desc("number")),
        # The orders of the list. Without the status: nearly all cases are closed, and the open ones are sorted at once.
        Index("ix_cases_niveau_number", "niveau", "number"),
        Index("ix_cases_opened_on_number", "opened_on", "number"),
    )

    @property
    def is_open(self) -> bool:
        """Whether there is anything to do in the case."""
        return self.status.is_open


class CaseSpell(Base):
    """On which status and niveau a case stood from which day until which, the last one not counted.

    Kept by a trigger on cases, so that a figure "as of" a day is exact whatever has happened since.
    """

    __tablename__ = "case_spells"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    status: Mapped[CaseStatus]
    niveau: Mapped[int] = mapped_column(SmallInteger)
    from_day: Mapped[date]
    until_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("from_day < until_day", name="in_order"),
        Index("ix_case_spells_case_id_from_day", "case_id", "from_day"),
        Index("ix_case_spells_present", "case_id", unique=True, postgresql_where=text("until_day IS NULL")),
        Index("ix_case_spells_status_from_day", "status", "from_day"),
    )


class CaseDecision(Base):
    """What was decided about a case as a whole, by whom and why. Never changed.

    suitable: whether it was found forebyggelsesegnet, where that was the question. told: who was told of a rejection.
    result and risk_view: how a closed case ended, and how the risk was seen last.
    """

    __tablename__ = "case_decisions"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[DecisionKind]
    on_day: Mapped[date]
    reasons: Mapped[str | None] = mapped_column(EncryptedText("case_decisions.reasons"))
    suitable: Mapped[bool | None]
    told: Mapped[str | None] = mapped_column(EncryptedText("case_decisions.told"))
    result: Mapped[Result | None]
    risk_view: Mapped[str | None] = mapped_column(EncryptedText("case_decisions.risk_view"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("(kind = 'closed') = (result IS NOT NULL)", name="closed_has_result"),)


class CaseTheme(Base):
    """One theme of a case's concern, from a day and, when it was taken away again, to a day."""

    __tablename__ = "case_themes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    theme: Mapped[Theme]
    from_day: Mapped[date]
    to_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("from_day <= to_day", name="in_order"),
        Index("ix_case_themes_present", "case_id", "theme", unique=True, postgresql_where=text("to_day IS NULL")),
    )
