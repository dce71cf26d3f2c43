"""Who may be the same person: a warning to look twice, never a decision.

Only citizens in sight are compared, so that the warning tells nobody about somebody out of sight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from sqlalchemy import select

from app.core import name_tokens
from app.core.cpr import Cpr
from app.extensions import db
from app.people.models import Citizen

MOST_SHOWN: Final = 5
_ALMOST: Final = 0.85
_SURE_WORDS: Final = 2


@dataclass(frozen=True)
class Described:
    """Somebody as the form describes him."""

    name: str
    birth_date: date
    cpr: Cpr | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the civil registry knows him by this number, so that another number is another person."""
        return self.cpr is not None and not self.cpr.is_replacement


def alike(described: Described, *, but: Iterable[int] = ()) -> list[Citizen]:
    """Citizens in sight who are likely the same person, the most alike first.

    but: ids of citizens who are known not to be.
    """
    skipped = set(but)
    born_then = db.session.scalars(
        select(Citizen).where(Citizen.birth_month == described.birth_date.replace(day=1)).order_by(Citizen.id)
    )
    found = [(likeness(described, citizen), citizen) for citizen in born_then if citizen.id not in skipped]
    found.sort(key=lambda each: -each[0])
    return [citizen for score, citizen in found if score > 0][:MOST_SHOWN]


def likeness(described: Described, citizen: Citizen) -> float:
    """How alike they are, from 0 (not likely the same) to 1.

    The same words of the name in the same month of birth, or a similar name on the same birthday. Two different CPR
    numbers of the registry are two people, unless name and birthday are the same: then one number may be mistyped.
    """
    ours, theirs = name_tokens.words(described.name), name_tokens.words(citizen.name)
    if not ours or not theirs:
        return 0
    same_day = citizen.birth_date == described.birth_date
    number = citizen.number
    if described.is_sure and number is not None and not number.is_replacement and number != described.cpr:
        return 1 if same_day and sorted(ours) == sorted(theirs) else 0
    score = _of_names(ours, theirs)
    return score if score == 1 or (same_day and score > 0) else 0


def _of_names(ours: list[str], theirs: list[str]) -> float:
    """1 for the same words, less for names that differ in spelling or in a middle name, 0 for different ones."""
    if sorted(ours) == sorted(theirs):
        return 1
    common = set(ours) & set(theirs)
    if len(common) >= _SURE_WORDS or common in (set(ours), set(theirs)):
        return 0.95
    # In one order: the matcher may answer otherwise the other way round.
    first, second = sorted((" ".join(sorted(ours)), " ".join(sorted(theirs))))
    ratio = SequenceMatcher(None, first, second).ratio()
    return ratio if ratio >= _ALMOST else 0
