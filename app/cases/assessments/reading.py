"""An assessment as people read it: domain by domain, with what is marked counted, and nothing added together."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.cases.assessments import queries
from app.cases.assessments.checklist import Domain, Item
from app.cases.assessments.models import Assessment, ItemRating, Rating


@dataclass(frozen=True)
class Answer:
    """An item, and what the assessment says about it."""

    item: Item
    said: ItemRating

    @property
    def is_present(self) -> bool:
        """Whether the factor is there, at least in part."""
        return self.said.rating is not None and self.said.rating.is_present


@dataclass(frozen=True)
class Part:
    """One domain of an assessment."""

    domain: Domain
    answers: tuple[Answer, ...]

    def count(self, rating: Rating | None, *, protects: bool | None = None) -> int:
        """How many items have the rating; protects: of which side, both when it is None."""
        return sum(
            answer.said.rating is rating and protects in {None, answer.item.kind.protects} for answer in self.answers
        )

    @property
    def unanswered(self) -> int:
        """Items that nobody has rated."""
        return self.count(None)

    @property
    def answered(self) -> int:
        """Items that have been rated."""
        return len(self.answers) - self.unanswered

    @property
    def carried(self) -> int:
        """Items that were taken over and not looked at since."""
        return sum(answer.said.carried for answer in self.answers)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to look at."""
        return not self.unanswered and not self.carried

    @property
    def clearly(self) -> int:
        """Risks that are clearly there."""
        return self.count(Rating.CLEARLY, protects=False)

    @property
    def partly(self) -> int:
        """Risks that are there in part."""
        return self.count(Rating.PARTLY, protects=False)

    @property
    def protecting(self) -> int:
        """What protects, clearly or in part."""
        return sum(answer.is_present and answer.item.kind.protects for answer in self.answers)

    @property
    def unknown(self) -> int:
        """Items that nobody knows about."""
        return self.count(Rating.UNKNOWN)

    @property
    def words(self) -> str:
        """What is marked, in one line: "2 tydeligt · 1 delvist · 1 beskytter · 3 uoplyst"."""
        counts = (
            (self.clearly, "tydeligt"), (self.partly, "delvist"),
            (self.protecting, "beskytter"), (self.unknown, "uoplyst"),
        )  # fmt: skip
        return " · ".join(f"{count} {word}" for count, word in counts if count) or "Intet markeret"


@dataclass(frozen=True)
class Reading:
    """All of an assessment."""

    assessment: Assessment
    parts: tuple[Part, ...]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """What is said about each item, by code."""
        return {answer.item.code: answer for part in self.parts for answer in part.answers}

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.answers)

    @property
    def answered(self) -> int:
        """How many have been rated."""
        return sum(part.answered for part in self.parts)

    @property
    def unknown(self) -> int:
        """How many are rated as unknown."""
        return sum(part.unknown for part in self.parts)

    @property
    def carried(self) -> int:
        """How many were taken over and not looked at since."""
        return sum(part.carried for part in self.parts)

    @property
    def without_reasons(self) -> list[Answer]:
        """What is there, and nobody has said why."""
        return [answer for answer in self.answers.values() if answer.is_present and not answer.said.reasons]


def read(assessment: Assessment) -> Reading:
    """The assessment, domain by domain."""
    said = {rating.item: rating for rating in assessment.ratings}
    return Reading(assessment, tuple(_parts(queries.checklist_of(assessment).asked, said)))


def _parts(domains: Iterable[Domain], said: dict[str, ItemRating]) -> Iterable[Part]:
    for domain in domains:
        answers = tuple(Answer(item, said[item.code]) for item in domain.items if item.code in said)
        if answers:
            yield Part(domain, answers)
