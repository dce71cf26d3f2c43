"""Passwords: how they are kept, and which are refused.

Kept as argon2id. The rules follow NIST SP 800-63B-4: at least 15 characters, no rules about their kinds, nothing that
everybody tries first, and nothing that is only the person's own name.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.core.errors import DomainError

SHORTEST: Final = 15
LONGEST: Final = 200

_FIELD: Final = "password"
_PRODUCT: Final = ("enkeltsag", "enkeltsager", "adgangskode", "kodeord", "password")
_SHORTEST_WORD: Final = 4
_OWN_PART: Final = 8
_FEWEST_DIFFERENT: Final = 6
_LONGEST_RUN_SHARE: Final = 0.75
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyzæøå",
    "01234567890",
    "qwertyuiopåasdfghjklæøzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
_REPEATED: Final = re.compile(r"(.{1,12}?)\1+")
_NOT_TEXT: Final = re.compile(r"[\W_]+")
_ENDING: Final = re.compile(r"[\W\d_]+$")

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# Nobody's: verified against where there is no account, so that the answer takes as long as for one.
_NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$aXH6HmrtkzpPSN88Ww9+jw$Kbd3tOb7b+NLoIvCg7msuSjxKLtOg38aVbjWM7O3kNw"


class Person(Protocol):
    """Whoever chooses a password."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def email(self) -> str | None:
        """The person's mail address."""


def hashed(password: str) -> str:
    """What the database keeps of a password."""
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password that was kept; takes as long when none was."""
    try:
        _hasher.verify(kept or _NOBODYS, password)
    except VerifyMismatchError:
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the password was kept with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def check_new(password: str, person: Person) -> None:
    """Refuse a password that is too short, too common, or made of what others know about the person.

    Raises DomainError at the field `password`.
    """
    if len(password) < SHORTEST:
        raise DomainError(f"Adgangskoden skal være på mindst {SHORTEST} tegn. Skriv gerne en hel sætning.", _FIELD)
    if len(password) > LONGEST:
        raise DomainError(f"Adgangskoden må højst være på {LONGEST} tegn.", _FIELD)
    if _is_common(password):
        raise DomainError("Den adgangskode er for let at gætte. Find på en sætning, som andre ikke bruger.", _FIELD)
    if _is_about(password, person):
        raise DomainError(
            "Adgangskoden består mest af dit navn, din mailadresse eller systemets navn. Find på noget andet.", _FIELD
        )


def _is_common(password: str) -> bool:
    text = _NOT_TEXT.sub("", password.casefold())
    return (
        len(set(text)) < _FEWEST_DIFFERENT
        or _REPEATED.fullmatch(text) is not None
        or _share_in_order(text) > _LONGEST_RUN_SHARE
        or not _commonest().isdisjoint({text, _ENDING.sub("", text)})
    )


def _share_in_order(text: str) -> float:
    """How much of the text is neighbours on the keyboard, in the alphabet or in counting."""
    neighbours = {pair for row in _ROWS for line in (row, row[::-1]) for pair in pairwise(line)}
    return sum(pair in neighbours for pair in pairwise(text)) / (len(text) - 1)


def _is_about(password: str, person: Person) -> bool:
    """Whether too little is left once the known words are taken out."""
    known = [*_PRODUCT, *_NOT_TEXT.split(f"{person.name} {person.email or ''}".casefold())]
    rest = _NOT_TEXT.sub("", password.casefold())
    for word in sorted(set(known), key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            rest = rest.replace(word, "")
    return len(_ENDING.sub("", rest)) < _OWN_PART


@cache
def _commonest() -> frozenset[str]:
    """The commonest passwords long enough to pass: small letters and digits, one on each line."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
