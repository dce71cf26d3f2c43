"""`make clean`: stop the local database and forget its data, mail and keys."""

import shutil
from pathlib import Path

from config import ROOT, LocalSettings
from local.environment import Installation
from local.postgres import remove, remove_orphans
from local.run import locked


def main() -> None:
    """Forget this checkout's local installation; other folders are left alone."""
    local = LocalSettings.from_env()
    with locked(Installation.at(local.var_dir, local.port)) as installation:
        forget(installation)
    print(f"Forgotten: {installation.var_dir} and {installation.home}")


def forget(installation: Installation) -> None:
    """Stop the servers and delete what the local environment made."""
    if installation.cluster.has_data:
        remove(installation.cluster)
    remove_orphans(installation.home)
    if not any(installation.home.glob("tests-*")):  # tests that are running use the programs
        for folder in installation.home.glob("programs-*"):
            shutil.rmtree(folder)
    _remove_if_empty(installation.home)
    if installation.var_dir == ROOT / "var":
        shutil.rmtree(installation.var_dir)
        return
    # A folder that somebody chose may hold other things.
    for name in ("local.env", "keyring.json", "demo-logins.txt", "run.lock"):
        (installation.var_dir / name).unlink(missing_ok=True)
    for name in ("mail", "log", "static"):
        shutil.rmtree(installation.var_dir / name, ignore_errors=True)
    _remove_if_empty(installation.var_dir)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


if __name__ == "__main__":
    main()
