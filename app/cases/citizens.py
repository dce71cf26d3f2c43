"""Finding citizens, and the cases that the reader sees of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.cases.models import Case, CaseStatus
from app.cases.searching import Search
from app.core import danish, name_tokens
from app.extensions import db
from app.people.models import Citizen
from app.people.queries import find_by_cpr, named_like

MOST_FOUND: Final = 50
_BATCH: Final = 200


@dataclass(frozen=True)
class CaseLine:
    """A case in a list under its citizen."""

    id: int
    number: str
    status: CaseStatus
    niveau: int


@dataclass(frozen=True)
class Found:
    """The citizens that a search finds, by name. more: there are others than these."""

    citizens: list[Citizen]
    cases: dict[int, list[CaseLine]]
    more: bool = False

    @property
    def case_ids(self) -> list[int]:
        """All the cases that are shown."""
        return [case.id for cases in self.cases.values() for case in cases]


def find(search: Search) -> Found:
    """The citizens in sight with the CPR number, also a former one, or with a name that has the words."""
    if search.cpr is not None:
        citizen = find_by_cpr(search.cpr)
        citizens, more = ([] if citizen is None else [citizen]), False
    else:
        ids = _ids_named(search.text)
        citizens, more = _by_name(ids[:MOST_FOUND]), len(ids) > MOST_FOUND
    return Found(citizens, case_lines([citizen.id for citizen in citizens]), more)


def _ids_named(words: str) -> list[int]:
    """Ids of those who have the name, and one more than are shown; decrypted batch by batch as far as needed."""
    named = select(Citizen.id, Citizen.name).where(Citizen.id.in_(named_like(words, in_active_case=False)))
    found: list[int] = []
    with db.session.execute(named.execution_options(yield_per=_BATCH)) as rows:
        for citizen_id, name in rows:
            if name_tokens.matches(name, words):
                found.append(citizen_id)
            if len(found) > MOST_FOUND:
                break
    return found


def _by_name(ids: Collection[int]) -> list[Citizen]:
    citizens = db.session.scalars(select(Citizen).where(Citizen.id.in_(ids)))
    return sorted(citizens, key=lambda citizen: (danish.sort_key(citizen.name), citizen.id))


def case_lines(citizen_ids: Collection[int]) -> dict[int, list[CaseLine]]:
    """The cases in sight of each of the citizens, the newest first, in one statement."""
    lines: dict[int, list[CaseLine]] = defaultdict(list)
    if citizen_ids:
        wanted = (
            select(Case.citizen_id, Case.id, Case.number, Case.status, Case.niveau)
            .where(Case.citizen_id.in_(citizen_ids))
            .order_by(Case.number.desc())
        )
        for citizen_id, case_id, number, status, niveau in db.session.execute(wanted):
            lines[citizen_id].append(CaseLine(case_id, number, status, niveau))
    return lines
