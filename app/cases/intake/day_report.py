"""Døgnrapporten: the lines of a report, told apart."""

import re
from dataclasses import dataclass
from typing import Final

_CPR: Final = re.compile(r"\b[0-9]{6}[-\s]?[0-9]{4}\b", re.ASCII)
_SEPARATORS: Final = re.compile(r"\s*[\t;|]\s*")


@dataclass(frozen=True)
class Line:
    """One line as it was pasted: what could be told apart, the rest as what happened."""

    name: str = ""
    cpr: str = ""
    happened: str = ""


def read_lines(text: str) -> list[Line]:
    """Tell name, CPR number and what happened apart in each line that holds anything.

    Cells parted by tabs or semicolons may come in any order around the number; else the name stands before the number
    and what happened after it. A line without a number is all kept.
    """
    return [_line(line.strip()) for line in text.splitlines() if line.strip()]


def _line(text: str) -> Line:
    cells = [cell for cell in _SEPARATORS.split(text) if cell]
    number = _CPR.search(text)
    if number is None:
        return Line(name=cells[0], happened="; ".join(cells[1:])) if len(cells) > 1 else Line(happened=text)
    if len(cells) > 1:
        rest = [each for cell in cells if (each := _CPR.sub("", cell, count=1).strip(" ,"))]
        return Line(rest[0] if rest else "", number.group(), "; ".join(rest[1:]))
    before, after = text[: number.start()], text[number.end() :]
    return Line(before.strip(" ,:-"), number.group(), after.strip(" ,:-"))
