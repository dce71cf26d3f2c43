"""The timeline as the page shows it: everything that happened, narrowed down, newest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask

from app.cases import timeline
from app.cases.journal.moments import NOON
from app.cases.models import Case
from app.cases.timeline import Entry
from app.core import clock, crypto
from app.core.danish import format_date, format_instant, sort_key
from app.core.name_tokens import fold

EXCERPT: Final = 400
_PERSON: Final = "timeline person"
_CODE: Final = 12


@dataclass(frozen=True)
class Row:
    """An entry as it is shown. label: its kind in words. cut: whether there is more to read at its address."""

    when: str
    iso: str
    label: str
    title: str
    text: str
    who: str
    url: str | None
    cut: bool


def everything(app: Flask, case: Case) -> list[Entry]:
    """All that happened in the case, newest first."""
    entries = [entry for source in timeline.of(app) for entry in source.entries(case)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def kinds(app: Flask, entries: Iterable[Entry]) -> dict[str, str]:
    """The kinds that there is something of, with their labels."""
    present = {entry.kind for entry in entries}
    return {source.key: source.label for source in timeline.of(app) if source.key in present}


def people(entries: Iterable[Entry]) -> dict[str, str]:
    """Those who did any of it, by a code for the name that an address can carry; in the order of the alphabet.

    A code and not an id, because what happened is told by name, whoever tells it; it means nothing anywhere else.
    """
    keyring = crypto.installed()
    names = sorted({entry.who for entry in entries if entry.who}, key=sort_key)
    return {keyring.blind_index(name, _PERSON).hex()[:_CODE]: name for name in names}


def narrowed(entries: Iterable[Entry], *, kind: str | None, who: str | None, words: str | None) -> list[Entry]:
    """Those of the kind, by the person, with all of the words."""
    wanted = fold(words or "").split()
    return [
        entry
        for entry in entries
        if (kind is None or entry.kind == kind) and (who is None or entry.who == who) and _has(entry, wanted)
    ]


def _has(entry: Entry, wanted: Collection[str]) -> bool:
    """Whether each word stands somewhere in it, also within a longer one: Danish puts words together."""
    if not wanted:
        return True
    text = fold(f"{entry.title} {entry.text} {entry.searched} {entry.who}")
    return all(word in text for word in wanted)


def rows(app: Flask, entries: Iterable[Entry]) -> list[Row]:
    """The entries as they are shown."""
    labels = {source.key: source.label for source in timeline.of(app)}
    return [
        Row(
            when=_when(entry.at),
            iso=clock.local_time(entry.at).isoformat(timespec="minutes"),
            label=labels.get(entry.kind, ""),
            title=entry.title,
            text=excerpt(entry.text),
            who=entry.who,
            url=entry.url,
            cut=entry.url is not None and excerpt(entry.text) != entry.text,
        )
        for entry in entries
    ]


def _when(at: datetime) -> str:
    """The day, and the time where one is known: noon stands for a day."""
    local = clock.local_time(at)
    return format_date(local.date()) if local.time() == NOON else format_instant(at)


def excerpt(text: str) -> str:
    """The beginning of a long text, cut between two words."""
    if len(text) <= EXCERPT:
        return text
    beginning, _, rest = text[:EXCERPT].rpartition(" ")
    return f"{beginning or rest} …"
