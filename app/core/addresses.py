"""Ids in addresses: what could never be an id is no address of ours, instead of a fault further in."""

from typing import Final

from flask import Flask
from typing_extensions import override
from werkzeug.routing import BaseConverter, ValidationError

_LARGEST_ID: Final = 2_147_483_647  # of the database's integer


class IdConverter(BaseConverter):
    """The id of a row: digits without a leading nought, within what the database can hold."""

    regex = r"[1-9][0-9]{0,9}"

    @override
    def to_python(self, value: str) -> int:
        number = int(value)
        if number > _LARGEST_ID:
            raise ValidationError
        return number


def register_converters(app: Flask) -> None:
    """Let `<int:…>` in addresses mean an id."""
    app.url_map.converters["int"] = IdConverter
