"""A sheet as rows of named texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.cases.imports import columns, reading, values
from app.cases.imports.columns import BY_KEY, Heading
from app.cases.imports.values import ValueProblemError
from app.core.errors import DomainError
from app.core.forms.text import showable

MOST_ROWS: Final = 20_000
MOST_LINES: Final = 100_000
_EXAMPLE_SKIPPED: Final = "Skabelonens eksempel er sprunget over."
_LONGEST_KEPT: Final = 5000


@dataclass
class Row:
    """One row.

    cells: its texts by column. Empty ones are left out, but for those that each row must tell where the file has the
    column. reasons: what already speaks against it.
    """

    line: int
    cells: dict[str, str]
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and what is worth telling about it."""

    rows: list[Row]
    notices: list[str]


def read(content: bytes) -> Sheet:
    """Read a whole file. Raises DomainError, with what is wrong with it and what to do."""
    lines = enumerate(reading.rows(content), start=1)
    heading = columns.find(lines)
    rows = list(_rows(lines, heading))
    real = [row for row in rows if not _is_example(row)]
    if not real:
        raise DomainError("Der er ingen rækker under overskrifterne.", "file")
    skipped = [_EXAMPLE_SKIPPED] if len(real) < len(rows) else []
    return Sheet(real, columns.notices(heading) + skipped)


def _is_example(row: Row) -> bool:
    return all(row.cells.get(key) == BY_KEY[key].example for key in ("cpr", "name"))


def _rows(lines: Iterator[tuple[int, Sequence[Any]]], heading: Heading) -> Iterator[Row]:
    count = 0
    for line, cells in lines:
        if line > MOST_LINES:
            raise DomainError(
                f"Arket har mere end {MOST_LINES // 1000}.000 rækker, tomme talt med. Slet de tomme rækker.", "file"
            )
        row = _row(line, cells, heading)
        if not row.cells:
            continue
        if line == heading.line + 1 and columns.is_heading(cells):
            raise DomainError(
                f"Række {heading.line} og {line} er begge overskrifter. Behold én række med overskrifter.", "file"
            )
        count += 1
        if count > MOST_ROWS:
            raise DomainError(f"Der er mere end {MOST_ROWS // 1000}.000 rækker. Del filen i flere.", "file")
        yield row


def _row(line: int, cells: Sequence[Any], heading: Heading) -> Row:
    row = Row(line, {})
    for key, place in heading.places.items():
        cell = cells[place] if place < len(cells) else None
        try:
            text = values.as_text(cell, key)
        except ValueProblemError as error:
            row.reasons.append(error.about(BY_KEY[key].heading))
            text = showable(str(cell)) if isinstance(cell, str) else "(formel)"
        if text:
            row.cells[key] = text[:_LONGEST_KEPT]
    if row.cells:
        row.cells |= {key: "" for key in columns.NEEDED_WHERE_PRESENT if key in heading.places and key not in row.cells}
    return row
