"""What must not be readable outside the application, gathered from an installation by decrypting everything."""

import re
from collections.abc import Iterator

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from app.access.models import Unit, User
from app.core import name_tokens
from app.core.model import Base, EncryptedText
from app.people.models import Citizen
from app.places.models import Bydel, School
from tests.system.installation import Installation

# Mails are encrypted too, but hold nothing personal: a test of what arrived says so.
NOT_PERSONAL = frozenset({"outbox_mails.body"})
NAMES = frozenset({"citizens.name", "netvaerkssamraad_parties.name"})
CPR = "citizens.cpr"
# The month of birth is readable by design, for the figures; a birth on the first of a month is written as the month is.
BIRTH_DATES = frozenset({"citizens.birth_date", "related_people.birth_date"})
SHORTEST_WORD = 4
SHORTEST_TEXT = 8


def secrets_of(installation: Installation) -> dict[str, frozenset[str]]:
    """The texts to search for, by kind: single words of names, whole names, CPR numbers, and all other text.

    Employees and places are known to everybody, so a word that is also one of theirs is left out.
    """
    with Session(installation.owner) as session:
        encrypted = {
            place: set(session.scalars(select(column).where(column.is_not(None))))
            for place, column in _encrypted_columns()
        }
        known = {
            word
            for column in (User.name, User.email, Unit.name, Bydel.name, School.name)
            for text in session.scalars(select(column).where(column.is_not(None)))
            for word in name_tokens.words(text or "")
        }
        months = {month.isoformat() for month in session.scalars(select(Citizen.birth_month))}
    for place in BIRTH_DATES:
        encrypted[place] -= months
    names = set().union(*(encrypted.pop(place) for place in NAMES))
    numbers = encrypted.pop(CPR)
    return {
        "words": frozenset(word for name in names for word in _words(name) if not known & set(name_tokens.words(word))),
        "names": frozenset(name for name in names if len(name) >= SHORTEST_TEXT),
        "numbers": frozenset(numbers) | {f"{number[:6]}-{number[6:]}" for number in numbers},
        "texts": frozenset(part for texts in encrypted.values() for text in texts for part in _sentences(text)),
    }


def _encrypted_columns() -> Iterator[tuple[str, Column[str]]]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, EncryptedText) and column.type.place not in NOT_PERSONAL:
                yield column.type.place, column


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s-]+", name) if len(word) >= SHORTEST_WORD]


def _sentences(text: str) -> list[str]:
    """Also a part of a text gives it away."""
    return [part for part in re.split(r"(?<=[.:;]) ", text) if len(part) >= SHORTEST_TEXT]
