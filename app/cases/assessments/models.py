"""Risk assessments: a structured professional judgement by the unit's own checklist.

Nothing is added up. The professional chooses urgency and niveau and gives reasons; the program shows how many factors
are marked in each domain, and how many are unknown.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText

SUBJECT = "risikovurdering"
# What starts the clock of the next review: a signature, another niveau, or a decision about the case as a whole.
# Each is a subject of its own, so that a case can come on the same niveau many times.
LEVEL_CHANGE, DECISION = "niveauskift", "afgoerelse"
REVIEW_SUBJECTS = (SUBJECT, LEVEL_CHANGE, DECISION)
REVIEW_RULES = ("risiko_opfoelgning_1", "risiko_opfoelgning_2", "risiko_opfoelgning_3")
CODE_LENGTH = 60


class State(Labelled):
    """Where an assessment stands. Only a draft can change."""

    DRAFT = "kladde", "Kladde"
    SIGNED = "underskrevet", "Underskrevet"
    DISCARDED = "kasseret", "Kasseret"


class Rating(Labelled):
    """How clearly a factor is there. Not knowing is an answer of its own."""

    ABSENT = "ikke_til_stede", "Ikke til stede"
    PARTLY = "delvist", "Delvist"
    CLEARLY = "tydeligt", "Tydeligt"
    UNKNOWN = "uoplyst", "Uoplyst"

    @property
    def is_present(self) -> bool:
        """Whether the factor is there, at least in part."""
        return self in {Rating.PARTLY, Rating.CLEARLY}


class RatingSource(Labelled):
    """Where the knowledge comes from."""

    CITIZEN = "borgeren", "Samtale med borgeren"
    FAMILY = "familien", "Samtale med familien"
    SCHOOL = "skole", "Skole eller arbejdsplads"
    CLUB = "klub", "Klub eller fritidstilbud"
    POLICE = "politi", "Politi"
    FAMILY_SECTION = "familieafsnit", "Familieafsnit"
    PRISON_SERVICE = "kriminalforsorg", "Kriminalforsorgen"
    MENTOR = "mentor", "Mentor"
    RECORDS = "journal", "Sagens egne oplysninger"
    OWN = "egen", "Egen observation"
    OTHER = "andet", "Andet"


class Urgency(Labelled):
    """How soon something must be done: chosen by the professional, with reasons."""

    LOW = "lav", "Lav"
    MODERATE = "moderat", "Moderat"
    HIGH = "hoej", "Høj"


class ChecklistVersion(Base):
    """One version of the checklist, from a day on. content: see `checklist.read`. Never changed."""

    __tablename__ = "assessment_checklists"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime | None]

    made_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(made_by_id IS NULL) = (made_at IS NULL)", name="made_by_somebody"),
    )


class Assessment(Base):
    """One assessment of a case: a draft that is written by several hands, then signed by one of them."""

    __tablename__ = "assessments"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    checklist_id: Mapped[int] = mapped_column(ForeignKey("assessment_checklists.id"))
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    # The day that the assessment speaks of.
    on_day: Mapped[date]
    # What ratings without a source of their own are built on.
    main_source: Mapped[RatingSource | None]
    concerns: Mapped[str | None] = mapped_column(EncryptedText("assessments.concerns"))
    resources: Mapped[str | None] = mapped_column(EncryptedText("assessments.resources"))
    raises: Mapped[str | None] = mapped_column(EncryptedText("assessments.raises"))
    lowers: Mapped[str | None] = mapped_column(EncryptedText("assessments.lowers"))
    urgency: Mapped[Urgency | None]
    urgency_reasons: Mapped[str | None] = mapped_column(EncryptedText("assessments.urgency_reasons"))
    proposed_niveau: Mapped[int | None] = mapped_column(SmallInteger)
    own_view: Mapped[str | None] = mapped_column(EncryptedText("assessments.own_view"))
    review_on: Mapped[date | None]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime]
    # Who signed or discarded it.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="raise")
    checklist: Mapped[ChecklistVersion] = relationship(lazy="raise")
    saved_by: Mapped[User] = relationship(foreign_keys=[saved_by_id], lazy="raise")
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id], lazy="raise")
    ratings: Mapped[list["ItemRating"]] = relationship(order_by="ItemRating.id", viewonly=True, lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        CheckConstraint("(state = 'kladde') = (ended_at IS NULL)", name="ended_has_instant"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint(
            "state <> 'underskrevet' OR num_nulls("
            "urgency, urgency_reasons, proposed_niveau, review_on, main_source) = 0",
            name="signed_whole",
        ),
        CheckConstraint("state <> 'underskrevet' OR on_day < review_on", name="review_after"),
        CheckConstraint("proposed_niveau BETWEEN 1 AND 9", name="proposed_niveau"),
        Index("ix_assessments_case_id", "case_id"),
        Index("uq_assessments_draft", "case_id", unique=True, postgresql_where=text("state = 'kladde'")),
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
    def is_draft(self) -> bool:
        """Whether it can still change."""
        return self.state is State.DRAFT


class ItemRating(Base):
    """What an assessment says about one item of the checklist. rating: None until it has been chosen."""

    __tablename__ = "assessment_ratings"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    assessment_id: Mapped[int]
    case_id: Mapped[int]
    item: Mapped[str] = mapped_column(String(CODE_LENGTH))
    rating: Mapped[Rating | None]
    source: Mapped[RatingSource | None]
    observed_on: Mapped[date | None]
    reasons: Mapped[str | None] = mapped_column(EncryptedText("assessment_ratings.reasons"))
    # Taken over from the assessment before, and not looked at since.
    carried: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        # Both columns, so that a rating can only hang on the case that its assessment hangs on.
        ForeignKeyConstraint(["assessment_id", "case_id"], ["assessments.id", "assessments.case_id"]),
        UniqueConstraint("assessment_id", "item"),
        Index("ix_assessment_ratings_case_id", "case_id"),
    )
