"""CSV: whichever of the usual encodings and separators it was saved with."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from app.core.errors import DomainError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A text of several bytes a letter has many empty bytes: in the second place where the small end comes first.
_UNMARKED: Final = ((slice(1, None, 2), "utf-16-le"), (slice(0, None, 2), "utf-16-be"))
_SAMPLE: Final = 4096
_MANY: Final = 4
_SEPARATORS: Final = ";\t,|"
_NAMES_SEPARATOR: Final = "sep="
_LONGEST_CELL: Final = 100_000
_UNREADABLE: Final = "Filens tegn kan ikke læses. Gem den som CSV UTF-8, og prøv igen."
# What æ, ø, å and other letters of DOS and of an old Mac become when they are read as Windows': signs beside a letter
# where no Danish word and no Western name has them. Quotes, apostrophes and Ritalin® are let through.
_LETTER: Final = r"[^\W\d_]"
_FOREIGN: Final = re.compile(
    rf"{_LETTER}[›†¿¾¯‘‚„]|[›†¿¾¯®]{_LETTER}|{_LETTER}[”“]{_LETTER}|Œ|[a-zæøå][ŽŸ]"
    # Capital Æ of DOS, unless it stands as in O’BRIEN; and a quote that is opened and never ends.
    r"|[A-ZÆØÅ](?<!\b[DO])’[A-ZÆØÅ]{2}"
    rf"|(?<![\w‘’])[‘’]{_LETTER}[^‘’\r\n]*(?:[\r\n]|\Z)",
)


def rows(content: bytes) -> Iterator[list[Any]]:
    """The rows of the file. Raises DomainError, also while they are read."""
    return _rows(_decoded(content))


def _rows(decoded: str) -> Iterator[list[Any]]:
    lines = io.StringIO(decoded, newline="")
    first = lines.readline()
    if first.strip().lower().startswith(_NAMES_SEPARATOR) and len(first.strip()) == len(_NAMES_SEPARATOR) + 1:
        separator = first.strip()[-1]
    else:
        lines.seek(0)
        separator = _separator(first)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise DomainError(
            f"Filen kan ikke læses efter linje {reader.line_num}: et anførselstegn mangler eller er for meget.", "file"
        ) from error


def _decoded(content: bytes) -> str:
    """The text, by its mark or else as what Danish programs write. Raises DomainError."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise DomainError(_UNREADABLE, "file") from None
        text = _windows(content)
    if "\x00" in text:
        raise DomainError("Filen er hverken et regneark eller en CSV-fil.", "file")
    return text


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE]
    for place, encoding in _UNMARKED:
        if sample[place].count(0) * _MANY > len(sample):
            return encoding
    return "utf-8"


def _windows(content: bytes) -> str:
    """The text as an older Excel saves it. Raises DomainError, also when it was saved by DOS or an old Mac."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise DomainError(_UNREADABLE, "file") from None
    if _FOREIGN.search(text):
        raise DomainError(_UNREADABLE, "file")
    return text


def _separator(line: str) -> str:
    """The sign that parts the headings; the semicolon of a Danish Excel where none does."""
    return max(_SEPARATORS, key=lambda sign: (line.count(sign), -_SEPARATORS.index(sign)))
