"""One command makes the database of a new installation, and prints settings that work."""

import shlex
from collections.abc import Iterator

import psycopg
import pytest

from app.core.new_installation import main
from config import Config
from local.postgres import Cluster, throwaway_cluster

OTHER_SETTINGS = {
    "SECRET_KEY": "x" * 32,
    "KEYRING_FILE": "/etc/enkeltsag/keyring.json",
    "SMTP_URL": "smtp://mail.example:25",
    "MAIL_FROM": "enkeltsag@kommune.example",
    "BASE_URL": "https://enkeltsag.example",
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as running:
        yield running


def test_printed_settings_are_four_log_ins_of_their_own(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    main([cluster.superuser_url(), "aalborg"])
    capsys.readouterr()
    main([cluster.superuser_url(), "aalborg"])  # again is harmless
    printed = capsys.readouterr().out

    settings = dict(line.split("=", 1) for line in shlex.split(printed))
    config = Config.from_env("tests", settings | OTHER_SETTINGS)
    found = {}
    urls = {
        "owner": config.database_owner_url,
        "web": config.database_url,
        "scheduler": config.database_job_url,
        "statistics": config.statistics_database_url,
    }
    for part, url in urls.items():
        with psycopg.connect(url or "") as connection:
            found[part] = connection.execute("SELECT current_user, current_database()").fetchone()
    assert found == {
        "owner": ("aalborg_owner", "aalborg"),
        "web": ("aalborg_app", "aalborg"),
        "scheduler": ("aalborg_job", "aalborg"),
        "statistics": ("aalborg_stat", "aalborg"),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["postgresql://x@y/z"],
        ["postgresql://x@y/z", "Aalborg"],
        ["postgresql://x@y/z", "åby"],
        ["postgresql://x@y/z", "a-b"],
        ["a", "b", "c"],
    ],
)
def test_wrong_arguments_are_answered_with_the_right_ones(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"^usage: python -m"):
        main(arguments)


def test_server_that_is_not_there_is_one_line() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["postgresql://postgres@/postgres?host=/nowhere", "aalborg"])

    assert "/nowhere" in str(stopped.value)
    assert "\n" not in str(stopped.value)
