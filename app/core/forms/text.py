"""Text fields, and the cleaning that every posted text goes through."""

import re
import unicodedata
from typing import Any, Final

from typing_extensions import override
from wtforms import widgets
from wtforms.validators import StopValidation

from app.core import danish
from app.core.forms.field import Field, first_text

SINGLE_LINE: Final = 200
SEVERAL_LINES: Final = 10_000
_LONGEST_ADDRESS: Final = 254

# Control characters, what turns the reading direction of the text around it, halves of characters, the sign for a
# character that got lost, and code points that are no characters: PostgreSQL, HTML or a spreadsheet refuses them.
_UNUSABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_NEWLINES: Final = re.compile("\r\n|[\r\u2028\u2029]")
_ADDRESS: Final = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w-]{2,63}")


class UnusableTextError(ValueError):
    """The text holds something that cannot be stored; the Danish message says where."""


def clean(text: str) -> str:
    r"""Return the text with composed letters (NFC), newlines as \n, and nothing blank at either end.

    Nothing else is changed: raises UnusableTextError for a character that cannot be stored.
    """
    lines = _NEWLINES.sub("\n", text)
    found = _UNUSABLE.search(lines)
    if found is not None:
        raise UnusableTextError(
            f"Tegn nummer {danish.number(found.start() + 1)} kan ikke gemmes (U+{ord(found[0]):04X}). Slet det."
        )
    return unicodedata.normalize("NFC", lines).strip()


def showable(text: str) -> str:
    """Return typed text as it can be shown again: an unusable character shows as the sign for a lost one."""
    return _UNUSABLE.sub("\ufffd", _NEWLINES.sub("\n", text))


class TextField(Field):
    """One line of text, or None."""

    widget: Any = widgets.TextInput()

    def __init__(
        self, label: str = "", validators: list[Any] | None = None, *, max_length: int = SINGLE_LINE, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_length = max_length
        self._typed: str | None = None

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was posted; keep what was typed, to show it again when it cannot be used."""
        self._typed = first_text(valuelist)
        self.data = None
        text = self._cleaned(self._typed)
        self.raw_data = [text]
        if len(text) > self.max_length:
            raise ValueError(
                f"Der er plads til {danish.number(self.max_length)} tegn, "
                f"og teksten fylder {danish.number(len(text))}. Kort den ned."
            )
        self.data = text or None

    def _cleaned(self, typed: str) -> str:
        text = clean(typed).replace("\t", " ")
        if "\n" in text:
            raise ValueError("Teksten skal stå på én linje.")
        return text

    def _value(self) -> str:
        """Return what the input shows: the typed text as long as it cannot be used."""
        if self.data is None and self._typed is not None:
            return showable(self._typed)
        return self.data or ""


class TextAreaField(TextField):
    r"""Text of several lines, parted by \n, or None."""

    widget = widgets.TextArea()

    def __init__(
        self, label: str = "", validators: list[Any] | None = None, *, max_length: int = SEVERAL_LINES, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)

    @override
    def _cleaned(self, typed: str) -> str:
        return clean(typed)


class HiddenField(TextField):
    """Text that the page carries and nobody types, or None."""

    widget = widgets.HiddenInput()


class PasswordField(TextField):
    """A secret, or None. Blanks at its ends belong to it, and it is never shown again."""

    widget = widgets.PasswordInput(hide_value=True)

    @override
    def _cleaned(self, typed: str) -> str:
        super()._cleaned(typed)
        return unicodedata.normalize("NFC", typed)

    @override
    def _value(self) -> str:
        return ""


class EmailField(TextField):
    """A mail address, or None."""

    widget = widgets.EmailInput()

    def __init__(
        self, label: str = "", validators: list[Any] | None = None, *, max_length: int = _LONGEST_ADDRESS, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, max_length=max_length, **kwargs)

    @override
    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be a mail address. Whether it exists shows when mail to it arrives."""
        super().pre_validate(form)
        if self.data is not None and not _ADDRESS.fullmatch(self.data):
            raise StopValidation("Skriv en mailadresse som navn@kommune.dk.")
