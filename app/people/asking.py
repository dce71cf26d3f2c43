"""Asking about many CPR numbers at once, under the same rule as about one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, LargeBinary, cast, func, select

from app.access.models import User
from app.access.queries import leaders_of
from app.core.errors import DomainError
from app.extensions import db
from app.people import emails
from app.people.models import Citizen, CprChange
from app.people.services import MOST_ANSWERS_PER_HOUR

TOO_MANY_IN_USE = (
    f"Mere end {MOST_ANSWERS_PER_HOUR} af CPR-numrene er i brug i sager, du ikke kan se. Kontakt din leder. "
    "Den, der kan se sagerne, kan hente filen ind."
)


@dataclass(frozen=True)
class KnownCitizen:
    """A visible citizen who has one of the numbers."""

    id: int
    name: str


def known(indexes: Collection[bytes]) -> dict[bytes, KnownCitizen]:
    """The visible citizens who have one of the numbers, or had it before another, by the index that finds them."""
    if not indexes:
        return {}
    wanted = cast(list(indexes), ARRAY(LargeBinary))
    shown = (Citizen.id, Citizen.name)
    former = (
        select(CprChange.former_index, *shown)
        .join(Citizen, Citizen.id == CprChange.citizen_id)
        .where(CprChange.former_index == func.any(wanted))
    )
    present = select(Citizen.cpr_index, *shown).where(Citizen.cpr_index == func.any(wanted))
    # Whoever has a number now comes after whoever had it before.
    rows = [*db.session.execute(former), *db.session.execute(present)]
    return {index: KnownCitizen(*citizen) for index, *citizen in rows if index is not None}


def taken_out_of_sight(indexes: Collection[bytes], *, by: User, at: datetime) -> set[bytes]:
    """Those of the numbers that are in use in cases the asker does not see.

    Each of them is counted and recorded as a question of its own, and the unit's leader is told. Ask before the
    savepoint of a form: the record must stand when the form is refused because of the answer.
    Raises DomainError when they are more than may be answered within the hour.
    """
    if not indexes:
        return set()
    asked = func.ek_cprs_taken(cast(sorted(indexes), ARRAY(LargeBinary)), at, MOST_ANSWERS_PER_HOUR)
    taken = db.session.scalar(select(asked))
    if taken == []:
        return set()
    for leader in leaders_of([by.unit_id]).get(by.unit_id, []) if by.unit_id is not None else []:
        if leader.id != by.id:
            emails.tell_cpr_asked(leader, asker=by, at=at)
    if taken is None:
        raise DomainError(TOO_MANY_IN_USE, "file")
    return {bytes(index) for index in taken}
