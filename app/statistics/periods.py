"""Half-years: 2017H2 is July to December 2017."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from app.core.errors import DomainError

FIRST_YEAR, LAST_YEAR = 2000, 2100
JULY = 7


@dataclass(frozen=True, order=True)
class Period:
    """A half-year."""

    year: int
    half: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2017H2". Raises DomainError when it is not a half-year."""
        found = re.fullmatch(r"(\d{4})[Hh]([12])", text.strip())
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise DomainError("Skriv halvåret som 2017H2: årstallet, H, og 1 eller 2.", field="period")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The half-year that a day lies in."""
        return cls(day.year, 1 if day.month < JULY else 2)

    @property
    def first_day(self) -> date:
        """1 January or 1 July."""
        return date(self.year, 1 if self.half == 1 else JULY, 1)

    @property
    def last_day(self) -> date:
        """30 June or 31 December."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def first_day_of_year(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def before(self) -> "Period":
        """The half-year before."""
        return Period(self.year, 1) if self.half == 2 else Period(self.year - 1, 2)  # noqa: PLR2004 - halves

    @property
    def label(self) -> str:
        """As the screens write it."""
        return f"{self.half}. halvår {self.year}"

    def __str__(self) -> str:
        return f"{self.year}H{self.half}"
