import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, select

from app.audit.models import AuditEvent, Event
from app.cli import figures

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(figures, arguments)


def test_internal_figures_are_printed(run: Run) -> None:
    outcome = run("2017H2", "--as-of", "2017-11-30", "--internal")
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["as_of"] == "2017-11-30"


def test_taking_figures_is_recorded(run: Run, owner: Engine) -> None:
    run("2017H2", "--internal")
    with owner.connect() as connection:
        found = connection.execute(
            select(AuditEvent.system, AuditEvent.details).where(AuditEvent.event == Event.FIGURES_EXPORTED.value)
        ).all()
    assert found == [("kommandolinje", {"period": "2017H2", "as_of": "2017-12-31", "format": "json"})]


def test_figures_that_are_not_given_are_not_recorded(run: Run, owner: Engine) -> None:
    run("2017", "--internal")
    with owner.connect() as connection:
        assert connection.scalars(select(AuditEvent.id)).all() == []


def test_public_figures_are_refused_until_small_numbers_are_hidden(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "tal.json"
    outcome = run("2017H2", "--public", "--out", str(out))
    assert outcome.exit_code == 2
    assert "skjule små tal" in outcome.output
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [("2017H2",), ("2099H1", "--internal"), ("2017", "--internal"), ("2017H2", "--internal", "--as-of", "2016-01-01")],
)
def test_a_users_mistake_is_one_plain_line(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output


def test_a_file_is_written_whole(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "tal.xlsx"
    outcome = run("2017H2", "--internal", "--format", "xlsx", "--out", str(out))
    assert outcome.exit_code == 0, outcome.output
    assert out.read_bytes().startswith(b"PK")
