"""Relations between people, and the people in them who have no case.

A relation is seen through the case it is recorded in, and only by those who also see its other end: nothing tells
that there is more.
"""

from datetime import date, datetime
from typing import Self

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import User
from app.cases.models import Case
from app.core import cpr as cpr_numbers
from app.core.cpr import Cpr
from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText
from app.people.models import Citizen

RELATION = "relation"
PERSON = "related_person"


class Circle(Labelled):
    """Which part of somebody's life a relation belongs to; each has a line of its own in the picture."""

    FAMILY = "familie", "Familie"
    FRIENDS = "venner", "Venner"
    CRIME = "kriminalitet", "Kriminalitet og miljø"
    PROFESSIONAL = "fagligt", "Fagpersoner og andre"


class RelationKind(Labelled):
    """What the other is to the citizen, and read from the other end what the citizen is to the other."""

    reverse: str
    circle: Circle

    def __new__(cls, value: str, label: str, reverse: str, circle: Circle) -> Self:
        """Keep both words and the circle beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.reverse = reverse
        member.circle = circle
        return member

    GUARDIAN = "vaerge", "Værge eller forældremyndighedsindehaver", "Har som værge", Circle.FAMILY
    PARENT = "foraelder", "Forælder", "Barn", Circle.FAMILY
    SIBLING = "soeskende", "Søskende", "Søskende", Circle.FAMILY
    FAMILY = "familie", "Anden familie", "Anden familie", Circle.FAMILY
    PARTNER = "kaereste", "Kæreste", "Kæreste", Circle.FRIENDS
    FRIEND = "ven", "Ven", "Ven", Circle.FRIENDS
    CO_OFFENDER = "medgerningsperson", "Medgerningsperson", "Medgerningsperson", Circle.CRIME
    GANG = "bande", "Samme bande eller gruppe", "Samme bande eller gruppe", Circle.CRIME
    PROFESSIONAL = "fagperson", "Fagperson", "Fagperson for", Circle.PROFESSIONAL
    OTHER = "andet", "Anden relation", "Anden relation", Circle.PROFESSIONAL


class Source(Labelled):
    """From whom the relation is known."""

    CITIZEN = "borger", "Borgeren selv"
    FAMILY = "familie", "Familien"
    SCHOOL = "skole", "Skole eller klub"
    POLICE = "politi", "Politiet"
    AUTHORITY = "myndighed", "Anden myndighed"
    OWN = "egen", "Egen observation"
    OTHER = "andet", "Andet"


class RelatedPerson(Base):
    """Somebody without a case, known in one case or one group: as little as possible, until a day."""

    __tablename__ = "related_people"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    name: Mapped[str] = mapped_column(EncryptedText("related_people.name"))
    cpr: Mapped[str | None] = mapped_column(EncryptedText("related_people.cpr"))
    # The same person in two cases is one dot of the picture.
    cpr_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date: Mapped[str | None] = mapped_column(EncryptedText("related_people.birth_date"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("related_people.phone"))
    address: Mapped[str | None] = mapped_column(EncryptedText("related_people.address"))
    delete_on: Mapped[date]
    became_citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        UniqueConstraint("id", "case_id"),
        UniqueConstraint("id", "group_id"),
        CheckConstraint("num_nonnulls(case_id, group_id) = 1", name="one_place"),
        CheckConstraint("(cpr IS NULL) = (cpr_index IS NULL)", name="cpr_is_found_again"),
        Index("ix_related_people_case_id", "case_id"),
        Index("ix_related_people_group_id", "group_id"),
        Index("ix_related_people_delete_on", "delete_on"),
        Index("ix_related_people_became_citizen_id", "became_citizen_id"),
    )

    @property
    def number(self) -> Cpr | None:
        """The CPR number, where it is known."""
        return None if self.cpr is None else cpr_numbers.parse(self.cpr, today=date.max)

    @property
    def born(self) -> date | None:
        """The birth date, where it is known."""
        return None if self.birth_date is None else date.fromisoformat(self.birth_date)


class Relation(Base):
    """What somebody is to a citizen: another citizen, or a person without a case."""

    __tablename__ = "relations"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    other_citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    person_id: Mapped[int | None]
    kind: Mapped[RelationKind]
    profession: Mapped[str | None] = mapped_column(EncryptedText("relations.profession"))
    organisation: Mapped[str | None] = mapped_column(EncryptedText("relations.organisation"))
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    source: Mapped[Source]
    note: Mapped[str | None] = mapped_column(EncryptedText("relations.note"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
    # Registered by mistake: out of every list, and still there.
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="raise")
    citizen: Mapped[Citizen] = relationship(foreign_keys=[citizen_id], lazy="raise")
    other_citizen: Mapped[Citizen | None] = relationship(foreign_keys=[other_citizen_id], lazy="raise")
    person: Mapped[RelatedPerson | None] = relationship(
        primaryjoin="foreign(Relation.person_id) == RelatedPerson.id", viewonly=True, lazy="raise"
    )
    recorded_by: Mapped[User] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        # Both columns, so that a person of one case cannot be led into another.
        ForeignKeyConstraint(["person_id", "case_id"], ["related_people.id", "related_people.case_id"]),
        CheckConstraint("num_nonnulls(other_citizen_id, person_id) = 1", name="one_other_end"),
        CheckConstraint("from_day IS NULL OR to_day IS NULL OR from_day <= to_day", name="in_order"),
        Index("ix_relations_case_id", "case_id"),
        Index("ix_relations_citizen_id", "citizen_id"),
        Index("ix_relations_other_citizen_id", "other_citizen_id"),
        Index("ix_relations_person_id", "person_id"),
    )

    @property
    def scoped_case(self) -> Case:
        """The case that decides who may do what."""
        return self.case

    @property
    def subject(self) -> tuple[str, int]:
        """What the record of events knows it by: the database shows an event about a relation to those who see it."""
        return (RELATION, self.id) if self.person_id is None else (PERSON, self.person_id)

    @property
    def other_name(self) -> str:
        """The name at the other end."""
        other = self.other_citizen or self.person
        return "" if other is None else other.name

    def is_over(self, today: date) -> bool:
        """Whether it has ended."""
        return self.to_day is not None and self.to_day < today
