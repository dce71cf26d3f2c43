"""`flask import cases`: in somebody's name, and within what that person sees."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select

from app.audit.models import AuditEvent, Event
from app.cases.imports.models import ImportJob, ImportRow
from app.cases.models import Case
from app.cli import import_files
from app.core import clock
from app.scheduler import run as run_job
from tests.cases.imports.spreadsheets import a_row, as_csv, as_xlsx
from tests.world import World
from wsgi import part_of

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, world: World, tmp_path: Path) -> Run:
    """`run(content, *options)`: the command on a file with that content, in the coordinator's name."""

    def command(content: bytes, *options: str, email: str | None = None) -> Result:
        file = tmp_path / "sager.xlsx"
        file.write_bytes(content)
        name = email or world.nord.koordinator.email
        return app.test_cli_runner().invoke(import_files, ["cases", str(file), "--as", str(name), *options])

    return command


def cases(owner: Engine) -> int:
    with owner.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Case)) or 0


def test_cases_come_in_under_the_webs_role() -> None:
    assert part_of(["import", "cases", "sager.xlsx"]) == "web"


def test_all_rows_become_cases(run: Run, owner: Engine, world: World) -> None:
    before = cases(owner)
    outcome = run(as_xlsx(a_row(1), a_row(2)))
    assert outcome.exit_code == 0, outcome.output
    assert "2 rækker: 2 i orden, 0 ikke i orden." in outcome.output
    assert "2 sager er oprettet." in outcome.output
    assert "100%" in outcome.output
    assert cases(owner) == before + 2
    with owner.connect() as connection:
        found = connection.execute(
            select(AuditEvent.user_id, AuditEvent.details).where(AuditEvent.event == Event.IMPORT_CHECKED.value)
        ).all()
    assert found == [(world.nord.koordinator.id, {"rows": 2, "bad": 0, "way": "kommandolinje"})]


def test_one_bad_row_stops_all_of_them(run: Run, owner: Engine) -> None:
    before = cases(owner)
    outcome = run(as_xlsx(a_row(1), a_row(2, Niveau="9")))
    assert outcome.exit_code == 1
    assert "Række 3: »Niveau« kendes ikke" in outcome.output
    assert "Intet er hentet ind" in outcome.output
    assert "Traceback" not in outcome.output
    assert cases(owner) == before


def test_good_rows_come_and_the_others_are_written_to_a_file(run: Run, owner: Engine, tmp_path: Path) -> None:
    before, failed = cases(owner), tmp_path / "fejl.xlsx"
    outcome = run(as_csv(a_row(1), a_row(2, Niveau="9")), "--good-rows", "--failed", str(failed))
    assert outcome.exit_code == 0, outcome.output
    assert "1 sag er oprettet." in outcome.output
    assert cases(owner) == before + 1
    sheet = openpyxl.load_workbook(io.BytesIO(failed.read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["»Niveau« kendes ikke: »9«. Brug en af disse: 1, 2, 3.", "3"]


def test_a_dry_run_makes_nothing(run: Run, owner: Engine) -> None:
    before = cases(owner)
    outcome = run(as_xlsx(a_row(1), *(a_row(2) for _ in range(30))), "--dry-run")
    assert outcome.exit_code == 0, outcome.output
    assert "31 rækker: 2 i orden, 29 ikke i orden." in outcome.output
    assert "… og 9 til." in outcome.output
    assert cases(owner) == before
    with owner.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(ImportJob)) == 0


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"", (), "Filen er tom."),
        (b"%PDF", (), "Filen er en PDF."),
        (b"x" * (20 * 1024 * 1024 + 1), (), "Filen fylder mere end 20 MB."),
        (as_csv(a_row()), ("--failed", "fejl.txt"), ".xlsx eller .csv"),
    ],
)
def test_a_users_mistake_is_one_plain_line(run: Run, content: bytes, options: tuple[str, ...], told: str) -> None:
    outcome = run(content, *options)
    assert outcome.exit_code == 2
    assert told in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("who", ["mentor", "administrator", "nobody"])
def test_only_case_workers_names_are_taken(run: Run, world: World, who: str) -> None:
    email = "nobody@kommune.example" if who == "nobody" else str(getattr(world.nord, who).email)
    outcome = run(as_xlsx(a_row(1)), email=email)
    assert outcome.exit_code == 2
    assert "Der er ingen åben koordinator eller leder med den mailadresse." in outcome.output


def test_old_files_are_forgotten_by_the_scheduler(run: Run, job_app: Flask, owner: Engine) -> None:
    run(as_xlsx(a_row(1), a_row(2, Niveau="9")), "--good-rows")

    for days, left in ((13, 1), (15, 0)):
        finished = run_job(job_app, "forget-imports", at=clock.now() + timedelta(days=days))
        assert finished.error is None
        with owner.connect() as connection:
            kept = [connection.scalar(select(func.count()).select_from(table)) for table in (ImportJob, ImportRow)]
        assert kept == [left, left]
