"""Handleplan: what a case aims at, what is done for it, by whom, and how it went.

A handleplan and an akuthandleplan are kept by the municipality's own practice; the duty to make one after a
netværkssamråd (serviceloven § 57 c, stk. 2) was repealed from 2020.
"""

from datetime import date, datetime

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
from app.cases.handleplan.codes import GoalState, LineOutcome, MeasureResult, MeasureState, PlanKind
from app.cases.models import Case
from app.core.model import Base, EncryptedText

SUBJECT = "handleplan"


class CatalogueMeasure(Base):
    """A kind of measure to choose among; one that is closed stays on the plans that have it."""

    __tablename__ = "measure_catalogue"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(100), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration


class Handleplan(Base):
    """A plan of a case: the plan itself, or what is done in the first three days after something serious."""

    __tablename__ = "handleplans"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[PlanKind]
    # The event that an akuthandleplan answers, when it was started from one.
    incident_id: Mapped[int | None]
    aim: Mapped[str | None] = mapped_column(EncryptedText("handleplans.aim"))
    own_words: Mapped[str | None] = mapped_column(EncryptedText("handleplans.own_words"))
    started_on: Mapped[date]
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_on: Mapped[date | None]
    closing: Mapped[str | None] = mapped_column(EncryptedText("handleplans.closing"))
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    started_by: Mapped[User] = relationship(lazy="raise")
    goals: Mapped[list["Goal"]] = relationship(order_by="Goal.id", lazy="raise", viewonly=True)
    measures: Mapped[list["Measure"]] = relationship(order_by="Measure.id", lazy="raise", viewonly=True)
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        order_by="[FollowUp.on_day, FollowUp.id]", lazy="raise", viewonly=True
    )
    lines: Mapped[list["AcuteLine"]] = relationship(
        order_by="[AcuteLine.due_at, AcuteLine.id]", lazy="raise", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        CheckConstraint("closed_on IS NULL OR started_on <= closed_on", name="in_order"),
        CheckConstraint("kind = 'akut' OR incident_id IS NULL", name="incident_is_acute"),
        CheckConstraint("closing IS NULL OR closed_on IS NOT NULL", name="closing_when_closed"),
        Index("ix_handleplans_case_id", "case_id"),
        # Two who start one at once get the same one.
        Index("uq_handleplans_open", "case_id", "kind", unique=True, postgresql_where=text("closed_on IS NULL")),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def subject(self) -> tuple[str, int]:
        """What the record of events knows it by."""
        return SUBJECT, self.id

    @property
    def is_open(self) -> bool:
        """Whether it is being worked on."""
        return self.closed_on is None

    @property
    def is_acute(self) -> bool:
        """Whether it is an akuthandleplan."""
        return self.kind is PlanKind.ACUTE


class Goal(Base):
    """What the plan aims at, in words that the citizen understands."""

    __tablename__ = "plan_goals"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    plan_id: Mapped[int]
    case_id: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText("plan_goals.text"))
    state: Mapped[GoalState] = mapped_column(default=GoalState.OPEN)
    version: Mapped[int] = mapped_column()

    plan: Mapped[Handleplan] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        # Both columns, so that a goal can only hang on the case that its plan hangs on.
        ForeignKeyConstraint(["plan_id", "case_id"], ["handleplans.id", "handleplans.case_id"]),
        UniqueConstraint("id", "plan_id"),
        Index("ix_plan_goals_plan_id", "plan_id"),
        Index("ix_plan_goals_case_id", "case_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.plan.case


class Measure(Base):
    """Something that is done: which kind, what exactly, by whom, from when to when, and with what result."""

    __tablename__ = "plan_measures"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    plan_id: Mapped[int]
    case_id: Mapped[int]
    goal_id: Mapped[int | None]
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("measure_catalogue.id"))
    text: Mapped[str | None] = mapped_column(EncryptedText("plan_measures.text"))
    note: Mapped[str | None] = mapped_column(EncryptedText("plan_measures.note"))
    responsible_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation: Mapped[str | None] = mapped_column(EncryptedText("plan_measures.organisation"))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    state: Mapped[MeasureState]
    ended_on: Mapped[date | None]
    result: Mapped[MeasureResult | None]
    result_note: Mapped[str | None] = mapped_column(EncryptedText("plan_measures.result_note"))
    version: Mapped[int] = mapped_column()

    plan: Mapped[Handleplan] = relationship(lazy="joined", innerjoin=True)
    catalogue: Mapped[CatalogueMeasure] = relationship(lazy="joined", innerjoin=True)
    responsible_user: Mapped[User | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "case_id"], ["handleplans.id", "handleplans.case_id"]),
        ForeignKeyConstraint(["goal_id", "plan_id"], ["plan_goals.id", "plan_goals.plan_id"]),
        CheckConstraint("num_nonnulls(responsible_user_id, organisation) = 1", name="one_responsible"),
        CheckConstraint("from_day <= to_day", name="in_order"),
        CheckConstraint("(state IN ('afsluttet', 'afbrudt')) = (result IS NOT NULL)", name="ended_has_result"),
        CheckConstraint("(ended_on IS NULL) = (result IS NULL)", name="ended_has_day"),
        Index("ix_plan_measures_plan_id", "plan_id"),
        Index("ix_plan_measures_case_id", "case_id"),
        Index("ix_plan_measures_catalogue_id", "catalogue_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.plan.case

    @property
    def is_open(self) -> bool:
        """Whether it is planned or under way."""
        return self.ended_on is None

    @property
    def responsible(self) -> str:
        """Who does it."""
        if self.responsible_user_id is None:
            return self.organisation or ""
        return self.responsible_user.name if self.responsible_user is not None else ""


class FollowUp(Base):
    """A day on which the plan is looked at together with the citizen, and what came of it."""

    __tablename__ = "plan_follow_ups"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    plan_id: Mapped[int]
    case_id: Mapped[int]
    on_day: Mapped[date]
    held_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    text: Mapped[str | None] = mapped_column(EncryptedText("plan_follow_ups.text"))
    version: Mapped[int] = mapped_column()

    plan: Mapped[Handleplan] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "case_id"], ["handleplans.id", "handleplans.case_id"]),
        CheckConstraint("num_nonnulls(held_on, cancelled_on) <= 1", name="held_or_cancelled"),
        CheckConstraint("num_nonnulls(held_on, cancelled_on) = num_nonnulls(text)", name="told_when_over"),
        Index("ix_plan_follow_ups_plan_id", "plan_id"),
        Index("ix_plan_follow_ups_case_id", "case_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.plan.case

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, or should have been held."""
        return self.held_on is None and self.cancelled_on is None


class AcuteLine(Base):
    """Who does what in the first 24 or 72 hours after something serious."""

    __tablename__ = "plan_acute_lines"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    plan_id: Mapped[int]
    case_id: Mapped[int]
    hours: Mapped[int] = mapped_column(SmallInteger)
    what: Mapped[str] = mapped_column(EncryptedText("plan_acute_lines.what"))
    responsible_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation: Mapped[str | None] = mapped_column(EncryptedText("plan_acute_lines.organisation"))
    due_at: Mapped[datetime]
    outcome: Mapped[LineOutcome | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    plan: Mapped[Handleplan] = relationship(lazy="joined", innerjoin=True)
    responsible_user: Mapped[User | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "case_id"], ["handleplans.id", "handleplans.case_id"]),
        CheckConstraint("hours IN (24, 72)", name="hours"),
        CheckConstraint("num_nonnulls(responsible_user_id, organisation) <= 1", name="one_responsible"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_somehow"),
        Index("ix_plan_acute_lines_plan_id", "plan_id"),
        Index("ix_plan_acute_lines_case_id", "case_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.plan.case

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.outcome is None

    @property
    def responsible(self) -> str:
        """Who does it; empty when nobody has been chosen."""
        if self.responsible_user_id is None:
            return self.organisation or ""
        return self.responsible_user.name if self.responsible_user is not None else ""
