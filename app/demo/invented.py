"""Invented people, the same ones for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.core import cpr
from app.demo import names
from app.people.models import Sex

REPLACEMENT = 60
CENTURY = 2000
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Person:
    """Someone who does not exist."""

    name: str
    sex: Sex
    cpr: cpr.Cpr


class People:
    """A source of invented people.

    Their CPR numbers are replacement numbers (day + 60), which the CPR register gives to nobody, and no
    number comes twice.
    """

    def __init__(self, random: Random, today: date) -> None:
        """Invent from random; today is the last day on which anybody was born."""
        self._random = random
        self._today = today
        self._taken: set[str] = set()

    def of_age(self, years: int, on: date) -> Person:
        """Someone who is so many years old on a day."""
        days = int(years * DAYS_PER_YEAR) + self._random.randint(20, 340)
        return self._born(on - timedelta(days=days))

    def _born(self, day: date) -> Person:
        digits = self._unused(day)
        boy = self._random.random() < 0.8  # noqa: PLR2004 - about four in five of the cases are boys
        first = self._random.choice(names.BOYS if boy else names.GIRLS)
        family = " ".join(self._random.sample(names.FAMILY, self._random.choice((1, 1, 2))))
        return Person(f"{first} {family}", Sex.MALE if boy else Sex.FEMALE, cpr.parse(digits, today=self._today))

    def another_number(self, born: date) -> cpr.Cpr:
        """A number that nobody has yet, for somebody born on the day."""
        return cpr.parse(self._unused(born), today=self._today)

    def _unused(self, day: date) -> str:
        century = 5 if day.year >= CENTURY else 1
        start = f"{day.day + REPLACEMENT:02}{day:%m%y}"
        while (digits := f"{start}{century}{self._random.randrange(1000):03}") in self._taken:
            continue
        self._taken.add(digits)
        return digits
