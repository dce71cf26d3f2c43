"""What all fields share: empty is None, and validators only ever see a value that could be read."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import wtforms
from typing_extensions import override
from wtforms.validators import DataRequired, InputRequired, StopValidation


class Validator(Protocol):
    """What WTForms calls with form and field."""

    def __call__(self, form: Any, field: Any, /) -> object:
        """Raise ValidationError or StopValidation for a value that will not do."""


class Field(wtforms.Field):
    """A field whose empty input is None, and whose validators are spared values that are empty or unreadable.

    `data` is of the type that the docstring of the field names; a type checker takes it for Any, because whether it can
    be None depends on the validators.
    """

    data: Any
    needs_today = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return self.data is None or self.data is False or self.data == []

    @property
    def focus_id(self) -> str:
        """The id of the input that the error summary links to."""
        return self.id

    @override
    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Stop before the validators when the input could not even be read."""
        if self.process_errors:
            raise StopValidation
        super().pre_validate(form)

    def _run_validation_chain(self, form: wtforms.form.BaseForm, validators: Iterable[Validator]) -> bool:
        """Leave an empty field to those validators that are about emptiness."""
        if self.is_empty:
            validators = [validator for validator in validators if _sees_empty(validator)]
        stopped: bool = super()._run_validation_chain(form, validators)  # type: ignore[misc]  # missing in the stubs
        return stopped


def first_text(valuelist: list[Any]) -> str:
    """Return the first posted text of a field. A file posted under its name is none."""
    return next((value for value in valuelist if isinstance(value, str)), "")


def _sees_empty(validator: Validator) -> bool:
    return getattr(validator, "sees_empty", False) or isinstance(validator, InputRequired | DataRequired)


class Required:
    """Asks for something to be filled in; of a tick, that it is set."""

    sees_empty = True

    def __init__(self, message: str = "Feltet skal udfyldes.") -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, _form: Any, field: Field) -> None:
        """Stop with the message when the field is empty."""
        if field.is_empty:
            raise StopValidation(self.message)


class RequiredIf:
    """Asks for something to be filled in when the condition on the form holds."""

    sees_empty = True

    def __init__(self, condition: Callable[[Any], bool], message: str = "Feltet skal udfyldes.") -> None:
        self.condition = condition
        self.message = message
        self.field_flags: dict[str, bool] = {}

    def __call__(self, form: Any, field: Field) -> None:
        """Stop with the message when the field is empty and must not be."""
        if field.is_empty and self.condition(form):
            raise StopValidation(self.message)
