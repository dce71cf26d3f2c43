"""Fields that choose among given options, mostly those of a StrEnum."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, cast

import wtforms
from typing_extensions import override
from wtforms import widgets
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation, ValidationError

from app.core.forms.field import Field, first_text

# A whole StrEnum, some of its members, {value: label}, {group: {value: label}}, or a function that gives such a dict.
Options = type[StrEnum] | Iterable[StrEnum] | dict[Any, Any] | Callable[[], dict[Any, Any]] | None
Coerce = Callable[[Any], Any]

_NOT_A_CHOICE = "Vælg en af mulighederne."


def _options(choices: Options, coerce: Coerce) -> tuple[Any, Coerce]:
    """Return what WTForms calls choices, and the function that turns a posted value into one of them."""
    if choices is None or isinstance(choices, dict):
        return choices, coerce
    if callable(choices) and not isinstance(choices, type):
        return choices, coerce
    members = list(cast("Iterable[Any]", choices))
    return {member.value: member.label for member in members}, type(members[0])


class SelectField(Field, wtforms.SelectField):
    """One of several options: a member of the enum, the coerced key of the dict, or None.

    choices: see `Options`.
    blank: text of the empty option in front; None leaves it out.
    coerce: for dicts, what makes a key of the posted text, such as `int`.
    """

    choices: Any

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        choices: Options = None,
        blank: str | None = "Vælg",
        coerce: Coerce = str,
        **kwargs: Any,
    ) -> None:
        offered, coerce = _options(choices, coerce)
        super().__init__(label, validators, coerce=coerce, choices=offered, **kwargs)
        self.blank = blank

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Turn the posted text into an option; nothing posted is None, not what stood there before."""
        text = first_text(valuelist)
        self.data = None
        self.raw_data = [text]
        if not text:
            return
        try:
            self.data = self.coerce(text)
        except (ValueError, TypeError):
            raise ValueError(_NOT_A_CHOICE) from None

    @override
    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among the options."""
        if self.is_empty and not self.process_errors:
            return
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation(_NOT_A_CHOICE) from None

    @override
    def iter_choices(self) -> Iterator[Any]:
        """Give the empty option and then the others."""
        yield from self._blank()
        yield from super().iter_choices()

    @override
    def iter_groups(self) -> Iterator[Any]:
        """Give the empty option outside the groups and then the groups."""
        if self.blank is not None:
            yield None, self._blank()
        yield from super().iter_groups()

    def _blank(self) -> list[Choice]:
        if self.blank is None:
            return []
        return [Choice("", self.blank, self.data is None, {})]


class RadioField(SelectField, wtforms.RadioField):
    """One of several options, all in sight."""

    def __init__(self, label: str = "", validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **{"blank": None, **kwargs})

    @property
    @override
    def focus_id(self) -> str:
        """The first of the buttons; the group when it has none."""
        return f"{self.id}-0" if self.choices else self.id


class CheckboxesField(Field, wtforms.SelectMultipleField):
    """Any number of options, as a list in the order of the post."""

    choices: Any
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        choices: Options = None,
        coerce: Coerce = str,
        **kwargs: Any,
    ) -> None:
        offered, coerce = _options(choices, coerce)
        super().__init__(label, validators, coerce=coerce, choices=offered, **kwargs)

    @property
    @override
    def focus_id(self) -> str:
        """The first of the boxes; the group when it has none."""
        return f"{self.id}-0" if self.choices else self.id

    @override
    def process_data(self, value: Any) -> None:
        """Take the options that are chosen at first."""
        self.data = [self.coerce(item) for item in value or ()]

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Turn the posted texts into options, each once."""
        texts = [value for value in valuelist if isinstance(value, str) and value]
        self.data = []
        self.raw_data = texts
        try:
            self.data = list(dict.fromkeys(self.coerce(text) for text in texts))
        except (ValueError, TypeError):
            raise ValueError(_NOT_A_CHOICE) from None

    @override
    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among the options, without quoting it."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation(_NOT_A_CHOICE) from None
