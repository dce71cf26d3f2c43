"""Recording, correcting and ending relations, and people without a case."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.models import Case
from app.cases.network import queries
from app.cases.network.facts import KEPT_AT_MOST, PersonFacts, RelationFacts
from app.cases.network.models import RELATION, RelatedPerson, Relation, RelationKind
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.contacts import ContactFacts, add_contact_point
from app.people.models import Citizen, ContactKind
from app.people.queries import cpr_index


def add_relation(case: Case, other: Citizen | PersonFacts, facts: RelationFacts, *, by: User, at: datetime) -> Relation:
    """Record what somebody is to the case's citizen.

    other: a citizen in sight, or what is known of a person without a case.
    Raises DomainError when it stands there already, or a day cannot be right.
    """
    require_days(facts.from_day, facts.to_day)
    if isinstance(other, Citizen):
        _require_other(case, other, facts.kind)
        relation = Relation(other_citizen_id=other.id)
    else:
        person = add_person(other, case_id=case.id, by=by, at=at)
        relation = Relation(person_id=person.id)
    relation.case_id, relation.citizen_id = case.id, case.citizen_id
    relation.recorded_by_id, relation.recorded_at = by.id, at
    _write(relation, facts)
    db.session.add(relation)
    db.session.flush()
    _record(Event.RELATION_ADDED, relation, by, at)
    return relation


def add_person(
    facts: PersonFacts, *, case_id: int | None = None, group_id: int | None = None, by: User, at: datetime
) -> RelatedPerson:
    """Keep somebody without a case in one case or one group.

    Raises DomainError when the day of forgetting is not ahead, or too far.
    """
    require_forgetting(facts.delete_on, today=local_day(at))
    person = RelatedPerson(case_id=case_id, group_id=group_id, created_by_id=by.id, created_at=at)
    write_person(person, facts)
    db.session.add(person)
    db.session.flush()
    return person


def change_relation(
    relation: Relation, facts: RelationFacts, person: PersonFacts | None, *, by: User, at: datetime
) -> None:
    """Correct what is known.

    person: of the person without a case at the other end; None for a citizen, who is corrected in the own case.
    Raises DomainError when a day cannot be right.
    """
    require_days(facts.from_day, facts.to_day)
    if relation.person is not None and person is not None:
        if person.delete_on != relation.person.delete_on:
            require_forgetting(person.delete_on, today=local_day(at))
        write_person(relation.person, person)
    _write(relation, facts)
    # Also when only the person changed: the form that the next one sends is about both.
    flag_modified(relation, "source")
    db.session.flush()
    _record(Event.RELATION_CHANGED, relation, by, at)


def end_relation(relation: Relation, to_day: date, *, by: User, at: datetime) -> None:
    """Say on which day it ended.

    Raises DomainError when that is before it began.
    """
    require_days(relation.from_day, to_day)
    relation.to_day = to_day
    db.session.flush()
    _record(Event.RELATION_ENDED, relation, by, at)


def remove_relation(relation: Relation, *, by: User, at: datetime) -> None:
    """Take out what was registered by mistake; a person who was known by it alone is forgotten at the next run."""
    relation.removed_at = at
    if relation.person is not None:
        relation.person.delete_on = local_day(at)
    db.session.flush()
    _record(Event.RELATION_REMOVED, relation, by, at)


def become_citizen(person: RelatedPerson, citizen: Citizen, *, by: User, at: datetime) -> None:
    """Let the relations of somebody without a case be those of the citizen whom a case has just been opened on."""
    relations = list(db.session.scalars(select(Relation.id).where(Relation.person_id == person.id)))
    db.session.execute(
        update(Relation)
        .where(Relation.id.in_(relations))
        .values(person_id=None, other_citizen_id=citizen.id, version=Relation.version + 1)
        .execution_options(synchronize_session=False)
    )
    person.became_citizen_id = citizen.id
    db.session.flush()
    keep_contact_data(person, citizen, by=by, at=at)
    for relation_id in relations:
        log.record(Event.PERSON_BECAME_CITIZEN, by=by, at=at, case_id=person.case_id, subject=(RELATION, relation_id))


def keep_contact_data(person: RelatedPerson, citizen: Citizen, *, by: User, at: datetime) -> None:
    """Let the phone and address of a person be the citizen's: what is left of the person is deleted by its own day."""
    for kind, value in ((ContactKind.PHONE, person.phone), (ContactKind.ADDRESS, person.address)):
        if value is not None:
            add_contact_point(citizen, ContactFacts(kind, value), by=by, at=at)


def require_days(from_day: date | None, to_day: date | None) -> None:
    """Raise DomainError when something ends before it begins."""
    if from_day is not None and to_day is not None and to_day < from_day:
        raise DomainError("Den sidste dag ligger før den første.", "to_day")


def require_forgetting(delete_on: date, *, today: date) -> None:
    """Raise DomainError unless the day of forgetting is ahead, and not too far."""
    if delete_on <= today:
        raise DomainError("Skriv en dag efter i dag. Den dag slettes personen.", "delete_on")
    if delete_on > today + KEPT_AT_MOST:
        raise DomainError("En person uden sag kan højst gemmes i to år ad gangen.", "delete_on")


def write_person(person: RelatedPerson, facts: PersonFacts) -> None:
    """Keep the facts; with a CPR number the birth date is the number's."""
    person.name = facts.name
    person.cpr = None if facts.cpr is None else facts.cpr.digits
    person.cpr_index = None if facts.cpr is None else cpr_index(facts.cpr)
    born = facts.birth_date if facts.cpr is None else facts.cpr.birth_date
    person.birth_date = None if born is None else born.isoformat()
    person.phone, person.address, person.delete_on = facts.phone, facts.address, facts.delete_on


def _require_other(case: Case, other: Citizen, kind: RelationKind) -> None:
    if other.id == case.citizen_id:
        raise DomainError("Det er borgeren selv.", "name")
    for relation in queries.relations_of_case(case.id):
        if relation.other_citizen_id == other.id and relation.kind is kind and relation.to_day is None:
            raise DomainError(f"{other.name} står allerede som {kind.label.lower()}.", "kind")


def _write(relation: Relation, facts: RelationFacts) -> None:
    values: dict[str, Any] = vars(facts)
    if facts.kind is not RelationKind.PROFESSIONAL:
        values = values | {"profession": None, "organisation": None}
    for name, value in values.items():
        setattr(relation, name, value)


def _record(event: Event, relation: Relation, by: User, at: datetime) -> None:
    """About a relation to a citizen the database tells only those who see both ends."""
    log.record(event, by=by, at=at, case_id=relation.case_id, subject=relation.subject, relation=relation.kind.value)
