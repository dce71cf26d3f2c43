"""Fields for a date, typed in three boxes or picked on a phone, and for a time of day."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from markupsafe import Markup
from typing_extensions import override
from werkzeug.datastructures import MultiDict
from wtforms import widgets
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.core.forms.field import Field, first_text
from app.core.forms.text import UnusableTextError, clean, showable

_YEARS: Final = range(1900, 2101)
_FULL_YEAR: Final = 4
_PARTS: Final = (("dag", "dag", 2), ("maaned", "måned", 2), ("aar", "år", 4))
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DANISH: Final = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,4})")
_DIGITS: Final = re.compile(r"[0-9]{1,4}")
_TIME: Final = re.compile(r"(?:kl\.?\s*)?([0-9]{1,2})[.:]?([0-9]{2})(?::[0-9]{2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateBox:
    """One of the three inputs of a date."""

    name: str
    id: str
    label: str
    value: str
    width: int


class _ThreeBoxes:
    """Renders the boxes plainly; the macro of the design system renders them in its own way."""

    def __call__(self, field: "DateField", **kwargs: Any) -> Markup:
        """Return the labelled inputs."""
        attributes = widgets.html_params(inputmode="numeric", **kwargs)
        box = Markup('<label for="{0.id}">{0.label}</label> <input id="{0.id}" name="{0.name}" value="{0.value}" {1}>')
        return Markup(" ").join(box.format(each, Markup(attributes)) for each in field.boxes)  # noqa: S704 - html_params escapes


class DateField(Field):
    """A date, or None.

    Posts as three boxes, `<name>-dag`, `<name>-maaned` and `<name>-aar`; or as `<name>` alone, 2026-11-20 or
    20-11-2026, which is what phones and programs send.
    """

    widget = _ThreeBoxes()

    def __init__(self, label: str = "", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._typed: tuple[str, str, str] | None = None

    @property
    def boxes(self) -> list[DateBox]:
        """The three inputs, with what was typed in them."""
        values = self._typed or ("", "", "")
        if self._typed is None and self.data is not None:
            values = (str(self.data.day), str(self.data.month), str(self.data.year))
        return [
            DateBox(f"{self.name}-{part}", f"{self.id}-{part}", label.capitalize(), showable(value), width)
            for (part, label, width), value in zip(_PARTS, values, strict=True)
        ]

    @property
    def iso(self) -> str:
        """The date as `<input type=date>` takes it, or nothing."""
        return "" if self.data is None else self.data.isoformat()

    @property
    @override
    def focus_id(self) -> str:
        """The box of the day."""
        return f"{self.id}-dag"

    @override
    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Gather the three boxes into one posted value before the usual processing."""
        super().process(None if formdata is None else self._gathered(formdata), data, extra_filters)

    def _gathered(self, formdata: Any) -> MultiDict[str, str]:
        names = [f"{self.name}-{part}" for part, _, _ in _PARTS]
        if not any(name in formdata for name in names):
            return MultiDict({self.name: _split(first_text(formdata.getlist(self.name)))})
        return MultiDict({self.name: [first_text(formdata.getlist(name)) for name in names]})

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read day, month and year."""
        self._typed = (valuelist[0], valuelist[1], valuelist[2])
        self.data = None
        self.raw_data = ["".join(valuelist).strip()]
        if self.raw_data[0]:
            self.data = _read_date(self._typed)

    def _value(self) -> str:
        return self.iso


def _split(text: str) -> list[str]:
    """Return day, month and year of a date in one text; all of it as the day when it is none."""
    stripped = text.strip()
    if iso := _ISO.fullmatch(stripped):
        return [iso[3], iso[2], iso[1]]
    if danish := _DANISH.fullmatch(stripped):
        return list(danish.groups())
    return [stripped, "", ""]


def _read_date(typed: tuple[str, str, str]) -> date:
    """Return the date, or raise ValueError with a Danish message."""
    try:
        parts = [clean(text) for text in typed]
    except UnusableTextError:
        parts = list(typed)
    if any(part and not _DIGITS.fullmatch(part) for part in parts):
        raise ValueError("Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026.")
    missing = [label for (_, label, _), part in zip(_PARTS, parts, strict=True) if not part]
    if missing:
        raise ValueError(f"Skriv dag, måned og år. Der mangler {' og '.join(missing)}.")
    if len(parts[2]) != _FULL_YEAR:
        raise ValueError("Skriv året med fire cifre, for eksempel 2026.")
    return _existing_date(*(int(part) for part in parts))


def _existing_date(day: int, month: int, year: int) -> date:
    if year not in _YEARS:
        raise ValueError(f"Året skal ligge mellem {_YEARS[0]} og {_YEARS[-1]}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{day:02}-{month:02}-{year} findes ikke.") from None


class NotInFuture:
    """Refuses a date after today. The form must know `today`."""

    needs_today = True

    def __init__(self, message: str = "Datoen ligger i fremtiden.") -> None:
        self.message = message
        self.field_flags: dict[str, bool] = {}

    def __call__(self, form: Any, field: DateField) -> None:
        """Compare with the form's day."""
        if field.data is not None and field.data > form.today:
            raise ValidationError(self.message)


class TimeField(Field):
    """A time of day, or None. Reads 14.30, 14:30 and 1430."""

    widget = widgets.TextInput()

    def __init__(self, label: str = "", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._typed: str | None = None

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read hour and minute."""
        self._typed = first_text(valuelist)
        self.data = None
        text = clean(self._typed)
        self.raw_data = [text]
        if text:
            self.data = _read_time(text)

    def _value(self) -> str:
        if self.data is not None:
            return f"{self.data:%H.%M}"
        return showable(self._typed or "")


def _read_time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("Skriv klokkeslættet som 14.30.")
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise ValueError(f"Klokken {match[1]}.{match[2]} findes ikke.") from None
