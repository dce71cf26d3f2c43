"""Ids in addresses: what could never be an id is no address of ours, instead of a fault further in."""

import re
from typing import Final

from flask import Flask
from typing_extensions import override
from werkzeug.routing import BaseConverter, ValidationError

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
