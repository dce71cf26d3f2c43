import csv
import io
import json
from dataclasses import replace
from datetime import date

from openpyxl import load_workbook

from app.statistics import definitions, export
from app.statistics.custody import CustodyFigures
from app.statistics.periods import Period
from app.statistics.queries import SummonsFigures
from app.statistics.services import Figures

FIGURES = Figures(
    period=Period(2017, 2),
    as_of=date(2017, 11, 30),
    cases_opened_year={1: 120, 2: 36, 3: 3},
    cases_opened_half_year={1: 50, 2: 10, 3: 0},
    cases_active={1: 70, 2: 30, 3: 2},
    netvaerkssamraad=SummonsFigures(5, 3, 1, 1, 0, 0, 4.5),
    custody=CustodyFigures(21, 3),
)


def test_json_holds_every_figure_under_its_key() -> None:
    content = json.loads(export.to_json(FIGURES))
    assert content["period"] == "2017H2"
    assert content["as_of"] == "2017-11-30"
    assert content["cases_opened_year"] == {"1": 120, "2": 36, "3": 3}
    assert (content["level2_served_or_serving"], content["remand_under_18"]) == (21, 3)
    assert content["netvaerkssamraad"]["median_days"] == 4.5
    assert {*content, *content["netvaerkssamraad"]} >= {definition.key for definition in definitions.ALL}


def test_csv_opens_right_in_a_danish_spreadsheet() -> None:
    content = export.to_csv(FIGURES)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert lines[1][:3] == ["Sager oprettet i året", "Niveau 1", "120"]
    assert [line[2] for line in lines if line[:1] == ["Varetægt, under 18 år"]] == ["3"]
    assert "4,5" in [line[2] for line in lines if len(line) > 2]
    assert not [cell for line in lines for cell in line if cell[:1] in "=+-@\t" and cell]
    assert any("30-11-2017" in line for line in lines)


def test_the_workbook_has_numbers_as_numbers_and_says_what_they_count() -> None:
    book = load_workbook(io.BytesIO(export.to_xlsx(FIGURES)))
    rows = list(book["Tal"].iter_rows(min_row=5, values_only=True))
    assert rows[0] == ("Sager oprettet i året", "Niveau 1", 120)
    assert rows[-1][2] == 4.5
    assert {row[0] for row in book["Definitioner"].iter_rows(min_row=2, values_only=True)} == {
        definition.title for definition in definitions.ALL
    }


def test_nothing_to_count_is_an_empty_cell_not_a_zero() -> None:
    nothing = replace(FIGURES, netvaerkssamraad=SummonsFigures(0, 0, 0, 0, 0, 0, None))
    last = list(load_workbook(io.BytesIO(export.to_xlsx(nothing)))["Tal"].iter_rows(values_only=True))[-1]
    assert last[2] is None
    assert json.loads(export.to_json(nothing))["netvaerkssamraad"]["median_days"] is None


def test_the_file_name_says_period_and_day() -> None:
    assert export.file_name(FIGURES, "xlsx") == "halvaarstal-2017H2-2017-11-30.xlsx"
