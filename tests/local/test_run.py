"""`make run` for real: everything comes up, stays up alone, says what is in the way, and keeps its data."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest

from config import ROOT
from local.environment import Installation, read_settings
from tests.sockets import SocketGuard

UP_SECONDS = 120


class Run:
    """One `make run` in a folder of its own."""

    def __init__(self, var_dir: Path, port: int) -> None:
        self.port = port
        self.installation = Installation.at(var_dir, port)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.run"],
            cwd=ROOT,
            env={"PATH": os.defpath, "VAR_DIR": str(var_dir), "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def wait_until_up(self) -> None:
        assert self.process.stdout
        until = time.monotonic() + UP_SECONDS
        while "For the flask command" not in self.output:
            line = self.process.stdout.readline()
            self.output += line
            assert line, self.output
            assert time.monotonic() < until, self.output

    def end(self) -> int:
        """Wait for it to end by itself."""
        rest, _ = self.process.communicate(timeout=60)
        self.output += rest
        return self.process.returncode

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def count(self, table: str) -> int:
        with psycopg.connect(read_settings(self.installation.settings_file)["DATABASE_OWNER_URL"]) as connection:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert row is not None
        return int(row[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def var_dir(home: Path) -> Path:
    return home / "var"


@pytest.fixture
def first(var_dir: Path, socket_guard: SocketGuard) -> Iterator[Run]:
    run = Run(var_dir, free_port())
    socket_guard.allow(run.port)
    try:
        run.wait_until_up()
        yield run
    finally:
        if run.process.poll() is None:
            run.interrupt()
        assert not run.installation.cluster.running


def test_from_nothing_to_a_running_installation_and_again(first: Run, var_dir: Path) -> None:
    assert f"http://127.0.0.1:{first.port}" in first.output
    page = HTTPConnection("127.0.0.1", first.port, timeout=10)
    page.request("GET", "/log-ind")
    assert page.getresponse().status == 200
    page.close()
    assert first.count("users") > 0
    assert (var_dir / "demo-logins.txt").read_text().strip() in first.output

    # A second one of the same checkout, and one that wants the same port, stop in one line.
    for other, reason in (
        (Run(var_dir, free_port()), "It is running already from this checkout; stop that one first (Ctrl-C)"),
        (Run(var_dir.parent / "other", first.port), f"Port {first.port}: Address already in use; choose another"),
    ):
        assert other.end() == 1
        assert other.output.startswith(reason)
        assert other.output.count("\n") == 1

    children, users = first.children(), first.count("users")
    assert len(children) >= 4  # gunicorn with two workers, the scheduler
    assert first.interrupt() == 0
    assert "Stopped. The data stays" in first.output
    assert not any(child.is_running() for child in children)

    again = Run(var_dir, first.port)
    again.wait_until_up()
    assert again.count("users") == users
    assert again.interrupt() == 0


def test_child_that_dies_is_named_and_the_others_stop(first: Run) -> None:
    children = first.children()
    scheduler = next(child for child in children if "scheduler" in child.cmdline())

    scheduler.kill()

    assert first.end() == 1
    assert "The scheduler was killed by SIGKILL" in first.output
    assert not any(child.is_running() for child in children)


def test_nothing_serves_on_when_the_runner_is_killed(first: Run, var_dir: Path) -> None:
    children = first.children()

    first.process.kill()

    assert first.end() == -signal.SIGKILL
    psutil.wait_procs(children, timeout=30)
    assert not any(child.is_running() for child in children)

    again = Run(var_dir, first.port)
    again.wait_until_up()
    assert again.interrupt() == 0


def test_forgetting_stops_and_deletes_what_was_made_and_nothing_else(first: Run, var_dir: Path) -> None:
    (var_dir / "mine.txt").write_text("stays")

    def forget() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "local.forget"],
            cwd=ROOT,
            env={"PATH": os.defpath, "VAR_DIR": str(var_dir)},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = forget()
    assert refused.returncode == 1
    assert refused.stderr == "It is running already from this checkout; stop that one first (Ctrl-C)\n"

    first.interrupt()
    assert forget().returncode == 0
    assert [file.name for file in var_dir.iterdir()] == ["mine.txt"]
