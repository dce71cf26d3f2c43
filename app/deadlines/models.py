"""Deadline rules as dated data, deadlines, and the ledger of reminders."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.core.danish import plural
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.deadlines.arithmetic import Direction, Unit
from app.deadlines.steps import Plan


class Verified(Labelled):
    """How well a rule's legal basis is known."""

    LAW_TEXT = "lovtekst", "Lovtekst læst"
    SOURCE = "kilde", "Omtalt i en kilde, lovteksten ikke læst"
    MEMORY = "hukommelse", "Efter hukommelsen"
    LOCAL = "lokal", "Lokal praksis"
    UNCONFIRMED = "ubekraeftet", "Ubekræftet"


class DeadlineRule(Base):
    """One version of a rule, valid on the local dates from valid_from to valid_to, both included; None is open."""

    __tablename__ = "deadline_rules"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    legal_basis: Mapped[str] = mapped_column(String(200))
    verified: Mapped[Verified]
    verified_note: Mapped[str] = mapped_column(String(300))
    statutory: Mapped[bool]
    responsible: Mapped[str] = mapped_column(String(60))
    trigger: Mapped[str] = mapped_column(String(60))
    stop_event: Mapped[str] = mapped_column(String(60))
    length: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[Unit]
    direction: Mapped[Direction]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    remind_at_start: Mapped[bool]
    reminder_days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    repeat_daily_after: Mapped[bool]
    leader_from_days: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("code", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("valid_from <= valid_to", name="in_order"),
        CheckConstraint("length > 0", name="length"),
        CheckConstraint("0 <= ALL (reminder_days)", name="reminder_days"),
    )

    @property
    def plan(self) -> Plan:
        """When the rule reminds."""
        return Plan.of(
            at_start=self.remind_at_start, days_before=self.reminder_days, daily_after=self.repeat_daily_after
        )

    @property
    def span(self) -> str:
        """The length in words: "7 dage efter"."""
        side = "efter" if self.direction is Direction.AFTER else "før"
        return f"{plural(self.length, self.unit.one, self.unit.many)} {side}"

    @property
    def notice(self) -> str | None:
        """What must be said wherever the rule is shown; None when its text of law has been read."""
        if not self.statutory:
            return "Lokal praksis, ikke en frist efter loven."
        if self.verified is Verified.LAW_TEXT:
            return None
        return f"Retsgrundlaget er ikke bekræftet. {self.verified_note}"


class StopOutcome(Labelled):
    """Why a clock stopped."""

    MET = "opfyldt", "Opfyldt"
    EXEMPT = "undtaget", "Undtaget"
    CANCELLED = "bortfaldet", "Bortfaldet"


@dataclass(frozen=True)
class DeadlineState:
    """Where a deadline stands today, in words and as the status badge's kind."""

    label: str
    kind: str


SOON_DAYS = 3


def running_state(due_on: date, today: date) -> DeadlineState:
    """Where a clock that runs until due_on stands today."""
    left = (due_on - today).days
    if left < 0:
        return DeadlineState(f"{plural(-left, 'dag', 'dage')} over fristen", "late")
    if left == 0:
        return DeadlineState("I dag", "today")
    if left <= SOON_DAYS:
        return DeadlineState("I morgen" if left == 1 else f"{left} dage tilbage", "soon")
    return DeadlineState(f"{left} dage tilbage", "ok")


class Deadline(Base):
    """A clock on a case: started by one event, stopped by another, due on a local date."""

    __tablename__ = "deadlines"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("deadline_rules.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    started_at: Mapped[datetime]
    started_on: Mapped[date]
    due_on: Mapped[date]
    last_workday: Mapped[date]
    next_reminder_on: Mapped[date | None]
    stopped_at: Mapped[datetime | None]
    stopped_on: Mapped[date | None]
    outcome: Mapped[StopOutcome | None]
    reason: Mapped[str | None] = mapped_column(EncryptedText("deadlines.reason"))
    version: Mapped[int] = mapped_column()

    rule: Mapped[DeadlineRule] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "rule_id"),
        CheckConstraint("num_nonnulls(stopped_at, stopped_on, outcome) IN (0, 3)", name="stopped_whole"),
        CheckConstraint("stopped_at IS NULL OR next_reminder_on IS NULL", name="stopped_is_silent"),
        Index("ix_deadlines_open_due_on", "due_on", postgresql_where=text("stopped_at IS NULL")),
        # What the sweep reads: few rows, however many deadlines there are.
        Index(
            "ix_deadlines_next_reminder_on", "next_reminder_on", postgresql_where=text("next_reminder_on IS NOT NULL")
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether the clock still runs."""
        return self.stopped_at is None

    @property
    def is_late(self) -> bool:
        """Whether it was met after its due date."""
        return self.outcome is StopOutcome.MET and self.stopped_on is not None and self.stopped_on > self.due_on

    def days_left(self, today: date) -> int:
        """Days from today to the due date; negative when it has passed."""
        return (self.due_on - today).days

    def is_overdue(self, today: date) -> bool:
        """Whether the clock still runs after the due date."""
        return self.is_open and self.days_left(today) < 0

    def state(self, today: date) -> DeadlineState:
        """Where it stands today."""
        if self.outcome is not None:
            return self._stopped_state()
        return running_state(self.due_on, today)

    def _stopped_state(self) -> DeadlineState:
        if self.is_late:
            return DeadlineState("Opfyldt for sent", "late")
        if self.outcome is StopOutcome.MET:
            return DeadlineState("Opfyldt i tide", "ok")
        return DeadlineState(self.outcome.label if self.outcome else "", "neutral")


class NotSent(Labelled):
    """Why somebody who should have been reminded got no mail."""

    NO_OWNER = "ingen-ansvarlig", "sagen har ingen ansvarlig"
    NO_ADDRESS = "ingen-adresse", "har ingen brugbar mailadresse"
    DISABLED = "lukket-bruger", "brugeren er lukket"
    AWAY = "fravaer", "er fraværende"
    BARRED = "inhabil", "er inhabil i sagen"
    NO_SIGHT = "ingen-adgang", "må ikke se sagen"
    NOBODY = "ingen-modtager", "der er ingen at sende til"


class Reminder(Base):
    """One line of the ledger: this step of this deadline was planned for this person, or could not be.

    The due date is part of the key, so that a deadline that is moved is reminded of again.
    """

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    due_on: Mapped[date]
    step: Mapped[int] = mapped_column(SmallInteger)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    not_sent: Mapped[NotSent | None]
    planned_at: Mapped[datetime]

    deadline: Mapped[Deadline] = relationship()
    recipient: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("deadline_id", "due_on", "step", "recipient_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("recipient_id IS NOT NULL OR not_sent IS NOT NULL", name="somebody_or_why_not"),
    )
