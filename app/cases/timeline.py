"""Everything that happened in a case, in one order: each package tells of its own, registered at start-up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from app.cases.models import Case


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    at: when it happened, or the noon of its day where only the day is known. title: short, in the user's words.
    text: the typed text that belongs to it, which the search in the case reads. who: the employee who did it, if one
    did. url: where it can be read in full. kind: key of the source. searched: what the search reads as well, and the
    timeline does not show.
    """

    at: datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    url: str | None = None
    searched: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of entry. entries: those of a case, in any order, read in one statement."""

    key: str
    label: str
    entries: Callable[[Case], Iterable[Entry]]
    order: int


def register(app: Flask, source: Source) -> None:
    """Add a kind of entry.

    Raises ValueError when the key is taken.
    """
    sources = _registry(app)
    if any(other.key == source.key for other in sources):
        raise ValueError(f"there is a source {source.key} already")
    sources.append(source)
    sources.sort(key=lambda each: each.order)


def of(app: Flask) -> tuple[Source, ...]:
    """The kinds of entry of this application, in their order."""
    return tuple(_registry(app))


def _registry(app: Flask) -> list[Source]:
    sources: list[Source] = app.extensions.setdefault("enkeltsag_case_timeline", [])
    return sources
