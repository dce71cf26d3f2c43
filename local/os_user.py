"""The user that PostgreSQL runs as: ourselves, or, because it refuses to run as root, a system user of its own."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "enkeltsag"
_SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class LocalError(SystemExit):
    """The local environment cannot start; uncaught it ends the process with this one line."""


@dataclass(frozen=True)
class OsUser:
    """A user and group, and whether they are other than this process's own."""

    uid: int
    gid: int
    other: bool

    @property
    def process_options(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start the program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def make_folder(self, path: Path) -> None:
        """Make one folder that only this user (and root) can enter; an existing one must be just that.

        Raises `LocalError` when somebody else's folder, or a link, is in its place.
        """
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            self._verify(path)
            return
        if self.other:
            os.chown(path, self.uid, self.gid)

    def _verify(self, path: Path) -> None:
        found = path.lstat()
        if not path.is_dir() or path.is_symlink() or found.st_uid != self.uid or found.st_mode & 0o077:
            raise LocalError(f"{path}: expected a folder of user {self.uid} alone (mode 0700); move it away")

    def write_file(self, path: Path, content: str) -> None:
        """Write a file that only this user (and root) can read."""
        write_private(path, content)
        if self.other:
            os.chown(path, self.uid, self.gid)

    def require_way_to(self, folder: Path) -> None:
        """Raise `LocalError` when the other user cannot enter a folder above; nobody's permissions are ever widened."""
        if not self.other:
            return
        for parent in folder.resolve().parents:
            found = parent.stat()
            bit = 0o100 if found.st_uid == self.uid else 0o010 if found.st_gid == self.gid else 0o001
            if not found.st_mode & bit:
                raise LocalError(f"{parent}: user {NAME}, as whom PostgreSQL runs, cannot enter; set VAR_DIR elsewhere")


def write_private(path: Path, content: str) -> None:
    """Write a file that only we can read; never through a link that somebody put in its place."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(content)


def database_os_user() -> OsUser:
    """Return the user that PostgreSQL runs as; as root, create the system user first.

    Raises `LocalError` when it does not exist and cannot be made.
    """
    if os.geteuid() != 0:
        return OsUser(os.geteuid(), os.getegid(), other=False)
    entry = _entry() or _created()
    return OsUser(entry.pw_uid, entry.pw_gid, other=True)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _created() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=_SYSTEM_PATH)
    if useradd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = [useradd, *options, "--shell", "/usr/sbin/nologin", NAME]
        # A parallel start may have been first; what counts is whether the user is there afterwards.
        subprocess.run(command, capture_output=True, check=False)
    entry = _entry()
    if entry is None:
        raise LocalError(f"PostgreSQL refuses to run as root: first do `adduser --system --group {NAME}`")
    return entry
