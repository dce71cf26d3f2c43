"""Hændelser: what is known of crime, custody and release, each with its dates; and what people said of recidivism.

Recidivism itself is never stored: `recidivism` derives it from the dated events.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText

SUBJECT: Final = "haendelse"


class IncidentKind(Labelled):
    """What happened. A withdrawal is about an earlier event and takes away what followed from it."""

    SUSPICION = "mistanke", "Mistanke"
    CHARGE = "sigtelse", "Sigtelse"
    INDICTMENT = "tiltale", "Tiltale"
    SENTENCE = "dom", "Dom"
    REMAND = "varetaegt", "Varetægt"
    IMPRISONMENT = "indsaettelse", "Indsættelse til afsoning"
    REIMPRISONMENT = "ny_indsaettelse", "Ny indsættelse"
    RELEASE = "loesladelse", "Løsladelse"
    WITHDRAWAL = "frafald", "Frafald"


ACCUSED: Final = frozenset({IncidentKind.SUSPICION, IncidentKind.CHARGE, IncidentKind.INDICTMENT})
ABOUT_CRIME: Final = ACCUSED | {IncidentKind.SENTENCE}
"""What can be withdrawn: dropped, acquitted of, or set aside on appeal."""
SERVING: Final = frozenset({IncidentKind.IMPRISONMENT, IncidentKind.REIMPRISONMENT})
CUSTODY: Final = SERVING | {IncidentKind.REMAND}
"""What can last, and what a release ends."""


class OffenceGroup(Labelled):
    """What kind of crime it is about: the groups of the half-year report, and the next most common."""

    THEFT = "tyveri", "Tyveri"
    BURGLARY = "indbrud", "Indbrud"
    VIOLENCE = "vold", "Vold"
    ROBBERY = "roeveri", "Røveri"
    THREATS = "trusler", "Trusler"
    WEAPONS = "vaaben", "Våben"
    DRUGS = "euforiserende", "Euforiserende stoffer"
    VANDALISM = "haervaerk", "Hærværk"
    TRAFFIC = "faerdsel", "Færdsel"
    OTHER = "andet", "Andet"


SERIOUS_GROUPS: Final = frozenset(
    {OffenceGroup.VIOLENCE, OffenceGroup.ROBBERY, OffenceGroup.THREATS, OffenceGroup.WEAPONS}
)


class IncidentSource(Labelled):
    """Who told of it."""

    POLICE = "politi", "Politiet"
    PROSECUTION = "anklagemyndighed", "Anklagemyndigheden"
    COURT = "domstol", "Domstolen"
    PRISON_SERVICE = "kriminalforsorg", "Kriminalforsorgen"
    MUNICIPALITY = "kommune", "En anden del af kommunen"
    CITIZEN = "borger", "Borgeren eller familien"
    OTHER = "andet", "Andre"


class Recidivism(Labelled):
    """The three kinds of recidivism that are told apart."""

    CHARGE = "sigtelse", "Sigtelsesrecidiv"
    SENTENCE = "dom", "Domsrecidiv"
    IMPRISONMENT = "indsaettelse", "Indsættelsesrecidiv"


class Verdict(Labelled):
    """What a person said of an event that counts as recidivism."""

    CONFIRMED = "bekraeftet", "Bekræftet"
    SET_ASIDE = "tilsidesat", "Sat til side"


class Incident(Base):
    """One dated event. Kinds, dates and groups stay readable for figures; the note is encrypted.

    act_on: gerningsdag. happened_on: day of the event itself, such as the charge or the sentence. known_on: when the
    unit got to know of it, which decides what the figures of an earlier day hold. until_day: the end that was set
    when it began, such as the last day of a remand; a release is an event of its own.
    """

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[IncidentKind]
    act_on: Mapped[date | None]
    happened_on: Mapped[date]
    known_on: Mapped[date]
    until_day: Mapped[date | None]
    source: Mapped[IncidentSource]
    offence_group: Mapped[OffenceGroup | None]
    against_person: Mapped[bool | None]
    about_incident_id: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(EncryptedText("incidents.note"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(EncryptedText("incidents.void_reason"))
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id], lazy="raise")
    voided_by: Mapped[User | None] = relationship(foreign_keys=[voided_by_id], lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        # Both columns, so that an event can only follow from one of its own case.
        ForeignKeyConstraint(["about_incident_id", "case_id"], ["incidents.id", "incidents.case_id"]),
        CheckConstraint("happened_on <= known_on", name="known_after"),
        CheckConstraint("act_on <= happened_on", name="act_before"),
        CheckConstraint("until_day >= happened_on", name="until_after"),
        CheckConstraint(
            "until_day IS NULL OR kind IN ('varetaegt', 'indsaettelse', 'ny_indsaettelse')", name="only_custody_lasts"
        ),
        CheckConstraint("kind <> 'frafald' OR about_incident_id IS NOT NULL", name="withdraws_something"),
        CheckConstraint("about_incident_id <> id", name="not_about_itself"),
        CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL) AND (voided_at IS NULL) = (voided_by_id IS NULL)",
            name="voided_with_reason",
        ),
        Index("ix_incidents_case_id", "case_id"),
        Index("ix_incidents_counted", "kind", "happened_on", postgresql_where=text("voided_at IS NULL")),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def is_voided(self) -> bool:
        """Whether it was registered by mistake."""
        return self.voided_at is not None

    @property
    def is_serious(self) -> bool:
        """Whether an akuthandleplan is worth offering: crime against a person or with weapons, custody, release."""
        if self.kind in CUSTODY or self.kind is IncidentKind.RELEASE:
            return True
        return self.kind in ACCUSED and (self.against_person is True or self.offence_group in SERIOUS_GROUPS)

    @property
    def offence(self) -> str:
        """What it is about, in words; empty where nothing is known."""
        group = self.offence_group.label if self.offence_group else ""
        return ", ".join(filter(None, [group, "personfarlig" if self.against_person else ""]))


class RecidivismReview(Base):
    """What somebody said of an event that counts as recidivism against an index day; the last word holds."""

    __tablename__ = "recidivism_reviews"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int]
    incident_id: Mapped[int]
    kind: Mapped[Recidivism]
    index_on: Mapped[date]
    verdict: Mapped[Verdict]
    reasons: Mapped[str] = mapped_column(EncryptedText("recidivism_reviews.reasons"))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]

    decided_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["incident_id", "case_id"], ["incidents.id", "incidents.case_id"]),
        Index("ix_recidivism_reviews_case_id", "case_id"),
        Index("ix_recidivism_reviews_incident_id", "incident_id"),
    )
