"""The settings of the local installation: made on the first run, kept in `var/local.env`."""

import secrets
import shlex
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.core.crypto import Keyring, KeyringError
from app.core.database import RoleNames
from config import ROOT
from local.os_user import LocalError, write_private
from local.postgres import Cluster, default_home

NAME = "enkeltsag"
ROLES = RoleNames.with_prefix(NAME)
_URL_NAMES = dict(
    zip(
        astuple(ROLES),
        ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_JOB_URL", "STATISTICS_DATABASE_URL"),
        strict=True,
    )
)


@dataclass(frozen=True)
class Installation:
    """Where the local installation keeps its things, and on which port it answers."""

    var_dir: Path
    home: Path
    port: int

    @classmethod
    def at(cls, var_dir: Path | None, port: int) -> "Installation":
        """The installation in `var_dir`, or without one in the checkout's own place."""
        return cls(var_dir or ROOT / "var", default_home(var_dir), port)

    @property
    def cluster(self) -> Cluster:
        """Its PostgreSQL."""
        return Cluster(self.home / "local")

    @property
    def settings_file(self) -> Path:
        """Its settings, in a form that a shell reads too: `set -a; . var/local.env`."""
        return self.var_dir / "local.env"

    @property
    def keyring_file(self) -> Path:
        """Its encryption keys."""
        return self.var_dir / "keyring.json"

    @property
    def base_url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def require_keys_of_data(self) -> None:
        """Raise `LocalError` when there is data but no longer the keys that it was encrypted under."""
        if self.cluster.has_data and not self.keyring_file.exists():
            raise LocalError(f"{self.keyring_file} is gone, and without it the data is lost: `make clean` forgets it")

    def settings(self, smtp_url: str) -> dict[str, str]:
        """Write and return the complete settings; secrets made earlier stay as they are."""
        self.var_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._make_keyring()
        earlier = read_settings(self.settings_file)
        settings = {
            "SECRET_KEY": earlier.get("SECRET_KEY") or secrets.token_hex(32),
            "KEYRING_FILE": str(self.keyring_file),
            "SMTP_URL": smtp_url,
            "MAIL_FROM": "enkeltsag@kommune.example",
            "BASE_URL": self.base_url,
            "PORT": str(self.port),
            "VAR_DIR": str(self.var_dir),
        }
        for role, name in _URL_NAMES.items():
            password = urlsplit(earlier.get(name, "")).password or secrets.token_hex(24)
            settings[name] = self.cluster.url(role, NAME, password)
        lines = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
        write_private(self.settings_file, "\n".join(lines) + "\n")
        return settings

    def _make_keyring(self) -> None:
        if self.keyring_file.exists():
            return
        try:
            Keyring.create(self.keyring_file)
        except KeyringError as error:
            raise LocalError(str(error)) from None


def passwords(settings: Mapping[str, str]) -> dict[str, str]:
    """The password of each database role, as it stands in its URL."""
    return {role: urlsplit(settings[name]).password or "" for role, name in _URL_NAMES.items()}


def read_settings(file: Path) -> dict[str, str]:
    """The settings as last written; empty when there are none."""
    if not file.exists():
        return {}
    pairs = (word.partition("=") for word in shlex.split(file.read_text(encoding="utf-8")))
    return {name: value for name, _, value in pairs}
