"""Children are started with their own settings, watched, and stopped together."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from local.os_user import LocalError
from local.processes import Processes

LOOP = "import time\nprint('started')\nwhile True: time.sleep(0.05)\n"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LOOP


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a module that children can be started with; the folder is their working folder."""
    monkeypatch.setattr("local.processes.ROOT", tmp_path)

    def write(source: str) -> str:
        name = f"child{len(list(tmp_path.glob('*.py')))}"
        (tmp_path / f"{name}.py").write_text(source)
        return name

    return write


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def test_all_are_stopped_together(tmp_path: Path, module: Callable[[str], str]) -> None:
    before = descendants()
    with Processes({}, tmp_path / "log") as processes:
        processes.start("web", module(LOOP))
        processes.start("scheduler", module(LOOP))
        assert len(descendants() - before) == 2
        assert processes.first_end() is None

    assert descendants() <= before


def test_deaf_child_is_killed_with_what_it_started(
    tmp_path: Path, module: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.processes._STOP_SECONDS", 0.2)
    grandchild = module(DEAF)
    source = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-m', '{grandchild}'])\n{DEAF}"
    log = tmp_path / "log" / "web.log"
    with Processes({}, tmp_path / "log") as processes:
        processes.start("web", module(source))
        wait_for(lambda: log.read_text().count("started") == 2)
        both = [psutil.Process(pid) for pid in descendants()]

    psutil.wait_procs(both, timeout=5)
    assert not any(process.is_running() for process in both)


def test_ended_child_is_named_with_its_last_words(tmp_path: Path, module: Callable[[str], str]) -> None:
    with Processes({}, tmp_path / "log") as processes:
        processes.start("web", module(LOOP))
        processes.start("scheduler", module("import sys\nsys.exit('no database')"))
        wait_for(processes.first_end)

        end = processes.first_end()
        assert end is not None
        assert end.startswith("The scheduler ended with status 1")
        assert "no database" in end


def test_killed_child_is_named_with_the_signal(tmp_path: Path, module: Callable[[str], str]) -> None:
    with Processes({}, tmp_path / "log") as processes:
        processes.start("web", module("import os\nos.kill(os.getpid(), 9)"))
        wait_for(processes.first_end)

        assert str(processes.first_end()).startswith("The web was killed by SIGKILL")


def test_child_sees_the_settings_and_nothing_of_our_environment(
    tmp_path: Path, module: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PGPASSWORD", "from-outside")
    with Processes({"PORT": "8123"}, tmp_path / "log") as processes:
        processes.run(module("import os\nprint(os.environ['PORT'], os.environ.get('PGPASSWORD'))"))

    assert capfd.readouterr().out == "8123 None\n"


def test_failed_step_stops_in_one_line(tmp_path: Path, module: Callable[[str], str]) -> None:
    name = module("raise SystemExit(2)")
    with Processes({}, tmp_path / "log") as processes, pytest.raises(LocalError, match=f"^`{name} db` failed"):
        processes.run(name, "db")


def test_log_is_private(tmp_path: Path, module: Callable[[str], str]) -> None:
    with Processes({}, tmp_path / "log") as processes:
        processes.start("web", module(LOOP))

        assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "log" / "web.log").stat().st_mode & 0o777 == 0o600
