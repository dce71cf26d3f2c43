"""Cells as text, and text as what it means."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from app.core import name_tokens
from app.core.danish import format_date
from app.core.forms.text import UnusableTextError, clean

NUMBER_LENGTH: Final = 10
_WITHOUT_ZERO: Final = 9
# Days as a spreadsheet counts them, from 1927 to 2173: beyond these a number is no date but something else.
_SERIALS: Final = range(10_000, 100_000)
_DAY_ZERO: Final = date(1899, 12, 30)

_MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})\s*[-./ ]\s*([0-9]{1,2})\s*[-./ ]\s*([0-9]{2,4})(?: 00[:.]00(?:[:.]00)?)?")
_IN_WORDS: Final = re.compile(r"(?:den )?([0-9]{1,2})\.?\s*([a-z]{3})[a-z]*\.?\s*([0-9]{2,4})")
_LONG_YEAR: Final = 4

_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
# UTF-8 that was once read as something else: no Danish word has these.
_GARBLED: Final = re.compile("Ã[¦¸¥†˜…\u0086\u0098\u0085]")
_LOST: Final = "\ufffd"

Member = TypeVar("Member")


class ValueProblemError(ValueError):
    """A cell that cannot be used; the message says in Danish why, after the name of its column."""

    def about(self, heading: str) -> str:
        """The whole sentence, with one sign at its end."""
        told = f"»{heading}« {self}"
        return told if told.endswith((".", "?", "!", "…")) else f"{told}."


def as_text(cell: Any, key: str) -> str:
    """The cell of a column as people write it. Raises ValueProblemError for formulas and what got lost."""
    if cell is None or isinstance(cell, str):
        return _checked(cell or "")
    if isinstance(cell, datetime):
        return format_date(cell.date())
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, bool):
        return "Ja" if cell else "Nej"
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        raise ValueProblemError("er et tidsrum")
    if isinstance(cell, int | float):
        return _number(cell, key)
    raise ValueProblemError("er en formel. Sæt den ind som værdi")


def _checked(text: str) -> str:
    stripped = text.strip()
    if stripped.startswith("="):
        raise ValueProblemError("er en formel. Sæt den ind som værdi")
    if stripped.upper() in _ERRORS:
        raise ValueProblemError(f"viser en fejl i regnearket, {stripped}")
    if _LOST in stripped:
        raise ValueProblemError("har tegn, der er gået tabt, fordi filen har været gemt i et forkert tegnsæt")
    if _GARBLED.search(stripped):
        raise ValueProblemError("har forkerte tegn i stedet for æ, ø og å. Gem filen igen som .xlsx eller »CSV UTF-8«")
    try:
        return clean(stripped).replace("\t", " ")
    except UnusableTextError as error:
        raise ValueProblemError(f"kan ikke læses. {error}") from error


def _number(cell: float, key: str) -> str:
    whole = isinstance(cell, int) or cell.is_integer()
    if key in {"birth", "opened"} and int(cell) in _SERIALS:
        return format_date(_DAY_ZERO + timedelta(days=int(cell)))
    if key == "cpr" and whole and len(str(int(cell))) == _WITHOUT_ZERO:
        # A number has lost the zero in front.
        return str(int(cell)).zfill(NUMBER_LENGTH)
    return str(int(cell)) if whole else str(cell).replace(".", ",")


def as_date(text: str) -> date:
    """A date as Danes write it: 20-11-2026, 20.11.2026, 20/11 2026, 20. november 2026, or 2026-11-20.

    Raises ValueProblemError.
    """
    year, month, day = _parts(text)
    if len(year) != _LONG_YEAR:
        raise ValueProblemError(f"skal have årstallet med fire cifre, og der står »{text}«")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueProblemError(f"er en dato, der ikke findes: »{text}«") from None


def _parts(text: str) -> tuple[str, str, str]:
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _DAY_FIRST.fullmatch(text):
        return found[3], found[2], found[1]
    found = _IN_WORDS.fullmatch(text.lower())
    if found and found[2] in _MONTHS:
        return found[3], str(_MONTHS.index(found[2]) + 1), found[1]
    raise ValueProblemError(f"skal være en dato som 20-11-2026, og der står »{text}«")


def compared(text: str) -> str:
    """The text without signs, capitals or Danish letters, as choices are compared."""
    return name_tokens.fold(text)


def choice(text: str, choices: Mapping[str, Member], shown: Sequence[str]) -> Member:
    """The member that a text names. choices: by compared text. Raises ValueProblemError that lists what is shown."""
    found = choices.get(compared(text))
    if found is None:
        allowed = ", ".join(shown[:_SHOWN]) + (" …" if len(shown) > _SHOWN else "")
        rest = f". Brug en af disse: {allowed}" if shown else ""
        raise ValueProblemError(f"kendes ikke: »{text[:60]}«{rest}")
    return found


_SHOWN: Final = 12


def several(text: str, one: Callable[[str], Member]) -> list[Member]:
    """The members that a text names with semicolons or new lines in between. Raises what `one` raises."""
    return [one(part.strip()) for part in re.split(r"[;\n]", text) if part.strip()]


def bounded(text: str, length: int) -> str:
    """The text, unless it is too long. Raises ValueProblemError."""
    if len(text) > length:
        raise ValueProblemError(f"er på {len(text)} tegn, og der er plads til {length}")
    return text
