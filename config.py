"""Settings from the environment; the only place in the repository that reads it.

Each process is one `Part` of the installation and is given only the database log-ins that this part uses, even when the
environment holds more of them: what a process has never read, it cannot leak.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

Part = Literal["web", "scheduler", "owner", "tests"]
"""web: the pages, and `flask figures`; scheduler: reminders and mail; owner: migrations and administration."""

ROOT = Path(__file__).resolve().parent
SECRET_KEY_MIN_LENGTH = 32
PORT_MAX = 65535

_URLS_OF_PART: dict[Part, tuple[str, ...]] = {
    "web": ("DATABASE_URL", "STATISTICS_DATABASE_URL"),
    "scheduler": ("DATABASE_JOB_URL",),
    "owner": ("DATABASE_OWNER_URL",),
    "tests": ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_JOB_URL", "STATISTICS_DATABASE_URL"),
}


class ConfigError(SystemExit):
    """A setting is missing or malformed. Uncaught it ends the process with status 1 and this one line, no traceback."""

    def __init__(self, name: str, expected: str) -> None:
        """Name the variable and what it should hold; never its value, which may be a secret."""
        super().__init__(f"{name}: {expected}")


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings of one process; secrets are left out of its `repr`."""

    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    database_job_url: str | None = field(default=None, repr=False)
    statistics_database_url: str | None = field(default=None, repr=False)
    secret_key: str = field(repr=False)
    keyring_file: Path
    smtp_url: str = field(repr=False)
    mail_from: str
    base_url: str
    port: int
    var_dir: Path

    @classmethod
    def from_env(cls, part: Part, environ: Mapping[str, str] = os.environ) -> Self:
        """Read what `part` needs.

        Raises `ConfigError` at the first variable that is missing or malformed.
        """
        urls = {name: _database_url(environ, name) for name in _URLS_OF_PART[part]}
        return cls(
            database_url=urls.get("DATABASE_URL"),
            database_owner_url=urls.get("DATABASE_OWNER_URL"),
            database_job_url=urls.get("DATABASE_JOB_URL"),
            statistics_database_url=urls.get("STATISTICS_DATABASE_URL"),
            secret_key=_secret_key(environ),
            keyring_file=Path(_required(environ, "KEYRING_FILE", "the path of the keyring file")).absolute(),
            smtp_url=_smtp_url(environ),
            mail_from=_mail_from(environ),
            base_url=_base_url(environ),
            port=_port(environ),
            var_dir=Path(environ.get("VAR_DIR", "").strip() or ROOT / "var").absolute(),
        )

    def database_url_for(self, part: Part) -> str:
        """The URL of the database role that `part` logs in as; tests log in as the web does.

        Raises `ConfigError` when this process was not started as a part that has it.
        """
        name, url = {
            "web": ("DATABASE_URL", self.database_url),
            "tests": ("DATABASE_URL", self.database_url),
            "scheduler": ("DATABASE_JOB_URL", self.database_job_url),
            "owner": ("DATABASE_OWNER_URL", self.database_owner_url),
        }[part]
        if url is None:
            raise ConfigError(name, f"needed for the part {part!r}, but not read by this process")
        return url


@dataclass(frozen=True)
class LocalSettings:
    """What `make run` takes from the environment; all other settings it makes itself."""

    port: int
    var_dir: Path | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read PORT and VAR_DIR; without a VAR_DIR the checkout's own place is used.

        Raises `ConfigError` when PORT is malformed.
        """
        chosen = environ.get("VAR_DIR", "").strip()
        return cls(port=_port(environ), var_dir=Path(chosen).absolute() if chosen else None)


def _required(environ: Mapping[str, str], name: str, expected: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigError(name, f"missing; expected {expected}")
    return value


def _split(name: str, value: str, expected: str) -> SplitResult:
    """Take a URL apart; reading the port here turns a bad one into our own error."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        # The original error quotes the value, which may hold a password.
        raise ConfigError(name, f"malformed; expected {expected}") from None
    return parts


def _database_url(environ: Mapping[str, str], name: str) -> str:
    expected = "postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE"
    value = _required(environ, name, expected)
    parts = _split(name, value, expected)
    if parts.scheme != "postgresql" or not parts.username or not parts.path.strip("/"):
        raise ConfigError(name, f"malformed; expected {expected}")
    return value


def _secret_key(environ: Mapping[str, str]) -> str:
    expected = f"at least {SECRET_KEY_MIN_LENGTH} random characters"
    value = _required(environ, "SECRET_KEY", expected)
    if len(value) < SECRET_KEY_MIN_LENGTH:
        raise ConfigError("SECRET_KEY", f"too short; expected {expected}")
    return value


def _smtp_url(environ: Mapping[str, str]) -> str:
    expected = "smtp://, smtps:// or smtp+starttls:// with [USER:PASSWORD@]HOST:PORT"
    value = _required(environ, "SMTP_URL", expected)
    parts = _split("SMTP_URL", value, expected)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname or not parts.port:
        raise ConfigError("SMTP_URL", f"malformed; expected {expected}")
    return value


def _mail_from(environ: Mapping[str, str]) -> str:
    expected = "one plain mail address, such as enkeltsag@kommune.dk"
    value = _required(environ, "MAIL_FROM", expected)
    if not value.isascii() or not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ConfigError("MAIL_FROM", f"malformed; expected {expected}")
    return value


def _base_url(environ: Mapping[str, str]) -> str:
    expected = "the address of the front page without a slash at the end, such as https://enkeltsag.kommune.dk"
    value = _required(environ, "BASE_URL", expected)
    parts = _split("BASE_URL", value, expected)
    web_address = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    if not web_address or parts.query or parts.fragment or value.endswith(("/", "?", "#")):
        raise ConfigError("BASE_URL", f"malformed; expected {expected}")
    return value


def _port(environ: Mapping[str, str]) -> int:
    value = environ.get("PORT", "").strip() or "8000"
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= PORT_MAX:
        raise ConfigError("PORT", f"malformed; expected a whole number from 1 to {PORT_MAX}")
    return int(value)
