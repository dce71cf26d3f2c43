"""Fields for numbers: whole numbers and CPR numbers."""

import re
from datetime import date
from typing import Any, Final

from typing_extensions import override
from wtforms import widgets
from wtforms.validators import StopValidation

from app.core import cpr, danish
from app.core.forms.field import Field, first_text
from app.core.forms.text import clean, showable

_WHOLE_NUMBER: Final = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3})")
_LARGEST: Final = 2_147_483_647


class IntegerField(Field):
    """A whole number, or None."""

    widget = widgets.TextInput()

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        minimum: int = 0,
        maximum: int = _LARGEST,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.minimum = minimum
        self.maximum = maximum
        self._typed: str | None = None

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; a full stop may part the thousands."""
        self._typed = first_text(valuelist)
        self.data = None
        text = clean(self._typed)
        self.raw_data = [text]
        if not text:
            return
        if not _WHOLE_NUMBER.fullmatch(text):
            raise ValueError("Skriv et helt tal med cifre.")
        self.data = int(text.replace(".", ""))

    @override
    def pre_validate(self, form: Any) -> None:
        """Hold the number within its bounds."""
        super().pre_validate(form)
        if self.data is not None and not self.minimum <= self.data <= self.maximum:
            raise StopValidation(f"Skriv et tal mellem {danish.number(self.minimum)} og {danish.number(self.maximum)}.")

    def _value(self) -> str:
        if self._typed is not None:
            return showable(self._typed)
        return "" if self.data is None else str(self.data)


class CprField(Field):
    """A CPR number as `Cpr`, or None. The form must know `today`."""

    widget = widgets.TextInput()
    needs_today = True

    def __init__(self, label: str = "CPR-nummer", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._today: date = kwargs["_form"].today
        self._typed: str | None = None

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; the message says what is wrong with it."""
        self._typed = first_text(valuelist)
        self.data = None
        text = clean(self._typed)
        self.raw_data = [text]
        if text:
            self.data = cpr.parse(text, today=self._today)

    def _value(self) -> str:
        if self.data is not None:
            return str(self.data.formatted)
        return showable(self._typed or "")
