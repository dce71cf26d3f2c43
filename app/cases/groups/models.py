"""Groups: a concern about several young people at once, with members over time.

A group is seen by the unit's coordinators and leader, a restricted one by the leader, its creator and the named. Of its
members everybody sees those whose citizen is in sight, and no trace of the others.
"""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.network.models import RelatedPerson
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.people.models import Citizen

SUBJECT = "group"


class GroupStatus(Labelled):
    """Whether the concern is followed."""

    OPEN = "aktiv", "Aktiv"
    CLOSED = "afsluttet", "Afsluttet"


class GroupNoteKind(Labelled):
    """What a note about the group is."""

    DISCUSSION = "droeftelse", "Drøftelse"
    OBSERVATION = "observation", "Observation"
    AGREEMENT = "aftale", "Aftale"
    OTHER = "andet", "Andet"


class Group(Base):
    """A concern about several people."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    title: Mapped[str] = mapped_column(EncryptedText("groups.title"))
    concern: Mapped[str] = mapped_column(EncryptedText("groups.concern"))
    restricted: Mapped[bool]
    # Who sees a restricted group, beside the leader and its creator.
    named_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    status: Mapped[GroupStatus]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    created_by: Mapped[User] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        CheckConstraint("(status = 'afsluttet') = (closed_on IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("closed_on IS NULL OR opened_on <= closed_on", name="in_order"),
        Index("ix_groups_unit_id", "unit_id"),
    )

    @property
    def subject(self) -> tuple[str, int]:
        """What the record of events knows it by."""
        return SUBJECT, self.id

    @property
    def is_open(self) -> bool:
        """Whether it is followed."""
        return self.status is GroupStatus.OPEN


class GroupMember(Base):
    """Somebody belongs to the group from one day to another."""

    __tablename__ = "group_members"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    person_id: Mapped[int | None]
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    role_note: Mapped[str | None] = mapped_column(EncryptedText("group_members.role_note"))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    group: Mapped[Group] = relationship(lazy="raise")
    citizen: Mapped[Citizen | None] = relationship(lazy="raise")
    person: Mapped[RelatedPerson | None] = relationship(
        primaryjoin="foreign(GroupMember.person_id) == RelatedPerson.id", viewonly=True, lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "group_id"], ["related_people.id", "related_people.group_id"]),
        CheckConstraint("num_nonnulls(citizen_id, person_id) = 1", name="one_of_two"),
        CheckConstraint("to_day IS NULL OR from_day <= to_day", name="in_order"),
        Index("ix_group_members_group_id", "group_id"),
        Index("ix_group_members_citizen_id", "citizen_id"),
        Index("ix_group_members_person_id", "person_id"),
    )

    @property
    def name(self) -> str:
        """The member's name."""
        who = self.citizen or self.person
        return "" if who is None else who.name

    def is_member_on(self, day: date) -> bool:
        """Whether the membership holds on the day."""
        return self.from_day <= day and (self.to_day is None or self.to_day >= day)

    def is_over(self, today: date) -> bool:
        """Whether it has ended."""
        return self.to_day is not None and self.to_day < today


class GroupNote(Base):
    """A note about the group; written once."""

    __tablename__ = "group_notes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    on_day: Mapped[date]
    kind: Mapped[GroupNoteKind]
    text: Mapped[str] = mapped_column(EncryptedText("group_notes.text"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (Index("ix_group_notes_group_id", "group_id"),)
