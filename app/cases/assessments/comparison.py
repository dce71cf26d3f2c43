"""Two signed assessments side by side: what moved, and which way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.cases.assessments.models import Rating
from app.cases.assessments.reading import Answer, Part, Reading
from app.core.labelled import Labelled

_STRENGTH: Final = {Rating.ABSENT: 0, Rating.PARTLY: 1, Rating.CLEARLY: 2}


class Way(Labelled):
    """Which way an item moved. The words say it, never an arrow or a colour alone."""

    WORSE = "vaerre", "Øger risikoen mere"
    BETTER = "bedre", "Øger risikoen mindre"
    STRONGER = "staerkere", "Beskytter mere"
    WEAKER = "svagere", "Beskytter mindre"
    LEARNT = "oplyst", "Nu oplyst"
    LOST = "uoplyst", "Ikke længere oplyst"
    NEW = "nyt", "Nyt punkt"
    GONE = "udgaaet", "Punktet er udgået"

    @property
    def kind(self) -> str:
        """Of the status badge."""
        if self in {Way.WORSE, Way.WEAKER}:
            return "today"
        return "ok" if self in {Way.BETTER, Way.STRONGER} else "neutral"


@dataclass(frozen=True)
class Move:
    """An item that is rated otherwise now."""

    text: str
    way: Way
    before: Answer | None
    after: Answer | None


@dataclass(frozen=True)
class DomainMoves:
    """What moved in a domain."""

    name: str
    before: str
    after: str
    moves: list[Move]


@dataclass(frozen=True)
class Comparison:
    """Two assessments, the earlier one first."""

    before: Reading
    after: Reading
    domains: list[DomainMoves]

    @property
    def moved(self) -> list[DomainMoves]:
        """The domains in which something moved."""
        return [domain for domain in self.domains if domain.moves]

    @property
    def still(self) -> list[str]:
        """The names of the others."""
        return [domain.name for domain in self.domains if not domain.moves]


def compare(before: Reading, after: Reading) -> Comparison:
    """What moved from one to the other. Items are the same when their codes are."""
    earlier, later = _by_code(before.parts), _by_code(after.parts)
    domains = [_domain(earlier.get(code), later.get(code), before, after) for code in dict.fromkeys([*later, *earlier])]
    return Comparison(before, after, domains)


def _by_code(parts: Iterable[Part]) -> dict[str, Part]:
    return {part.domain.code: part for part in parts}


def _domain(earlier: Part | None, later: Part | None, before: Reading, after: Reading) -> DomainMoves:
    known = [part for part in (later, earlier) if part is not None]
    codes = dict.fromkeys(answer.item.code for part in known for answer in part.answers)
    moves = [move(before.answers.get(code), after.answers.get(code)) for code in codes]
    return DomainMoves(
        known[0].domain.name,
        earlier.words if earlier else "Ikke med",
        later.words if later else "Ikke med",
        [each for each in moves if each is not None],
    )


def move(before: Answer | None, after: Answer | None) -> Move | None:
    """How an item moved; None when it did not."""
    either = after or before
    if either is None:
        return None
    way = _way(before, after)
    return Move(either.item.text, way, before, after) if way else None


def _way(before: Answer | None, after: Answer | None) -> Way | None:
    if before is None or after is None:
        return Way.NEW if before is None else Way.GONE
    earlier, later = before.said.rating, after.said.rating
    if earlier == later or earlier is None or later is None:
        return None
    if Rating.UNKNOWN in {earlier, later}:
        return Way.LEARNT if earlier is Rating.UNKNOWN else Way.LOST
    grew = _STRENGTH[later] > _STRENGTH[earlier]
    if after.item.kind.protects:
        return Way.STRONGER if grew else Way.WEAKER
    return Way.WORSE if grew else Way.BETTER
