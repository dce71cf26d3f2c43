"""Spreadsheets to import, as people make them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl

HEADINGS = ("CPR-nummer", "Navn", "Niveau", "Henvendelse fra", "Bekymring")
CONCERN = "Ses med en gruppe ældre drenge"

Rows = Sequence[dict[str, Any]]


def cpr_number(number: int) -> str:
    """A CPR number of somebody born in 2010; each number gives another."""
    return f"{1 + number % 28:02}{1 + number // 28 % 12:02}10-{4000 + number // 336:04}"


def a_row(number: int = 1, /, **known: Any) -> dict[str, Any]:
    """A row that can be imported, but for what is given."""
    values = (cpr_number(number), f"Åse Østergård {_letters(number)}", 1, "Skole", CONCERN)
    return dict(zip(HEADINGS, values, strict=True)) | known


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def _table(rows: Rows) -> Iterable[list[Any]]:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    yield headings
    for row in rows:
        yield [row.get(name) for name in headings]


def as_csv(*rows: dict[str, Any], encoding: str = "utf-8-sig", separator: str = ";") -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for cells in _table(rows):
        writer.writerow([f"{cell:%d-%m-%Y}" if isinstance(cell, date) else cell for cell in cells])
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: dict[str, Any], above: Sequence[Sequence[Any]] = (), merged: str | None = None) -> bytes:
    """The rows as a workbook; `above` are the rows over the headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [*above, *(_table(rows) if rows else [])]:
        sheet.append(list(cells))
    if merged:
        sheet.merge_cells(merged)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
