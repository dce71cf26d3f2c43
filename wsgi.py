"""Where gunicorn (`wsgi:web()`) and the `flask` command find the application.

The `flask` command finds `create_app` here by itself. Each of its subcommands logs in to the database as the role that
it needs and no other: the web's for figures (read by the statistics role, and recorded), the job role for the
scheduler, the owner for administration.
"""

import sys
from collections.abc import Sequence

from flask import Flask

from app import create_app as build
from app.core.crypto import KeyringError
from config import Config, Part

_PART_OF_COMMAND: dict[str, Part] = {
    "figures": "web",
    "import": "web",
    "job": "scheduler",
    "run": "web",
    "scheduler": "scheduler",
}


def web() -> Flask:
    """The application that serves pages."""
    return _built("web")


def create_app() -> Flask:
    """The application for the `flask` command that this process was started with."""
    return _built(part_of(sys.argv[1:]))


def part_of(arguments: Sequence[str]) -> Part:
    """The part that a `flask` command line belongs to."""
    return next((_PART_OF_COMMAND[word] for word in arguments if word in _PART_OF_COMMAND), "owner")


def _built(part: Part) -> Flask:
    """Build the application; settings or keys that are not right end the process with one line."""
    try:
        return build(Config.from_env(part), part)
    except KeyringError as error:
        raise SystemExit(str(error)) from None
