"""Files as people send them: what can be read is read, and all else gets one plain sentence."""

import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.imports import reading, sheets
from app.cases.imports.reading import workbook
from app.core.errors import DomainError
from tests.cases.imports.spreadsheets import HEADINGS, a_row, as_csv, as_xlsx


def refusal(content: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        sheets.read(content)
    assert refused.value.field == "file"
    return refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_every_usual_encoding(encoding: str, separator: str) -> None:
    sheet = sheets.read(as_csv(a_row(Navn="Åse Ærø"), a_row(Navn="Bo"), encoding=encoding, separator=separator))

    assert [row.cells["name"] for row in sheet.rows] == ["Åse Ærø", "Bo"]
    assert [row.line for row in sheet.rows] == [2, 3]


def test_the_line_that_names_the_separator_is_no_row() -> None:
    content = b"sep=|\r\n" + as_csv(a_row(), encoding="cp1252", separator="|")
    assert len(sheets.read(content).rows) == 1


def test_letters_that_were_lost_before_are_told() -> None:
    garbled = as_csv(a_row(Navn="Ã…se SÃ¸rensen"), a_row(Navn="S\ufffdren"))

    first, second = sheets.read(garbled).rows

    assert "forkerte tegn i stedet for æ, ø og å" in first.reasons[0]
    assert "tegn, der er gået tabt" in second.reasons[0]


@pytest.mark.parametrize("encoding", ["cp850", "cp865", "mac_roman"])
@pytest.mark.parametrize(
    "name", ["Søren Kjær på ø", "Ida Skjærbæk", "Bo Søe", "Per Åse", "Åge Ø", "åge", "LÆRKE", "Ægir", "ærlig", "Ærø"]
)
def test_the_letters_of_dos_and_old_macs_are_refused(encoding: str, name: str) -> None:
    content = as_csv(a_row(Navn=name, Bekymring="Skolen ringer"), encoding=encoding)
    assert refusal(content) == "Filens tegn kan ikke læses. Gem den som CSV UTF-8, og prøv igen."


@pytest.mark.parametrize(
    "words",
    [
        "Søren Kjær på ø",
        "Sean O’Brien og SEAN O’BRIEN",
        "Bo’s ’gode ven’ fra ’90’erne",
        "Sagde ‘nej’ og “måske”, »ja«",
        "Får Ritalin® 1¾ tablet – ½ om aftenen…",
        "André Müller, Šejla Žižek, Zoë Tošik",
        "Betalte 20 € for §-hæftet",
    ],
)
def test_the_signs_of_windows_are_read(words: str) -> None:
    [row] = sheets.read(as_csv(a_row(Bekymring=words), encoding="cp1252")).rows
    assert row.cells["concern"] == words


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Filen er tom."),
        (b"  \r\n ", "Filen er tom."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "beskyttet med adgangskode"),
        (b"%PDF-1.7 rest", "Filen er en PDF."),
        (b"PK\x03\x04 no archive", "Filen kan ikke læses som et regneark."),
        (b"PK\x05\x06" + b"\x00" * 18, "Filen kan ikke læses som et regneark."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Filen"),
        (b"Navn\x81\x8d;Niveau", "Filens tegn kan ikke læses."),
        (b"\xff\xfeN", "Filens tegn kan ikke læses."),
        (b"a;b\r\n1;2\r\n", "Overskrifterne blev ikke fundet."),
        (as_xlsx(), "Arket er tomt."),
        (as_xlsx(above=[HEADINGS]), "Der er ingen rækker under overskrifterne."),
        (b"\r\n".join([b"x"] * 30), "Overskrifterne blev ikke fundet."),
    ],
)
def test_what_is_no_list_of_cases_gets_a_plain_answer(content: bytes, told: str) -> None:
    assert told in refusal(content)


def test_an_open_quote_is_told_with_its_line() -> None:
    content = as_csv(a_row(1), encoding="cp1252") + b'"020210-4000;Bo\r\n'
    assert refusal(content).startswith("Filen kan ikke læses efter linje")


def test_an_opendocument_sheet_is_named() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert refusal(content.getvalue()) == "Filen er et OpenDocument-regneark. Gem den som .xlsx."


