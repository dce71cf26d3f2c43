"""The import of a spreadsheet as its command runs it: in a process of its own, from its start to its end."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg
import xlsxwriter

from config import ROOT
from tests.bench.installation import Site, environment

ROWS = 10_000
SECONDS_HOLD = 60.0
MEGABYTES_HOLD = 300.0
_HEADINGS = (
    "CPR-nummer", "Navn", "Køn", "Navne- og adressebeskyttelse", "Niveau", "Henvendelse fra", "Bekymring", "Temaer",
    "Hvorfor forebyggelsesegnet", "Ansvarlig", "Oprettet",
)  # fmt: skip
_CONCERN = "Er set med en gruppe ældre drenge om aftenen, og skolen fortæller om fravær siden efterårsferien. "
_MONTHS, _DAYS = 12, 28


@dataclass(frozen=True)
class ImportTimes:
    """One import. megabytes: the most that its process held."""

    rows: int
    seconds: float
    megabytes: float


def measure_import(site: Site, rows: int = ROWS) -> ImportTimes:
    """Import so many rows in the name of a coordinator. Raises RuntimeError when not all of them became cases."""
    file = site.config.var_dir / "import.xlsx"
    write_rows(file, rows)
    before = _cases(site)
    command = (sys.executable, "-m", "flask", "import", "cases", str(file), "--as", site.email("koordinator"))
    begun = perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment(site.config)) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    taken = perf_counter() - begun
    if process.returncode or _cases(site) - before != rows:
        raise RuntimeError(f"of {rows} rows {_cases(site) - before} became cases")
    return ImportTimes(rows, taken, used.ru_maxrss / 1024)


def write_rows(file: Path, rows: int) -> None:
    """A workbook with so many people who are nobody: born in 1915, when the demo unit's are younger."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sager")
        sheet.write_row(0, 0, _HEADINGS)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _row(number))


def _row(number: int) -> tuple[str, ...]:
    serial, month, day = number // (_MONTHS * _DAYS), number // _DAYS % _MONTHS, number % _DAYS
    return (
        f"{day + 1:02}{month + 1:02}15-{serial + 1000:04}",
        f"Aksel Ørsted {'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]} Kjær",
        "Mand" if number % 2 else "Kvinde",
        "Nej",
        str(1 + number % 2),
        "Skole",
        _CONCERN * 3,
        "Fravær fra skole eller job; Vold eller trusler",
        "Familien ønsker hjælp, og han vil gerne i klub.",
        "",
        f"{1 + number % 28:02}-{1 + number % 9:02}-2026",
    )


def _cases(site: Site) -> int:
    with psycopg.connect(site.owner_url) as connection:
        found = connection.execute("SELECT count(*) FROM cases").fetchone()
    return int(found[0]) if found else 0
