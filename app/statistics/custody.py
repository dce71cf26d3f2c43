"""The figures about imprisonment and remand, out of dated events: what was known on a day, whenever it happened.

They run on the statistics role's own connection, which reads kinds and dates of events and nothing else of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, literal_column, select, tuple_

from app.cases.incidents.models import SERVING, Incident, IncidentKind
from app.cases.models import Case
from app.people.models import Citizen

# A municipality may name its levels itself; in the published report the second one is crime.
CRIME_NIVEAU = 2
EIGHTEEN_YEARS: ColumnElement[Any] = literal_column("interval '18 years'")


@dataclass(frozen=True)
class CustodyFigures:
    """Who serves, and who is remanded while under age."""

    level2_served_or_serving: int
    remand_under_18: int


def custody_figures(connection: Connection, *, year: date, first: date, last: date, as_of: date) -> CustodyFigures:
    """Count the people, each once.

    year: the first day of the period's year. first, last: the period's first day, and its last or as_of if that is
    earlier. as_of: opgørelsesdagen; an event that the unit got to know of later is not counted.
    """
    return CustodyFigures(_served(connection, year, last, as_of), _remanded(connection, first, last, as_of))


def _served(connection: Connection, year: date, last: date, as_of: date) -> int:
    """Citizens with a case that began on niveau 2 in the year, who have served or serve by the last day."""
    case, other, event = (table.alias() for table in (Case.__table__, Case.__table__, Incident.__table__))
    served = (
        select(event.c.id)
        .join(other, other.c.id == event.c.case_id)
        .where(other.c.citizen_id == case.c.citizen_id, event.c.kind.in_(SERVING), _known(event, last, as_of))
    )
    counted = select(func.count(distinct(case.c.citizen_id))).where(
        case.c.accepted_on.between(year, last), case.c.opened_niveau == CRIME_NIVEAU, served.exists()
    )
    return connection.execute(counted).scalar_one()


def _remanded(connection: Connection, first: date, last: date, as_of: date) -> int:
    """Citizens in remand on any day from first to last, who were under 18 when it began."""
    case, event, citizen = (table.alias() for table in (Case.__table__, Incident.__table__, Citizen.__table__))
    other, end = (table.alias() for table in (Case.__table__, Incident.__table__))
    ended_before = (
        select(end.c.id)
        .join(other, other.c.id == end.c.case_id)
        .where(
            other.c.citizen_id == case.c.citizen_id,
            end.c.kind.in_(SERVING | {IncidentKind.RELEASE}),
            tuple_(end.c.happened_on, end.c.id) > tuple_(event.c.happened_on, event.c.id),
            end.c.happened_on < first,
            _known(end, last, as_of),
        )
    )
    counted = (
        select(func.count(distinct(case.c.citizen_id)))
        .join_from(event, case, case.c.id == event.c.case_id)
        .join(citizen, citizen.c.id == case.c.citizen_id)
        .where(
            event.c.kind == IncidentKind.REMAND,
            _known(event, last, as_of),
            event.c.happened_on < citizen.c.birth_month + EIGHTEEN_YEARS,
            ~ended_before.exists(),
        )
    )
    return connection.execute(counted).scalar_one()


def _known(event: Any, last: date, as_of: date) -> ColumnElement[bool]:
    """Whether it had happened by the last day and was known on the day as_of. A mistake never counts."""
    return and_(event.c.voided_at.is_(None), event.c.happened_on <= last, event.c.known_on <= as_of)
