"""The figures as files: JSON for machines, CSV that a Danish Excel opens right, XLSX with typed cells."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import xlsxwriter

from app.core.danish import format_date
from app.statistics import definitions
from app.statistics.services import Figures

Value = int | float | None
FORMATS = ("json", "csv", "xlsx")
INTERNAL = "Internt: små tal er ikke skjult og må ikke offentliggøres."


def as_mapping(figures: Figures) -> dict[str, Any]:
    """The figures under their keys; niveauer are text, as JSON has no other keys."""
    by_niveau = {
        definition.key: {str(niveau): count for niveau, count in getattr(figures, definition.key).items()}
        for definition in definitions.BY_NIVEAU
    }
    return {
        "period": str(figures.period),
        "as_of": figures.as_of.isoformat(),
        **by_niveau,
        **asdict(figures.custody),
        "netvaerkssamraad": asdict(figures.netvaerkssamraad),
    }


def rows(figures: Figures) -> Iterator[tuple[definitions.Definition, str, Value]]:
    """Every single number: its definition, which niveau if any, and the value; None where there is nothing to count."""
    for definition in definitions.BY_NIVEAU:
        for niveau, count in getattr(figures, definition.key).items():
            yield definition, f"Niveau {niveau}", count
    for definition in definitions.CUSTODY:
        yield definition, "", getattr(figures.custody, definition.key)
    for definition in definitions.NETVAERKSSAMRAAD:
        yield definition, "", getattr(figures.netvaerkssamraad, definition.key)


def to_json(figures: Figures) -> bytes:
    """The figures as JSON."""
    return (json.dumps(as_mapping(figures), ensure_ascii=False, indent=2) + "\n").encode()


def to_csv(figures: Figures) -> bytes:
    """The figures as CSV: UTF-8 with a mark, semicolons, decimal comma. No cell can be taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Tal", "Niveau", "Værdi", "Hvad er talt"])
    for definition, niveau, value in rows(figures):
        writer.writerow([definition.title, niveau, _danish(value), definition.counted])
    writer.writerow([])
    writer.writerow(["Periode", "", figures.period.label, ""])
    writer.writerow(["Opgjort pr.", "", format_date(figures.as_of), INTERNAL])
    return text.getvalue().encode("utf-8-sig")


def _danish(value: Value) -> str:
    return "" if value is None else f"{value:g}".replace(".", ",")


def to_xlsx(figures: Figures) -> bytes:
    """The figures as a workbook: numbers as numbers, and a sheet that says what was counted."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Tal")
        sheet.set_column(0, 0, 34)
        sheet.write_string(0, 0, f"{figures.period.label}, opgjort pr. {format_date(figures.as_of)}", head)
        sheet.write_string(1, 0, INTERNAL)
        sheet.write_row(3, 0, ["Tal", "Niveau", "Værdi"], head)
        for line, (definition, niveau, value) in enumerate(rows(figures), start=4):
            sheet.write_string(line, 0, definition.title)
            sheet.write_string(line, 1, niveau)
            if value is not None:
                sheet.write_number(line, 2, value)
        meaning = book.add_worksheet("Definitioner")
        meaning.set_column(0, 0, 34)
        meaning.set_column(1, 1, 100)
        meaning.write_row(0, 0, ["Tal", "Hvad er talt"], head)
        for line, definition in enumerate(definitions.ALL, start=1):
            meaning.write_string(line, 0, definition.title, wrapped)
            meaning.write_string(line, 1, definition.counted, wrapped)
    return content.getvalue()


WRITERS: dict[str, Callable[[Figures], bytes]] = {"json": to_json, "csv": to_csv, "xlsx": to_xlsx}
MIME = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(figures: Figures, kind: str) -> str:
    """A neutral file name."""
    return f"halvaarstal-{figures.period}-{figures.as_of.isoformat()}.{kind}"
