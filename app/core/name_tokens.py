"""Finding encrypted names: a keyed code per word narrows the search, and the decrypted name decides.

The code stands for the first three folded letters of a word and is so short that several words share it: the database
can count codes and read no name. What the codes still give away is stated in `docs/security.md`.
"""

import re
import unicodedata
from typing import Final

from app.core.crypto import Keyring

_BEGINNING: Final = 3
# 64 codes: a small unit has about 150 different name words, and several of them must share each code.
_BITS: Final = 6
_PURPOSE: Final = "name word"

_APOSTROPHES: Final = re.compile("['’‘ʼʻʾʿ`´]")
_SEPARATORS: Final = re.compile(r"[\W_]+")
_DOUBLES: Final = ((re.compile("a[ae]+"), "a"), (re.compile("oe+"), "o"))

# Letters that Unicode does not take apart into a plain letter and a mark.
_LETTERS: Final = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŋ": "n",
        "þ": "th",
        "ŧ": "t",
    }
)


def fold(text: str) -> str:
    """Return the text as it is compared: small letters without marks, words parted by one space.

    The ways of writing a Danish letter meet in one: æ, ae, ä and a; ø, oe, ö and o; å, aa and a. Apostrophes vanish,
    hyphens and other signs part words. Folding what is folded changes nothing.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    letters = "".join(part for part in parts if not unicodedata.combining(part)).translate(_LETTERS)
    spaced = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", letters)).strip()
    for pattern, single in _DOUBLES:
        spaced = pattern.sub(single, spaced)
    return spaced


def words(name: str) -> list[str]:
    """Return the folded words of a name, in its order."""
    return fold(name).split()


def tokens(name: str, keyring: Keyring) -> list[int]:
    """Return the codes to store with a name: one for the beginning of each word, sorted, each once."""
    return sorted({keyring.short_token(word[:_BEGINNING], _PURPOSE, _BITS) for word in words(name)})


def search_tokens(query: str, keyring: Keyring) -> list[int]:
    """Return the codes that a name must have, all of them, to be worth decrypting; none for an empty query."""
    return tokens(query, keyring)


def matches(name: str, query: str) -> bool:
    """Tell whether each word of the query begins some word of the name.

    A query word of one or two letters must be a whole word: "bo" finds Bo and not Bodil.
    """
    present = words(name)
    return all(_is_in(word, present) for word in words(query))


def _is_in(word: str, present: list[str]) -> bool:
    if len(word) < _BEGINNING:
        return word in present
    return any(candidate.startswith(word) for candidate in present)