def test_a_file_over_the_bound_is_not_even_looked_at() -> None:
    assert refusal(b"PK\x03\x04" + bytes(reading.MOST_BYTES)) == reading.TOO_LARGE


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    content = io.BytesIO(as_xlsx(a_row()))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as bomb:
        for _ in range(workbook.MOST_UNFOLDED // 2**20 + 1):
            bomb.write(b" " * 2**20)
    tracemalloc.start()

    told = refusal(content.getvalue())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "når det pakkes ud" in told
    assert most < 2 * 2**20


def test_an_entity_bomb_is_refused() -> None:
    source = io.BytesIO(as_xlsx(a_row()))
    bomb = io.BytesIO()
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(bomb, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = entities + text
            new.writestr(part, text)
    assert "kan ikke læses som et regneark" in refusal(bomb.getvalue())


def test_merged_cells_are_told_with_their_place() -> None:
    assert "flettede celler (B2:B3)" in refusal(as_xlsx(a_row(1), a_row(2), merged="B2:B3"))


def test_headings_are_found_whatever_their_order_and_spelling() -> None:
    row = {
        "bekymring": "Skolen ringer",
        "NIVEAU": 2,
        "henvendelse  fra:": "Skole",
        "cprnr.": "010190-1239",
        "navn *": "Bo",
    }
    sheet = sheets.read(as_xlsx(row, above=[["Sager i foråret"], []]))

    assert sheet.rows[0].cells == {
        "concern": "Skolen ringer", "niveau": "2", "referrer": "Skole", "cpr": "010190-1239", "name": "Bo",
    }  # fmt: skip
    assert sheet.rows[0].line == 4
    assert sheet.notices == ["Overskrifterne står i række 3; rækkerne over dem er ikke læst."]


def test_headings_that_mean_nothing_are_told() -> None:
    [notice] = sheets.read(as_xlsx(a_row(Telefon="12345678", Skostørrelse=43))).notices
    assert notice == "Disse kolonner kendes ikke og er ikke læst: »Telefon« og »Skostørrelse«."


def test_a_missing_heading_is_named() -> None:
    row = a_row()
    del row["Niveau"], row["Bekymring"]
    assert refusal(as_xlsx(row)) == "Kolonnerne »Niveau« og »Bekymring« mangler."


def test_two_headings_for_one_thing_are_refused() -> None:
    assert refusal(as_xlsx(a_row(CPR="010190-1239"))) == (
        "Kolonnerne »CPR-nummer« og »CPR« betyder det samme. Slet den ene."
    )


def test_two_rows_of_headings_are_refused() -> None:
    twice = as_xlsx(a_row(**dict(zip(HEADINGS, HEADINGS, strict=True))), a_row())
    assert refusal(twice) == "Række 1 og 2 er begge overskrifter. Behold én række med overskrifter."


def test_cells_become_text() -> None:
    row = a_row(
        **{"CPR-nummer": 101901239, "Niveau": 2.0, "Oprettet": datetime(2026, 3, 4), "Fødselsdato": 40000},  # noqa: DTZ001 - as a cell holds it
    )
    [read] = sheets.read(as_xlsx(row)).rows
    assert (read.cells["cpr"], read.cells["niveau"]) == ("0101901239", "2")
    assert (read.cells["opened"], read.cells["birth"]) == ("04-03-2026", "06-07-2009")


@pytest.mark.parametrize("cell", ["=A1", "=SUM(A1:A2)", " =1+1", "#REF!", "#N/A"])
def test_formulas_and_their_errors_speak_against_the_row(cell: str) -> None:
    [row] = sheets.read(as_xlsx(a_row(Bekymring=cell))).rows
    assert len(row.reasons) == 1
    assert "formel" in row.reasons[0] or "fejl i regnearket" in row.reasons[0]


def test_empty_rows_are_passed_over_and_too_many_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADINGS))
    sheet.cell(40, 1).value = "010190-1239"
    content = io.BytesIO()
    book.save(content)
    assert [row.line for row in sheets.read(content.getvalue()).rows] == [40]

    many = ";".join(HEADINGS) + "\r\n" + "010190-1239;Bo;1;Skole;x\r\n" * (sheets.MOST_ROWS + 1)
    assert refusal(many.encode()) == "Der er mere end 20.000 rækker. Del filen i flere."
    blank = ";".join(HEADINGS) + "\r\n" + ";;;;\r\n" * sheets.MOST_LINES
    assert "tomme talt med" in refusal(blank.encode())


@given(st.binary(max_size=300))
def test_no_bytes_make_a_fault(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"CPR-nummer;Navn;Niveau;Henvendelse fra;Bekymring\n"):
        with suppress(DomainError):
            sheets.read(start + content)


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=20), st.integers(), st.dates(date(1900, 3, 1))), max_size=6),
        max_size=6,
    )
)
def test_no_cells_make_a_fault(cells: list[list[Any]]) -> None:
    content = as_csv(*(dict(zip(HEADINGS, row, strict=False)) | a_row() for row in cells), a_row(), encoding="utf-8")
    with suppress(DomainError):
        sheets.read(content)
