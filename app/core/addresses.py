"""Addresses: the ids in them, and whole ones for mails.

What could never be an id is no address of ours, instead of a fault further in.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from typing_extensions import override
from werkzeug.routing import BaseConverter, MapAdapter, ValidationError

_LARGEST_ID: Final = 2_147_483_647  # of the database's integer


_ID: Final = r"[1-9][0-9]{0,9}"


def parse_id(text: str) -> int | None:
    """The id that the text is, or None when it can be none: digits without a leading nought, within the database's."""
    if not re.fullmatch(_ID, text, re.ASCII):
        return None
    number = int(text)
    return number if number <= _LARGEST_ID else None


class IdConverter(BaseConverter):
    """The id of a row in an address."""

    regex = _ID

    @override
    def to_python(self, value: str) -> int:
        number = parse_id(value)
        if number is None:
            raise ValidationError
        return number


def register_converters(app: Flask) -> None:
    """Let `<int:…>` in addresses mean an id."""
    app.url_map.converters["int"] = IdConverter


def from_outside(app: Flask) -> MapAdapter:
    """What whole addresses are built with, for mails: from the setting, because jobs have no request and no host."""
    base = urlsplit(str(app.config["BASE_URL"]))
    return app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)


def whole_address(app: Flask, endpoint: str, **values: Any) -> str:
    """The whole address of a page."""
    return from_outside(app).build(endpoint, values, force_external=True)
