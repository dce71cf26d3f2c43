"""XLSX, read row by row, and never unfolded beyond a bound."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from app.core.errors import DomainError

logger = logging.getLogger(__name__)

_MEGABYTE: Final = 1024 * 1024
MOST_UNFOLDED: Final = 80 * _MEGABYTE
MOST_PARTS: Final = 2000
_PIECE: Final = 256 * 1024
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{2,30})"')
_OVERLAP: Final = 100
_BROKEN: Final = "Filen kan ikke læses som et regneark. Åbn den i Excel, og gem den igen som .xlsx."


def rows(content: bytes) -> Iterator[list[Any]]:
    """The rows of the first sheet that is shown. Raises DomainError, also while they are read."""
    _require_small(content)
    try:
        yield from _rows(content)
    except DomainError:
        raise
    except Exception as error:
        # A damaged or hostile file makes the library raise anything.
        logger.info("a workbook could not be read: %s", type(error).__name__)
        raise DomainError(_BROKEN, "file") from error


def _require_small(content: bytes) -> None:
    """Refuse what is no workbook, or would unfold into too much. The library reads no more than the sizes told here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DomainError(_BROKEN, "file") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
        raise DomainError(
            f"Regnearket fylder mere end {MOST_UNFOLDED // _MEGABYTE} MB, når det pakkes ud. "
            "Slet ark, billeder og tomme rækker, der ikke skal bruges, eller del det i flere.",
            "file",
        )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        known = "content.xml" in names
        raise DomainError(
            "Filen er et OpenDocument-regneark. Gem den som .xlsx." if known else _BROKEN,
            "file",
        )


def _rows(content: bytes) -> Iterator[list[Any]]:
    # Imported here: the pages that read no spreadsheet do not carry the library.
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise DomainError("Regnearket har ingen ark med rækker.", "file")
        sheet: Any = shown[0]
        _require_no_merged_cells(content, sheet._worksheet_path)  # noqa: SLF001 - read-only sheets tell it nowhere else
        # What the file says about its own size is often wrong, and then rows would be padded or cut.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield list(row)
    finally:
        book.close()


def _require_no_merged_cells(content: bytes, path: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as sheet:
        before = b""
        while piece := sheet.read(_PIECE):
            found = _MERGED.search(before + piece)
            if found is not None:
                raise DomainError(
                    f"Arket har flettede celler ({found[1].decode()}). Ophæv fletningen, så hver celle hører til én "
                    "række og én kolonne, og prøv igen.",
                    "file",
                )
            before = piece[-_OVERLAP:]
