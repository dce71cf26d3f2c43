"""The jobs: run, written down, one failing without the others, stopped in the middle, and from the command line."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app import scheduler
from app.core import clock
from app.core.job_runs import Job, JobError, JobRun
from app.extensions import db
from config import ROOT, Config
from tests.databases import Database
from tests.moments import at

NOON = at("2026-03-03 12.00")


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`job(function)`: a job of the test, called "test"."""

    def add(function: Any) -> None:
        monkeypatch.setitem(scheduler.JOBS, "test", Job("test", "Prøver", "aldrig", {}, None, function))

    return add


def runs(owner: Engine) -> list[JobRun]:
    with Session(owner) as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.id)))


def write(name: str) -> None:
    """Leave a trace that only a commit keeps."""
    db.session.execute(
        text("INSERT INTO job_runs (job, started_at, done) VALUES (:name, :at, 0)"), {"name": name, "at": NOON}
    )


def traces(owner: Engine) -> set[str]:
    return {run.job for run in runs(owner)} - {"test"}


def test_a_run_is_written_down(job_app: Flask, owner: Engine, job: Any) -> None:
    def work(*, at: datetime) -> Iterator[int]:
        assert at == NOON
        yield 2
        yield 3

    job(lambda *, at: (count for count in work(at=at)))
    before = clock.now()
    finished = scheduler.run(job_app, "test", at=NOON)
    assert (finished.done, finished.error) == (5, None)
    assert finished.finished_at is not None
    assert before <= finished.started_at <= finished.finished_at <= clock.now()


def test_every_yield_is_a_commit_and_an_error_undoes_only_what_came_after(
    job_app: Flask, owner: Engine, job: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def work(*, at: datetime) -> Generator[int, None, None]:
        write("first")
        yield 1
        write("second")
        raise ZeroDivisionError("Fatima Yıldız")

    job(work)
    finished = scheduler.run(job_app, "test", at=NOON)
    assert traces(owner) == {"first"}
    assert (finished.done, finished.error) == (1, "fejl i programmet: ZeroDivisionError")


def test_what_follows_the_last_yield_is_committed_too(job_app: Flask, owner: Engine, job: Any) -> None:
    def work(*, at: datetime) -> Generator[int, None, None]:
        yield 1
        write("after")

    job(work)
    scheduler.run(job_app, "test", at=NOON)
    assert traces(owner) == {"after"}


def test_a_job_says_why_it_could_not(job_app: Flask, owner: Engine, job: Any) -> None:
    def work(*, at: datetime) -> Generator[int, None, None]:
        yield 0
        raise JobError("postserveren svarer ikke")

    job(work)
    assert scheduler.run(job_app, "test", at=NOON).error == "postserveren svarer ikke"
    assert scheduler.run(job_app, "plan-reminders", at=NOON).error is None


def test_asked_to_stop_it_ends_after_the_thing_at_hand(
    job_app: Flask, owner: Engine, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    def work(*, at: datetime) -> Generator[int, None, None]:
        try:
            for number in range(10):
                write(f"{number}")
                scheduler._stopping.set()
                yield 1
        finally:
            closed.append(True)

    job(work)
    try:
        finished = scheduler.run(job_app, "test", at=NOON)
    finally:
        scheduler._stopping.clear()
    assert (finished.done, finished.error, closed) == (1, None, [True])
    assert traces(owner) == {"0"}


def test_a_database_that_is_away_does_not_end_the_scheduler(
    job_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(scheduler, "_begin", away)
    scheduler._run_quietly(job_app, "plan-reminders")
    assert "could not be run" in caplog.text


@pytest.mark.parametrize("name", scheduler.JOBS)
@pytest.mark.parametrize("night", ["2026-03-28 23.00", "2026-10-24 23.00"])
def test_no_job_is_skipped_or_doubled_when_the_clocks_change(name: str, night: str) -> None:
    trigger = CronTrigger(timezone=UTC, **scheduler.JOBS[name].cron)
    fired: list[datetime] = []
    now = at(night)
    while now < at(night) + timedelta(hours=6):
        following = trigger.get_next_fire_time(fired[-1] if fired else None, now)
        assert following not in fired
        fired.append(following)
        now = following + timedelta(microseconds=1)
    if scheduler.JOBS[name].stale_after is not None:
        assert max(later - earlier for earlier, later in itertools.pairwise(fired)) <= timedelta(minutes=1)


# ---------------------------------------------------------------- the command line


def environment(config: Config) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "DATABASE_JOB_URL": config.database_job_url or "",
        "SECRET_KEY": config.secret_key,
        "KEYRING_FILE": str(config.keyring_file),
        "SMTP_URL": config.smtp_url,
        "MAIL_FROM": config.mail_from,
        "BASE_URL": config.base_url,
        "VAR_DIR": str(config.var_dir),
    }


def flask(config: Config, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=environment(config),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_job_list(job_app: Flask) -> None:
    shown = job_app.test_cli_runner().invoke(args=["job", "list"])
    assert shown.exit_code == 0
    assert all(name in shown.output for name in scheduler.JOBS)


def test_the_flask_command_finds_the_jobs_by_itself(config: Config, database: Database) -> None:
    assert "plan-reminders" in flask(config, "job", "list").stdout
    mistake = flask(config, "job", "run", "plan-remindrs")
    assert mistake.returncode == 2
    assert "Traceback" not in mistake.stderr


def test_job_run_as_if_it_were_another_time(job_app: Flask, owner: Engine) -> None:
    shown = job_app.test_cli_runner().invoke(args=["job", "run", "plan-reminders", "--at", "2026-11-20T08:00"])
    assert (shown.exit_code, shown.output) == (0, "plan-reminders: 0 udført\n")
    assert [run.job for run in runs(owner)] == ["plan-reminders"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["findes-ikke"],
        ["plan-reminders", "--at", "i morgen"],
        ["plan-reminders", "--at", "2026-03-29T02:30"],
        [],
    ],
)
def test_a_mistake_ends_with_one_line(job_app: Flask, arguments: list[str]) -> None:
    shown = job_app.test_cli_runner().invoke(args=["job", "run", *arguments])
    assert shown.exit_code == 2
    assert isinstance(shown.exception, SystemExit)
    assert "Traceback" not in shown.output


def test_a_failing_job_fails_the_command(job_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*, at: datetime) -> Generator[int, None, None]:
        yield 0
        raise JobError("postserveren svarer ikke")

    known = scheduler.JOBS["deliver-mail"]
    monkeypatch.setitem(
        scheduler.JOBS, "deliver-mail", Job(known.name, known.title, known.every, known.cron, None, work)
    )
    shown = job_app.test_cli_runner().invoke(args=["job", "run", "deliver-mail"])
    assert shown.exit_code == 1
    assert "postserveren svarer ikke" in shown.output


def test_the_process_runs_the_jobs_and_ends_cleanly_when_asked(config: Config, owner: Engine) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "scheduler"],
        cwd=ROOT,
        env=environment(config),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_for_a_run(owner)
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "the scheduler ends" in said
    assert "Traceback" not in said
    with owner.connect() as connection:
        assert connection.scalar(select(func.count()).where(JobRun.finished_at.is_(None))) == 0


def _wait_for_a_run(owner: Engine) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if {run.job for run in runs(owner) if run.finished_at} == {"plan-reminders", "deliver-mail"}:
            return
        time.sleep(0.2)
    raise AssertionError("the jobs did not begin at once")
