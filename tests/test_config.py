"""Settings: each part gets just what it needs, and a mistake is one line without the secret."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from config import ROOT, Config, ConfigError, LocalSettings, Part

SECRET = "s3cret-never-printed"

COMPLETE = {
    "DATABASE_URL": f"postgresql://ek_app:{SECRET}@db:5432/enkeltsag",
    "DATABASE_OWNER_URL": f"postgresql://ek_owner:{SECRET}@db:5432/enkeltsag",
    "DATABASE_JOB_URL": f"postgresql://ek_job:{SECRET}@db:5432/enkeltsag",
    "STATISTICS_DATABASE_URL": f"postgresql://ek_stat:{SECRET}@/enkeltsag?host=/run/postgresql",
    "SECRET_KEY": SECRET * 2,
    "KEYRING_FILE": "/etc/enkeltsag/keyring.json",
    "SMTP_URL": f"smtp+starttls://user:{SECRET}@mail.example:587",
    "MAIL_FROM": "enkeltsag@kommune.example",
    "BASE_URL": "https://enkeltsag.example",
    "PORT": "8123",
    "VAR_DIR": "/var/lib/enkeltsag",
}

NEEDED = {
    "web": {"DATABASE_URL", "STATISTICS_DATABASE_URL"},
    "scheduler": {"DATABASE_JOB_URL"},
    "owner": {"DATABASE_OWNER_URL"},
    "tests": {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_JOB_URL", "STATISTICS_DATABASE_URL"},
}


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in COMPLETE.items() if name not in names}


def test_complete_environment_is_read() -> None:
    config = Config.from_env("web", COMPLETE)

    assert config.database_url == COMPLETE["DATABASE_URL"]
    assert config.statistics_database_url == COMPLETE["STATISTICS_DATABASE_URL"]
    assert config.secret_key == COMPLETE["SECRET_KEY"]
    assert config.keyring_file == Path("/etc/enkeltsag/keyring.json")
    assert config.port == 8123
    assert config.var_dir == Path("/var/lib/enkeltsag")


def test_every_part_is_described() -> None:
    assert set(get_args(Part)) == set(NEEDED)


@pytest.mark.parametrize("part", get_args(Part))
def test_part_needs_only_its_own_databases(part: Part) -> None:
    others = set(NEEDED["tests"]) - NEEDED[part]

    config = Config.from_env(part, without(*others))

    assert config.database_url_for(part).startswith("postgresql://")


@pytest.mark.parametrize(("part", "name"), [(p, n) for p in get_args(Part) for n in sorted(NEEDED[p])])
def test_part_stops_without_its_database(part: Part, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: missing; expected postgresql://"):
        Config.from_env(part, without(name))


def test_web_never_holds_the_owner_log_in_although_the_environment_has_it() -> None:
    config = Config.from_env("web", COMPLETE)

    assert config.database_owner_url is None
    assert config.database_job_url is None
    with pytest.raises(ConfigError, match="DATABASE_OWNER_URL: needed for the part 'owner'"):
        config.database_url_for("owner")


@pytest.mark.parametrize("name", ["SECRET_KEY", "KEYRING_FILE", "SMTP_URL", "MAIL_FROM", "BASE_URL"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_setting_is_named(name: str, value: str | None) -> None:
    environ = without(name) if value is None else COMPLETE | {name: value}

    with pytest.raises(ConfigError, match=rf"^{name}: missing; expected .+"):
        Config.from_env("web", environ)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://ek_app:{SECRET}@db/enkeltsag"),
        ("DATABASE_URL", f"postgresql+psycopg2://ek_app:{SECRET}@db/enkeltsag"),
        ("DATABASE_URL", "postgresql://db/enkeltsag"),
        ("DATABASE_URL", f"postgresql://ek_app:{SECRET}@db/"),
        ("DATABASE_URL", f"postgresql://ek_app:{SECRET}@db:{SECRET}/enkeltsag"),
        ("DATABASE_URL", f"postgresql://ek_app:{SECRET}@[db/enkeltsag"),
        ("STATISTICS_DATABASE_URL", "sqlite:///x.db"),
        ("SECRET_KEY", SECRET),
        ("SMTP_URL", f"http://user:{SECRET}@mail:25"),
        ("SMTP_URL", f"smtp://user:{SECRET}@mail"),
        ("SMTP_URL", f"smtp://user:{SECRET}@:25"),
        ("SMTP_URL", f"smtp://user:{SECRET}@mail:99999"),
        ("MAIL_FROM", "kommune.example"),
        ("MAIL_FROM", "a@b.example, c@d.example"),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
        ("MAIL_FROM", "kønsneutral@kommune.example"),
        ("BASE_URL", "enkeltsag.example"),
        ("BASE_URL", "https://enkeltsag.example/"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "ftp://enkeltsag.example"),
        ("BASE_URL", f"https://u:{SECRET}@enkeltsag.example"),
        ("BASE_URL", "https://enkeltsag.example?x=1"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80 80"),
        ("PORT", "١٢٣"),
        ("PORT", "http"),
    ],
)
def test_malformed_setting_is_one_line_without_the_secret(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env("web", COMPLETE | {name: value})

    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert "expected" in message
    assert "\n" not in message
    assert SECRET not in message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+starttls"])
def test_mail_without_user_is_allowed(scheme: str) -> None:
    assert Config.from_env("web", COMPLETE | {"SMTP_URL": f"{scheme}://127.0.0.1:1025"}).smtp_url


def test_port_and_var_dir_have_defaults() -> None:
    config = Config.from_env("web", without("PORT", "VAR_DIR"))

    assert config.port == 8000
    assert config.var_dir == ROOT / "var"


def test_secrets_are_not_in_the_repr() -> None:
    assert SECRET not in repr(Config.from_env("tests", COMPLETE))


def test_uncaught_error_is_one_line_and_status_1() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from config import Config; Config.from_env('web')"],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr == "DATABASE_URL: missing; expected postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE\n"


def test_local_settings_need_nothing() -> None:
    local = LocalSettings.from_env({})

    assert (local.port, local.var_dir) == (8000, None)


def test_local_settings_are_read() -> None:
    local = LocalSettings.from_env({"PORT": "8001", "VAR_DIR": "/srv/var"})

    assert (local.port, local.var_dir) == (8001, Path("/srv/var"))


@pytest.mark.parametrize("folder", ["app", "local", "migrations", "wsgi.py", "gunicorn.conf.py"])
def test_nothing_else_reads_the_environment(folder: str) -> None:
    files = [ROOT / folder] if folder.endswith(".py") else sorted((ROOT / folder).rglob("*.py"))
    assert files

    readers = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "environb", "getenv", "putenv"}
        # What the server knows of a request has the same name.
        and getattr(node.value, "id", "") != "request"
    ]

    assert readers == []
