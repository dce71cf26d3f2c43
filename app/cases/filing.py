"""The parts of a case that can be put on paper: each package gives its own, registered at start-up.

Journaliseringspligt: what belongs to the case is filed in the municipality's records system (arkivloven § 6;
offentlighedsloven § 15).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Flask

from app.cases.models import Case
from app.documents.document import Section


@dataclass(frozen=True)
class Part:
    """A part of the paper. sections: of a case and today; none where the case has nothing of it."""

    key: str
    label: str
    sections: Callable[[Case, date], list[Section]]
    order: int


def register(app: Flask, part: Part) -> None:
    """Add a part.

    Raises ValueError when the key is taken.
    """
    parts = _registry(app)
    if any(other.key == part.key for other in parts):
        raise ValueError(f"there is a part {part.key} already")
    parts.append(part)
    parts.sort(key=lambda each: each.order)


def of(app: Flask) -> tuple[Part, ...]:
    """The parts of this application, in their order."""
    return tuple(_registry(app))


def _registry(app: Flask) -> list[Part]:
    parts: list[Part] = app.extensions.setdefault("enkeltsag_case_parts", [])
    return parts
