"""Cases out of a spreadsheet, in a real browser: the template, the dry run, the run, and the rows that failed."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.system.chromium import PHONE, Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import CaseList, SignIn, Somewhere

pytestmark = pytest.mark.browser

CONCERN = "Er holdt op med at komme i klubben."
# So many that the bar is asked several times before they are made.
MANY = 6000
LARGEST = 20 * 1024 * 1024
TELL = """() => {
    const bar = document.querySelector("progress");
    setInterval(() => bar.checkVisibility() && console.info("bar " + bar.value), 50);
}"""


class Import(Somewhere):
    """The pages of an import."""

    def when_sending(self, file: Path, *, status: int = 200) -> "Import":
        """Choose a file and have it checked."""
        self.field("Regneark").set_input_files(file)
        self.visitor.presses("Tjek filen", status=status)
        return self

    def when_running(self) -> "Import":
        """Make cases of the rows."""
        self.visitor.presses("Hent sagerne ind")
        return self

    def when_downloading(self, link: str) -> bytes:
        """What the link gives."""
        with self.page.expect_download() as download:
            self.main.get_by_role("link", name=link, exact=True).click()
        return Path(download.value.path()).read_bytes()


def filled(template: bytes, folder: Path, *people: tuple[str, str, str]) -> Path:
    """The template with people in it: CPR number, name and niveau."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    places = {str(cell.value).removesuffix(" *"): cell.column or 0 for cell in sheet[1]}
    for line, (cpr, name, niveau) in enumerate(people, start=2):
        known = {"CPR-nummer": cpr, "Navn": name, "Niveau": niveau, "Henvendelse fra": "Klub eller fritidstilbud"}
        known |= {"Hvorfor forebyggelsesegnet": "Familien vil gerne have hjælp"}
        for heading, text in (known | {"Bekymring": CONCERN, "Oprettet": "3/3 2026"}).items():
            sheet.cell(line, places[heading]).value = text
    file = folder / "sager.xlsx"
    book.save(file)
    return file


def at_the_import(place: Installation, visitor: Visitor) -> Import:
    """Signed in, from the list of cases."""
    SignIn(visitor).given_signed_in("koordinator", place.password, towards="/sager")
    visitor.follows("Hent ind fra regneark")
    return Import(visitor)


def carry_out(place: Installation, visitor: Visitor, folder: Path, *, born: str, name: str) -> None:
    """From the template to the cases, with a bad row on the way."""
    page = at_the_import(place, visitor)
    template = page.when_downloading("Hent skabelonen")
    people = [(f"{born}-400{number}", f"{name} {letter}", "2") for number, letter in enumerate("ABC")]
    bad = (f"{born}-4009", f"{name} D", "9")

    page.when_sending(filled(template, folder, *people, bad))
    page.then_it_says("Filen er tjekket", "»Niveau« kendes ikke: »9«. Brug en af disse: 1, 2, 3.")
    failed = page.when_downloading("som CSV").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(failed), delimiter=";")
    assert (row["Navn"], row["Række i filen"]) == (bad[1], "5")

    page.when_running().then_it_says("Hentet ind", "3 sager er oprettet.")
    visitor.follows("Se sagerne")
    cases = CaseList(visitor).when_searching(name)
    assert len(cases.numbers()) == 3
    cases.when_opening(min(cases.numbers())).then_it_says(f"{name} A", CONCERN, "03-03-2026", "Niveau 2")


def test_coordinator_fetches_cases_in(demo_unit: Installation, visit: Visit, tmp_path: Path) -> None:
    carry_out(demo_unit, visit(), tmp_path, born="610312", name="Hjalmar Højgaard")


def test_the_same_without_scripts(demo_unit: Installation, visit: Visit, tmp_path: Path) -> None:
    carry_out(demo_unit, visit(scripts=False), tmp_path, born="620312", name="Rosa Højgaard")


def test_the_same_on_a_phone(demo_unit: Installation, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(PHONE)
    carry_out(demo_unit, visitor, tmp_path, born="630312", name="Viggo Højgaard")
    visitor.goes_to("/sager/hent-ind")
    assert visitor.overflow() == 0


def test_a_bar_moves_while_many_are_fetched_in(demo_unit: Installation, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "mange.csv"
    lines = [
        f"{number % 28 + 1:02}{number // 28 % 12 + 1:02}20-{4000 + number // 336:04};Aksel Mange;1;Skole;{CONCERN}"
        for number in range(MANY)
    ]
    file.write_text("\r\n".join(["CPR-nummer;Navn;Niveau;Henvendelse fra;Bekymring", *lines]), encoding="cp1252")
    visitor = visit()
    page = at_the_import(demo_unit, visitor).when_sending(file)
    bar = page.main.get_by_role("progressbar")
    expect(bar).to_be_hidden()

    # The browser answers no questions while it waits for the next page, so the page itself tells.
    told: list[str] = []
    visitor.page.on("console", lambda message: told.append(message.text))
    visitor.page.evaluate(TELL)
    page.when_running()

    done = [int(text.removeprefix("bar ")) for text in told if text.startswith("bar ")]
    assert done == sorted(done)
    assert done[-1] > 0
    page.then_it_says(f"{MANY} sager er oprettet.")


def test_what_is_no_spreadsheet_gets_an_answer(demo_unit: Installation, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "notat.pdf"
    file.write_bytes(b"%PDF-1.7")
    page = at_the_import(demo_unit, visit())

    page.when_sending(file, status=422).then_errors_are_listed("Filen er en PDF. Gem regnearket som .xlsx eller .csv.")

    file.write_bytes(b"x" * (LARGEST + 1))
    page.field("Regneark").set_input_files(file)
    page.main.get_by_role("button", name="Tjek filen").click()
    told = page.field("Regneark").evaluate("input => input.validationMessage")
    assert re.match("Filen fylder mere end 20 MB", told)


def test_a_file_that_is_too_large_gets_an_answer_without_scripts(
    demo_unit: Installation, visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "stor.csv"
    file.write_bytes(b"x" * (LARGEST + 100_000))
    page = at_the_import(demo_unit, visit(scripts=False))

    page.when_sending(file, status=413).then_it_says("Det fylder for meget")
