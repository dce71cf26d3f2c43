"""Child processes of the runner: started together, watched, stopped together."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from config import ROOT
from local.os_user import LocalError

_CHILD = Path(__file__).with_name("child.py")
_STOP_SECONDS = 15
_SHOWN_LINES = 15


@dataclass(frozen=True)
class Child:
    """One running process and where its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def end(self) -> str | None:
        """How it ended, with the last lines of its log; None while it runs."""
        status = self.process.poll()
        if status is None:
            return None
        how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        return f"The {self.name} {how}; {self.log} ends:\n{_tail(self.log)}"

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self) -> None:
        """Wait for its end; after a while kill it and all that it started."""
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Processes:
    """Python modules run with one environment; a context manager that stops the ones still running."""

    def __init__(self, environment: Mapping[str, str], log_dir: Path) -> None:
        """Remember the settings; children see them and nothing of our own environment."""
        log_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._log_dir = log_dir
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ask all to stop at once, then wait for each."""
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.wait_or_kill()

    def run(self, module: str, *arguments: str) -> None:
        """Run a module to its end, its output on the terminal.

        Raises `LocalError` when it fails.
        """
        run = subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=self._environment, check=False)
        if run.returncode != 0:
            raise LocalError(f"`{module} {' '.join(arguments)}` failed, see above")

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Start a module that runs on, in a session of its own so that Ctrl-C reaches only us."""
        log = self._log_dir / f"{name}.log"
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            process = subprocess.Popen(
                [sys.executable, str(_CHILD), str(os.getpid()), module, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(Child(name, process, log))

    def first_end(self) -> str | None:
        """How the first ended child ended; None while all run."""
        return next((end for child in self._children if (end := child.end)), None)


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in lines[-_SHOWN_LINES:]) or "    (nothing)"
