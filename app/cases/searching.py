"""What was typed into the search box: a case number, a CPR number, or words of a name."""

import enum
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core import cpr, name_tokens
from app.core.cpr import Cpr, CprError
from app.core.errors import DomainError

_NUMBER: Final = re.compile(r"([0-9]{4})\s*[-/]\s*([0-9]{1,7})", re.ASCII)
_DIGITS_ONLY: Final = re.compile(r"[0-9\s./–-]+")
_HALF_A_NUMBER: Final = "Skriv et helt CPR-nummer med 10 cifre eller et sagsnummer som 2026-0001."
_NO_LETTER: Final = "Skriv mindst ét bogstav af navnet."


class SearchKind(enum.StrEnum):
    """What is looked for; the record of readings keeps this and never the words."""

    NUMBER = "sagsnummer"
    CPR = "cpr"
    NAME = "navn"


@dataclass(frozen=True)
class Search:
    """What to look for."""

    kind: SearchKind
    text: str
    cpr: Cpr | None = None

    @property
    def finds_one_citizen(self) -> bool:
        """Whether it names one case or citizen, so that closed cases are meant too."""
        return self.kind is not SearchKind.NAME


def read(text: str, *, today: date) -> Search:
    """Tell what was typed.

    Raises DomainError when it is neither of the three.
    """
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return Search(SearchKind.NUMBER, f"{number[1]}-{int(number[2]):04}")
    if _DIGITS_ONLY.fullmatch(text):
        return Search(SearchKind.CPR, text, _cpr(text, today))
    if not name_tokens.words(text):
        raise DomainError(_NO_LETTER, "words")
    return Search(SearchKind.NAME, text)


def _cpr(text: str, today: date) -> Cpr:
    try:
        return cpr.parse(text, today=today)
    except CprError:
        raise DomainError(_HALF_A_NUMBER, "words") from None
