"""The single tick."""

from typing import Any

import wtforms
from typing_extensions import override

from app.core.forms.field import Field, first_text


class CheckboxField(Field, wtforms.BooleanField):
    """A tick: True or False. `Required` asks for it to be set."""

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take any text as set; an input that was not posted is not."""
        super().process_formdata([first_text(valuelist)])

    def _value(self) -> str:
        return "y"
