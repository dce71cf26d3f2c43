"""Reading relations. What exists for whom is the row scope's business, never the query's."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.cases.models import Case
from app.cases.network.models import RelatedPerson, Relation
from app.core.errors import found
from app.extensions import db

_ENDS = (
    joinedload(Relation.citizen, innerjoin=True),
    joinedload(Relation.other_citizen),
    joinedload(Relation.person),
    joinedload(Relation.recorded_by, innerjoin=True).load_only(User.name).lazyload(User.unit),
)


def _standing() -> Select[Relation]:
    """Those that were not registered by mistake, and whose ends are not one since two citizens were merged."""
    is_another = or_(Relation.other_citizen_id.is_(None), Relation.other_citizen_id != Relation.citizen_id)
    return select(Relation).where(Relation.removed_at.is_(None), is_another).options(*_ENDS)


def get_relation(case_id: int, relation_id: int) -> Relation:
    """The relation recorded in that case. Raises NotFoundError when there is none in sight."""
    one = _standing().where(Relation.id == relation_id, Relation.case_id == case_id)
    return found(db.session.scalar(one.options(joinedload(Relation.case, innerjoin=True))))


def get_person(person_id: int) -> RelatedPerson:
    """The person without a case.

    Raises NotFoundError when there is none in sight, or the person has become a citizen.
    """
    person = found(db.session.get(RelatedPerson, person_id))
    return found(None if person.became_citizen_id else person)


def relations_of_case(case_id: int) -> list[Relation]:
    """What is recorded in the case, in the order in which it was."""
    return list(db.session.scalars(_standing().where(Relation.case_id == case_id).order_by(Relation.id)))


def relations_of(citizen_ids: Collection[int]) -> list[Relation]:
    """What is known of the citizens, in whichever case in sight it is recorded."""
    if not citizen_ids:
        return []
    about = or_(Relation.citizen_id.in_(citizen_ids), Relation.other_citizen_id.in_(citizen_ids))
    return list(db.session.scalars(_standing().where(about).order_by(Relation.id)))


@dataclass(frozen=True)
class CaseOf:
    """A case in sight of one of the people."""

    id: int
    number: str
    citizen_id: int


def cases_of_citizens(citizen_ids: Collection[int]) -> dict[int, list[CaseOf]]:
    """Their cases in sight by citizen, the newest first."""
    cases: dict[int, list[CaseOf]] = {}
    if citizen_ids:
        rows = select(Case.id, Case.number, Case.citizen_id).where(Case.citizen_id.in_(citizen_ids))
        for row in db.session.execute(rows.order_by(Case.number.desc())):
            cases.setdefault(row.citizen_id, []).append(CaseOf(*row))
    return cases
