"""Netværkssamråd: the police's documentation, the summons, the meeting, and who takes part.

Three instants are kept apart: documentation received, summons sent, meeting held. The duty is to summon in
time (serviceloven § 57 c until 2023; where the rule stands in barnets lov is unconfirmed), not to hold the
meeting in time.
"""

from datetime import date, datetime
from typing import Self

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText

SUBJECT = "netvaerkssamraad"
SUMMONS_RULE = "netv_indkald"
REPEAT_RULE = "netv_gentagelse"
ADULT = 18


class Documentation(Labelled):
    """What the police handed over. Suspicion is enough; it takes no sentence."""

    POLICE_LIST = "politiets_liste", "Politiets liste eller ungerapport"
    INTERVIEW = "afhoeringsrapport", "Afhøringsrapport"
    CHARGE = "sigtelse", "Sigtelse"
    JUDGMENT = "dom", "Dom"
    OTHER = "andet", "Andet"


class Means(Labelled):
    """How the summons was sent."""

    DIGITAL_POST = "digital_post", "Digital Post"
    LETTER = "brev", "Brev"
    PHONE = "telefon", "Telefon"
    IN_PERSON = "personligt", "Personligt"
    OTHER = "andet", "Andet"


class PartyRole(Labelled):
    """Who is summoned (serviceloven § 57 c, stk. 1): the last two where relevant."""

    YOUNG_PERSON = "den_unge", "Den unge"
    CUSTODY_HOLDER = "foraeldremyndighed", "Forældremyndighedsindehaver"
    NETWORK = "netvaerk", "Person fra netværket"
    PROFESSIONAL = "fagperson", "Fagperson"


class Outcome(Labelled):
    """How it ended."""

    HELD = "holdt", "Holdt"
    NOT_HELD = "ikke_holdt", "Ikke holdt"
    EXEMPT = "undtaget", "Undtaget"
    MEASURES = "foranstaltninger", "Foranstaltninger ændret"
    CANCELLED = "annulleret", "Annulleret"


class Exemption(Labelled):
    """Why nobody is summoned. Registered by mistake is no exemption, and ends the clock as cancelled."""

    YOUTH_BOARD = "ungdomskriminalitetsnaevnet", "Sagen er i Ungdomskriminalitetsnævnet"
    OTHER = "andet", "En anden grund"
    MISTAKE = "fejl", "Dokumentationen er registreret ved en fejl"

    @property
    def outcome(self) -> Outcome:
        """What the netværkssamråd ends as."""
        return Outcome.CANCELLED if self is Exemption.MISTAKE else Outcome.EXEMPT


