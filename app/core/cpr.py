"""Danish personal numbers (CPR): reading, checking and masking them.

Source: "Personnummeret i CPR-systemet" and "Personnumre uden kontrolciffer (modulus 11)", cpr.dk. Numbers that fail
modulus 11 have been given to people since 2007, so failing it is no reason to refuse one.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_NUMBER: Final = re.compile(r"\s*([0-9]{6})[-–\s]?([0-9]{4})\s*")
_MOD11_WEIGHTS: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_REPLACEMENT_OFFSET: Final = 60

# Seventh digit: the first century is that of years up to the limit, the second that of later years.
_CENTURIES: Final = (
    *[(1900, 99, 1900)] * 4,
    (2000, 36, 1900),
    *[(2000, 57, 1800)] * 4,
    (2000, 36, 1900),
)

_LOOKS_LIKE_CPR: Final = re.compile(
    r"(?<![0-9])(?<!:[0-9]{2}[.,])"  # no part of a longer number, nor the fraction of a second
    r"[0-9]{2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{2}[-–\s]{0,3}[0-9]{4}"
    r"(?![0-9])"
)
_MASK: Final = "[cpr]"


class CprError(ValueError):
    """The text is no CPR number; the message says in Danish what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Cpr:
    """A CPR number. Its `repr` is empty on purpose: log lines and tracebacks quote it."""

    digits: str = field(repr=False)
    birth_date: date = field(repr=False)
    is_replacement: bool = field(repr=False)

    @property
    def formatted(self) -> str:
        """The number as people write it: 010105-1234."""
        return f"{self.digits[:6]}-{self.digits[6:]}"

    @property
    def mod11_ok(self) -> bool:
        """Whether the check digit fits. A reason to look twice, never one to refuse."""
        return sum(int(digit) * weight for digit, weight in zip(self.digits, _MOD11_WEIGHTS, strict=True)) % 11 == 0

    def age_on(self, day: date) -> int:
        """Return the age in whole years on the day."""
        return age_on(self.birth_date, day)


def parse(text: str, *, today: date) -> Cpr:
    """Read a CPR number, with or without hyphen or space; replacement numbers (day + 60) are accepted.

    today: a date of birth after it is refused.
    Raises CprError, whose message says what is wrong.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise CprError("Skriv CPR-nummeret med 10 cifre: ddmmåå-xxxx.")
    digits = match[1] + match[2]
    is_replacement = int(digits[:2]) > _REPLACEMENT_OFFSET
    birth_date = _birth_date(digits, is_replacement=is_replacement)
    if birth_date > today:
        raise CprError(
            f"CPR-nummeret giver fødselsdagen {birth_date:%d-%m-%Y}, som ligger i fremtiden. "
            "Se på året og på det syvende ciffer."
        )
    return Cpr(digits, birth_date, is_replacement)


def _birth_date(digits: str, *, is_replacement: bool) -> date:
    day, month, short_year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if is_replacement:
        day -= _REPLACEMENT_OFFSET
    early, limit, late = _CENTURIES[int(digits[6])]
    year = (early if short_year <= limit else late) + short_year
    try:
        return date(year, month, day)
    except ValueError:
        raise CprError(
            f"CPR-nummeret begynder med {day:02}-{month:02}-{year}, og den dato findes ikke. "
            "Se på de første seks cifre."
        ) from None


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on the day; a child of 29 February grows a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def mask(text: str) -> str:
    """Replace everything in running text that looks like a CPR number, whether or not it is a possible one."""
    return _LOOKS_LIKE_CPR.sub(_MASK, text)
