"""Who may be meant: citizens in sight with the typed name or number, offered before somebody is recorded twice.

A number that belongs to a citizen out of sight is answered like one that belongs to nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.network import queries
from app.core import name_tokens
from app.core.cpr import Cpr
from app.core.danish import format_date, sort_key
from app.extensions import db
from app.people.models import Citizen
from app.people.queries import find_by_cpr, named_like

MOST = 10


@dataclass(frozen=True)
class Likely:
    """A citizen who may be meant. words: name, birth date and newest case in sight."""

    citizen: Citizen
    words: str


def likely(name: str | None, cpr: Cpr | None, *, but: int | None, by: User, at: datetime) -> list[Likely]:
    """The citizens who may be meant; that they were shown is recorded at each of their cases.

    but: the citizen whom it is about.
    """
    citizens = [citizen for citizen in _found(name, cpr) if citizen.id != but][:MOST]
    cases = queries.cases_of_citizens([citizen.id for citizen in citizens])
    shown = [case.id for each in cases.values() for case in each]
    if shown:
        kind = "cpr" if cpr else "navn"
        log.record(Event.CASES_SEARCHED, by=by, at=at, listed_case_ids=shown, search=kind)
    return [Likely(citizen, _words(citizen, cases.get(citizen.id, []))) for citizen in citizens]


def _found(name: str | None, cpr: Cpr | None) -> list[Citizen]:
    if cpr is not None:
        one = find_by_cpr(cpr)
        if one is not None:
            return [one]
    if name is None or not name_tokens.words(name):
        return []
    candidates = select(Citizen).where(Citizen.id.in_(named_like(name, in_active_case=False)))
    named = [citizen for citizen in db.session.scalars(candidates) if name_tokens.matches(citizen.name, name)]
    return sorted(named, key=lambda citizen: (sort_key(citizen.name), citizen.id))


def _words(citizen: Citizen, cases: list[queries.CaseOf]) -> str:
    born = f"født {format_date(citizen.birth_date)}"
    return ", ".join([citizen.name, born, *(f"sag {case.number}" for case in cases[:1])])