class Stage(Labelled):
    """Where it stands, derived from what has been registered. kind: of the status badge."""

    kind: str

    def __new__(cls, value: str, label: str, kind: str) -> Self:
        """Keep label and kind of badge beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.kind = kind
        return member

    AWAITS_SUMMONS = "afventer", "Afventer indkaldelse", "running"
    SUMMONED = "indkaldt", "Indkaldt, afventer møde", "info"
    HELD = "holdt", "Holdt", "ok"
    NOT_HELD = "ikke_holdt", "Ikke holdt", "neutral"
    EXEMPT = "undtaget", "Undtaget", "neutral"
    MEASURES = "foranstaltninger", "Foranstaltninger ændret", "neutral"
    CANCELLED = "annulleret", "Annulleret", "neutral"


class Netvaerkssamraad(Base):
    """One documentation from the police and what followed from it."""

    __tablename__ = "netvaerkssamraad"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    documentation: Mapped[Documentation]
    documentation_other: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad.documentation_other"))
    received_at: Mapped[datetime]
    received_on: Mapped[date] = mapped_column(Computed("(received_at AT TIME ZONE 'Europe/Copenhagen')::date"))
    received_from: Mapped[str] = mapped_column(EncryptedText("netvaerkssamraad.received_from"))
    why_serious: Mapped[str] = mapped_column(EncryptedText("netvaerkssamraad.why_serious"))
    age: Mapped[int] = mapped_column(SmallInteger)
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    registered_at: Mapped[datetime]
    summoned_at: Mapped[datetime | None]
    summoned_on: Mapped[date | None] = mapped_column(Computed("(summoned_at AT TIME ZONE 'Europe/Copenhagen')::date"))
    means: Mapped[Means | None]
    no_custody_holder: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad.no_custody_holder"))
    outcome: Mapped[Outcome | None]
    held_on: Mapped[date | None]
    exemption: Mapped[Exemption | None]
    reason: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad.reason"))
    # What has been undone, when and why: one line each, added to and never taken from.
    undone: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad.undone"))
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    registered_by: Mapped[User] = relationship()
    parties: Mapped[list["Party"]] = relationship(
        primaryjoin="and_(Party.samraad_id == Netvaerkssamraad.id, Party.removed_at.is_(None))",
        order_by="Party.id",
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        CheckConstraint(f"age BETWEEN 0 AND {ADULT - 1}", name="under_18"),
        CheckConstraint("received_at <= registered_at", name="received_before_registered"),
        CheckConstraint("received_at <= summoned_at", name="received_before_summoned"),
        CheckConstraint("(documentation = 'andet') = (documentation_other IS NOT NULL)", name="other_is_told"),
        CheckConstraint("(summoned_at IS NULL) = (means IS NULL)", name="summoned_somehow"),
        CheckConstraint("(outcome IS NOT DISTINCT FROM 'holdt') = (held_on IS NOT NULL)", name="held_has_date"),
        CheckConstraint(
            "(coalesce(outcome, '') IN ('undtaget', 'annulleret')) = (exemption IS NOT NULL)", name="exempt_has_code"
        ),
        CheckConstraint("outcome NOT IN ('holdt', 'ikke_holdt') OR summoned_at IS NOT NULL", name="met_after_summons"),
        CheckConstraint("outcome IS NULL OR outcome = 'holdt' OR reason IS NOT NULL", name="outcome_has_reason"),
        Index("ix_netvaerkssamraad_case_id", "case_id"),
        # What Min dag reads: the open ones, however many have ended.
        Index("ix_netvaerkssamraad_open", "case_id", postgresql_where=text("outcome IS NULL")),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def subject(self) -> tuple[str, int]:
        """What deadlines and the record of events know it by."""
        return SUBJECT, self.id

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.outcome is not None:
            return Stage[self.outcome.name]
        return Stage.AWAITS_SUMMONS if self.summoned_at is None else Stage.SUMMONED

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.outcome is None

    @property
    def documentation_label(self) -> str:
        """What the police handed over, in words."""
        return self.documentation_other or self.documentation.label


class Party(Base):
    """A person who takes part. Names and free text are encrypted; role and whether summoned stay readable."""

    __tablename__ = "netvaerkssamraad_parties"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    samraad_id: Mapped[int]
    case_id: Mapped[int]
    role: Mapped[PartyRole]
    name: Mapped[str] = mapped_column(EncryptedText("netvaerkssamraad_parties.name"))
    contact: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad_parties.contact"))
    organisation: Mapped[str | None] = mapped_column(EncryptedText("netvaerkssamraad_parties.organisation"))
    summoned: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    samraad: Mapped[Netvaerkssamraad] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        # Both columns, so that a party can only hang on the case that its netværkssamråd hangs on.
        ForeignKeyConstraint(["samraad_id", "case_id"], ["netvaerkssamraad.id", "netvaerkssamraad.case_id"]),
        CheckConstraint("NOT (summoned AND removed_at IS NOT NULL)", name="summoned_stays"),
        Index("ix_netvaerkssamraad_parties_samraad_id", "samraad_id"),
        Index("ix_netvaerkssamraad_parties_case_id", "case_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.samraad.case

    @property
    def full_name(self) -> str:
        """The name; the young person's is the citizen's, so that it is corrected in one place."""
        return self.samraad.case.citizen.name if self.role is PartyRole.YOUNG_PERSON else self.name
