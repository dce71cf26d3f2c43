"""The settings of the local installation: made once, private, and readable by shell and app alike."""

import subprocess
from pathlib import Path

import pytest

from config import Config
from local.environment import Installation, passwords
from local.os_user import LocalError, database_os_user

SINK = "smtp://127.0.0.1:1025"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation.at(tmp_path / "med mellemrum", 8001)


def test_settings_satisfy_every_part(installation: Installation) -> None:
    config = Config.from_env("tests", installation.settings(SINK))

    assert config.port == 8001
    assert config.base_url == "http://127.0.0.1:8001"
    assert config.var_dir == installation.var_dir


def test_secrets_stay_while_port_and_mail_server_change(installation: Installation) -> None:
    first = installation.settings(SINK)
    keys = installation.keyring_file.read_bytes()

    moved = Installation.at(installation.var_dir, 8002)
    second = moved.settings("smtp://127.0.0.1:9")

    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"SMTP_URL", "BASE_URL", "PORT"}
    assert installation.keyring_file.read_bytes() == keys


def test_each_role_has_a_password_of_its_own(installation: Installation) -> None:
    made = passwords(installation.settings(SINK))

    assert set(made) == {"enkeltsag_owner", "enkeltsag_app", "enkeltsag_job", "enkeltsag_stat"}
    assert len(set(made.values())) == 4
    assert min(len(password) for password in made.values()) >= 48


def test_files_with_secrets_are_private(installation: Installation) -> None:
    installation.settings(SINK)

    for file in (installation.settings_file, installation.keyring_file):
        assert file.stat().st_mode & 0o077 == 0


def test_shell_reads_the_same_settings(installation: Installation) -> None:
    settings = installation.settings(SINK)

    script = 'set -a; . "$0"; printf "%s|%s" "$DATABASE_URL" "$KEYRING_FILE"'
    run = subprocess.run(
        ["/bin/sh", "-c", script, str(installation.settings_file)], capture_output=True, text=True, check=True
    )

    assert run.stdout == f"{settings['DATABASE_URL']}|{settings['KEYRING_FILE']}"


def test_data_without_its_keys_is_not_started(installation: Installation) -> None:
    (installation.home / "local" / "data").mkdir(parents=True)

    with pytest.raises(LocalError, match=r"keyring\.json is gone, and without it the data is lost: `make clean`"):
        installation.require_keys_of_data()


def test_as_root_another_user_runs_the_database() -> None:
    user = database_os_user()

    assert user.uid != 0
    assert bool(user.process_options) == user.other
