"""Reading spreadsheets that somebody sent: rows of cells, or one plain sentence about why not."""

from collections.abc import Iterator
from datetime import date, time
from typing import Final

from app.cases.imports.reading import text, workbook
from app.core.errors import DomainError

Cell = str | int | float | bool | date | time | None
"""A datetime is a date as well."""

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MEGABYTE
TOO_LARGE: Final = f"Filen fylder mere end {MOST_BYTES // MEGABYTE} MB. Del den i flere."

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF"


def rows(content: bytes) -> Iterator[list[Cell]]:
    """The rows of the first sheet of a workbook, or of a CSV file, from the top; one by one.

    What the file is, its first bytes tell and not its name.
    Raises DomainError, also while the rows are read, with what is wrong and what to do.
    """
    if not content.strip():
        raise DomainError("Filen er tom.", "file")
    if len(content) > MOST_BYTES:
        raise DomainError(TOO_LARGE, "file")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return workbook.rows(content)
    if content.startswith(_OLD_OFFICE):
        raise DomainError(
            "Filen er i det gamle Excel-format, eller den er beskyttet med adgangskode. "
            "Gem den som .xlsx uden adgangskode.",
            "file",
        )
    if content.startswith(_PDF):
        raise DomainError("Filen er en PDF. Gem regnearket som .xlsx eller .csv.", "file")
    return text.rows(content)
