"""The files that go the other way: the template, and the rows that could not be imported. No cell is a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import xlsxwriter

from app.cases.imports.columns import COLUMNS, NEEDED_WHERE_PRESENT, Column
from app.cases.imports.drafts import Choices
from app.cases.imports.queries import FailedRow

MIME: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
REASON: Final = "Hvorfor rækken ikke kunne hentes ind"
LINE: Final = "Række i filen"
# What spreadsheets take for the beginning of a formula, or for something to run.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_MOST_CHOICES: Final = 500


def template(choices: Choices) -> bytes:
    """A workbook with the headings, one example, and a sheet with what may stand in each column."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Sager")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(COLUMNS):
            # As text, so that the spreadsheet keeps a zero in front and leaves dates as they are typed.
            sheet.set_column(place, place, column.width, text)
            sheet.write_string(0, place, column.heading + (" *" if column.required else ""), head)
            sheet.write_string(1, place, column.example, text)
        _write_choices(book.add_worksheet("Hvad kan der stå"), choices, head, wrapped)
    return content.getvalue()


def _write_choices(sheet: Any, choices: Choices, head: Any, wrapped: Any) -> None:
    """One column for each of the columns: its heading, what may stand in it, and the values where they are given."""
    sheet.freeze_panes(2, 0)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, 30)
        sheet.write_string(0, place, column.heading, head)
        told = column.help + (" Skal udfyldes." if column.required else "")
        sheet.write_string(1, place, told, wrapped)
        for line, value in enumerate(choices.shown.get(column.key, [])[:_MOST_CHOICES], start=2):
            sheet.write_string(line, place, value)


def failed_as_xlsx(rows: Iterable[FailedRow]) -> bytes:
    """The failed rows as a workbook that can be corrected and sent again."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Sager")
        sheet.freeze_panes(1, 0)
        failed = list(rows)
        for place, width in enumerate((60, 12, *(column.width for column in _shown(failed)))):
            sheet.set_column(place, place, width, text)
        for line, cells in enumerate(_failed(failed)):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell, text if line else head)
    return content.getvalue()


def failed_as_csv(rows: Iterable[FailedRow]) -> bytes:
    """The same as CSV: UTF-8 with a mark, semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for cells in _failed(list(rows)):
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _failed(rows: Sequence[FailedRow]) -> Iterator[list[str]]:
    """The headings, and the cells of each row under them."""
    shown = _shown(rows)
    yield [REASON, LINE, *(column.heading for column in shown)]
    for row in rows:
        yield [" ".join(row.reasons), str(row.line), *(row.cells.get(column.key, "") for column in shown)]


def _shown(rows: Sequence[FailedRow]) -> list[Column]:
    """The columns; one that would demand an answer of each row only when the file that was sent had it."""
    there = {key for row in rows for key in row.cells}
    return [column for column in COLUMNS if column.key in there or column.key not in NEEDED_WHERE_PRESENT]


def _harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


FAILED: Final[dict[str, Callable[[Iterable[FailedRow]], bytes]]] = {"csv": failed_as_csv, "xlsx": failed_as_xlsx}
