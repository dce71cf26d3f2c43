"""The picture of the domains over time: one mark for each item, drawn here as SVG.

Marks are told apart by their shape: a risk is a square and what protects is a round one; full for clearly, half for
partly, empty for not present, crossed for unknown. Nothing is added together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.cases.assessments.models import Rating
from app.cases.assessments.reading import Part, Reading
from app.core.danish import format_date

MOST: Final = 5
LABEL: Final = 150
MARK: Final = 14
STEP: Final = 19
GAP: Final = 26
HEAD: Final = 34
ROW: Final = 30


@dataclass(frozen=True)
class Mark:
    """One item: where it lies, its shape, how it is filled, and what it says when pointed at."""

    x: int
    y: int
    protects: bool
    fill: str
    told: str


@dataclass(frozen=True)
class Picture:
    """The drawing, and the table that says the same."""

    title: str
    description: str
    domains: list[tuple[str, int]]
    days: list[tuple[str, int]]
    marks: list[Mark]
    table: list[tuple[str, list[str]]]
    width: int
    height: int
    mark: int = MARK
    left_out: int = 0


_FILLS: Final = {Rating.CLEARLY: "full", Rating.PARTLY: "half", Rating.ABSENT: "empty", Rating.UNKNOWN: "unknown"}


def picture(readings: Sequence[Reading]) -> Picture | None:
    """The picture of signed assessments, the latest of them first; None when there are none.

    Only the last few fit beside each other; the first of all are left out, which the picture says.
    """
    if not readings:
        return None
    shown = list(reversed(readings[:MOST]))
    names = {part.domain.code: part.domain.name for reading in shown for part in reading.parts}
    columns = _columns(shown)
    parts = [{part.domain.code: part for part in reading.parts} for reading in shown]
    marks = [
        mark
        for row, code in enumerate(names)
        for (x, _), of_code in zip(columns, parts, strict=True)
        if code in of_code
        for mark in _marks(of_code[code], x, HEAD + ROW * row)
    ]
    return Picture(
        "Områderne over tid",
        _described(shown),
        [(name, HEAD + ROW * row) for row, name in enumerate(names.values())],
        [(format_date(reading.assessment.on_day), x) for reading, (x, _) in zip(shown, columns, strict=True)],
        marks,
        [(name, [_words(of_code.get(code)) for of_code in parts]) for code, name in names.items()],
        columns[-1][0] + columns[-1][1],
        HEAD + ROW * len(names),
        left_out=len(readings) - len(shown),
    )


def _columns(shown: Sequence[Reading]) -> list[tuple[int, int]]:
    """Where the columns begin, and how wide they are: as wide as their longest domain, and as a date."""
    columns: list[tuple[int, int]] = []
    x = LABEL
    for reading in shown:
        width = max([5, *(len(part.answers) for part in reading.parts)]) * STEP
        columns.append((x, width))
        x += width + GAP
    return columns


def _marks(part: Part, x: int, y: int) -> list[Mark]:
    return [
        Mark(
            x + STEP * place,
            y,
            answer.item.kind.protects,
            _FILLS[answer.said.rating or Rating.UNKNOWN],
            f"{answer.item.text}: {(answer.said.rating or Rating.UNKNOWN).label.lower()}",
        )
        for place, answer in enumerate(part.answers)
    ]


def _words(part: Part | None) -> str:
    return part.words if part else "Ikke med"


def _described(shown: Sequence[Reading]) -> str:
    days = ", ".join(format_date(reading.assessment.on_day) for reading in shown)
    return f"Et mærke for hvert punkt i hvert område, for vurderingerne fra {days}. Tabellen nedenfor siger det samme."
