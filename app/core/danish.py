"""Danish order, and Danish ways of writing dates, numbers and lists."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from babel.dates import format_date as babel_date
from babel.lists import format_list

from app.core import clock

_LOCALE: Final = "da"

# The first level of the alphabet: æ, ø and å stand after z, as the three characters that follow z in ASCII do.
_AE, _OE, _AA = "{", "|", "}"
_LETTERS: Final = str.maketrans(
    {
        "æ": _AE,
        "ä": _AE,
        "ø": _OE,
        "ö": _OE,
        "ő": _OE,
        "å": _AA,
        "ü": "y",
        "ű": "y",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "œ": "oe",
    }
)
_PRINCIPAL: Final = frozenset("æøå")
_APOSTROPHES: Final = re.compile("['’‘ʼʻ`´]")
_SEPARATORS: Final = re.compile(r"[\W_]+")

SortKey = tuple[str, str, str, str]


def sort_key(text: str) -> SortKey:
    """Return the key that sorts names as Danish does: æ ø å last, aa as å, case and accents only between equals.

    ä stands with æ, ö with ø and ü with y; digits come before letters, and a shorter name before a longer one.
    Follows Retskrivningsordbogen and the Danish collation of CLDR, for databases that have none.
    """
    composed = unicodedata.normalize("NFC", text)
    folded = unicodedata.normalize("NFC", composed.casefold())
    letters = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", folded)).strip()
    joined = letters.replace("aa", "å")
    first = "".join(_plain(letter) for letter in joined)
    variants = "".join("0" if letter in _PRINCIPAL or letter == _plain(letter) else letter for letter in joined)
    spelling = letters.replace("å", "0").replace("aa", "1")
    return first, variants, spelling, composed


def _plain(letter: str) -> str:
    """Return the letter of the first level: without accent, and a Danish letter as its place after z."""
    mapped = letter.translate(_LETTERS)
    if mapped != letter or letter.isascii():
        return mapped
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(_LETTERS)


def weekday(day: date) -> str:
    """Return the name of the weekday: "fredag"."""
    return babel_date(day, "EEEE", locale=_LOCALE)


def week_number(day: date) -> int:
    """Return the week of the year (ISO 8601, as Danish calendars count)."""
    return day.isocalendar().week


def format_date(day: date) -> str:
    """Write a date as 20-11-2026."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def format_time(at: datetime) -> str:
    """Write the local time of an instant as 09.35."""
    return f"{clock.local_time(at):%H.%M}"


def format_instant(at: datetime) -> str:
    """Write an instant in local time as "20-11-2026 kl. 09.35"."""
    return f"{format_date(clock.local_date(at))} kl. {format_time(at)}"


def format_long(day: date) -> str:
    """Write a date as "fredag 20. november 2026 (uge 47)"."""
    return f"{babel_date(day, 'EEEE d. MMMM y', locale=_LOCALE)} (uge {week_number(day)})"


def number(count: int) -> str:
    """Write a whole number with a full stop between thousands: 10.000."""
    return f"{count:,}".replace(",", ".")


def plural(count: int, one: str, many: str) -> str:
    """Write the number with the form that fits it: "1 dag", "0 dage", "1.200 dage"."""
    return f"{number(count)} {one if abs(count) == 1 else many}"


def and_list(items: Iterable[str]) -> str:
    """Write a list as "Ali, Bente og Åse"; nothing for an empty one."""
    return format_list(list(items), locale=_LOCALE)
