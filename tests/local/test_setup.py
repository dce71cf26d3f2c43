"""The set-up script on machines that lack something, made of a few programs in a folder."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT

TOOLS = ["cat", "dirname", "env", "grep", "mktemp", "rm", "sh", "sha256sum", "tail"]
GOOD_PYTHON = (
    'case "$*" in *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python;; esac\necho "python $*" >>calls\n'
)


@dataclass
class Machine:
    """A checkout and the programs that the script can find."""

    checkout: Path
    programs: Path

    def add(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def set_up(self, *arguments: str, **environment: str) -> tuple[int, str]:
        run = subprocess.run(
            [str(self.checkout / "local" / "setup.sh"), *arguments],
            env={"PATH": str(self.programs), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout

    @property
    def calls(self) -> str:
        file = self.checkout / "calls"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Debian with Python and Chromium, for an ordinary user without sudo."""
    made = Machine(tmp_path / "checkout", tmp_path / "bin")
    (made.checkout / "local").mkdir(parents=True)
    made.programs.mkdir()
    shutil.copy(ROOT / "local" / "setup.sh", made.checkout / "local")
    (made.checkout / "requirements-dev.txt").write_text("flask==3.1.3\n")
    for tool in [*TOOLS, "cp", "mkdir"]:
        made.programs.joinpath(tool).symlink_to(str(shutil.which(tool)))
    made.add("id", "echo 1000")
    made.add("python3", GOOD_PYTHON)
    made.add("chromium", "")
    made.add("apt-get", 'echo "apt-get $*" >>calls')
    return made


def test_packages_are_installed_once_and_only_as_locked(machine: Machine) -> None:
    assert machine.set_up("browser")[0] == 0
    assert machine.calls.count("-m pip install") == 1
    assert "--require-hashes --only-binary :all: -r requirements-dev.txt" in machine.calls

    assert machine.set_up("browser") == (0, "")
    assert machine.calls.count("-m pip install") == 1


def test_changed_lock_is_installed(machine: Machine) -> None:
    machine.set_up()
    (machine.checkout / "requirements-dev.txt").write_text("flask==3.1.4\n")

    assert machine.set_up()[0] == 0
    assert machine.calls.count("-m pip install") == 2
    assert hashlib.sha256(b"flask==3.1.4\n").hexdigest() in (machine.checkout / ".venv" / "installed").read_text()


def test_failed_installation_is_tried_again(machine: Machine) -> None:
    machine.add("python3", f'{GOOD_PYTHON}case "$*" in *"pip install"*) exit 1;; esac')

    for _ in range(2):
        code, output = machine.set_up()
        assert code == 1
        assert output.endswith("pip could not install requirements-dev.txt: see above\n")


@pytest.mark.parametrize("missing", ["ensurepip", "version_info"])
def test_unfit_python_is_one_line(machine: Machine, missing: str) -> None:
    machine.add("python3", f'case "$*" in *{missing}*) exit 1;; esac')

    code, output = machine.set_up()

    assert code == 1
    assert (
        output
        == {
            "ensurepip": "python3 cannot make a virtual environment: install the package python3-venv"
            " (apt-get install python3-venv) and start again\n",
            "version_info": "python3 is older than 3.11: set PYTHON to a newer one,"
            " as in 'make run PYTHON=python3.12'\n",
        }[missing]
    )
    assert machine.calls == ""


def test_chosen_python_that_is_not_there_is_one_line(machine: Machine) -> None:
    code, output = machine.set_up(PYTHON="python3.99")

    assert (code, output) == (1, "python3.99 is not there: set PYTHON to a Python of at least 3.11\n")


def test_ordinary_user_is_told_what_to_install(machine: Machine) -> None:
    (machine.programs / "chromium").unlink()

    code, output = machine.set_up("browser")

    assert code == 1
    assert output.endswith(
        "The browser journeys need Chromium: install the package chromium (apt-get install chromium) and start again\n"
    )


@pytest.mark.parametrize("browser", ["google-chrome", "chromium-browser"])
def test_another_chrome_will_do(machine: Machine, browser: str) -> None:
    (machine.programs / "chromium").rename(machine.programs / browser)

    assert machine.set_up("browser")[0] == 0


@pytest.mark.parametrize("right", ["root", "sudo"])
def test_what_is_missing_is_installed_where_that_is_allowed(machine: Machine, right: str) -> None:
    (machine.programs / "chromium").unlink()
    machine.add("id", f"echo {0 if right == 'root' else 1000}")
    if right == "sudo":
        machine.add("sudo", '[ "$1" = -n ] && shift; "$@"')
        machine.programs.joinpath("true").symlink_to(str(shutil.which("true")))

    assert machine.set_up("browser")[0] == 0
    assert "apt-get install -y chromium" in machine.calls


def test_lists_are_updated_when_the_package_is_not_found_at_first(machine: Machine) -> None:
    (machine.programs / "chromium").unlink()
    machine.add("id", "echo 0")
    machine.add("apt-get", 'echo "apt-get $*" >>calls; [ "$1" = update ] && : >updated; [ -e updated ]')

    assert machine.set_up("browser")[0] == 0
    assert "install -y chromium\napt-get update\napt-get install -y chromium" in machine.calls


def test_apt_that_fails_is_one_line_with_its_reason(machine: Machine) -> None:
    (machine.programs / "chromium").unlink()
    machine.add("id", "echo 0")
    machine.add("apt-get", 'echo "E: no network"; exit 100')

    code, output = machine.set_up("browser")

    assert code == 1
    assert output.endswith("The browser journeys need Chromium: apt-get could not install chromium: E: no network\n")
