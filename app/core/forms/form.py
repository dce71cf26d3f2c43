"""The form itself: Danish messages, an error summary, and the two hidden fields that guard against saving twice."""

import uuid
from datetime import date
from typing import Any, Final, Protocol

from flask import request
from flask_wtf import FlaskForm
from typing_extensions import override
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import widgets

from app.core.errors import ChangedMeanwhileError
from app.core.forms.field import Field, first_text
from app.core.wtforms_danish import DanishMessages

_MESSAGES: Final = DanishMessages()
_POSTED: Final = object()
_INCOMPLETE: Final = "Formularen kom ikke helt frem. Se den igennem, og send den igen."
_LARGEST_VERSION: Final = 18


class Form(FlaskForm):
    """A form that is posted. Names that it does not know are ignored.

    today: the local date, which CPR numbers and NotInFuture need.
    """

    class Meta(FlaskForm.Meta):
        """How WTForms is set up for us."""

        def get_translations(self, _form: Any) -> DanishMessages:
            """Speak Danish, whatever the browser prefers."""
            return _MESSAGES

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what was posted as a form, also when it is empty, and nothing that came as JSON."""
            if formdata is not _POSTED:
                return formdata
            if not form.is_submitted():
                return None
            return CombinedMultiDict([request.form, request.files]) if request.files else request.form

    def __init__(self, formdata: Any = _POSTED, *, today: date | None = None, **kwargs: Any) -> None:
        self._today = today
        super().__init__(formdata=formdata, **kwargs)
        if today is None:
            self._refuse_to_guess_today()

    @property
    def today(self) -> date:
        """The local date that the form was made on; raise TypeError when it was made without."""
        if self._today is None:
            raise TypeError(f"{type(self).__name__} needs to know today=")
        return self._today

    def _refuse_to_guess_today(self) -> None:
        """Fail when the form is first shown, not when the first bad date is posted."""
        for field in self:
            if any(getattr(validator, "needs_today", False) for validator in field.validators):
                raise TypeError(f"{field.name} of {type(self).__name__} needs to know today=")

    @property
    def failed(self) -> bool:
        """Whether anything is wrong with what was posted."""
        return bool(self.errors)

    def add_error(self, message: str, field: str | None = None) -> None:
        """Put the message at the field of that name, or over the form when there is no such field."""
        target = None if field is None else self._fields.get(field)
        if target is None:
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]

    def error_summary(self) -> list[tuple[str | None, str]]:
        """Return what is wrong, each with the id of the input to go to; None when it is about no visible one."""
        summary: list[tuple[str | None, str]] = [(None, message) for message in self.form_errors]
        for field in self:
            hidden = isinstance(field.widget, widgets.HiddenInput)
            target = None if hidden else getattr(field, "focus_id", field.id)
            summary.extend((target, message) for message in field.errors)
        return summary


class FilterForm(Form):
    """A form in the address of a page, such as the filters of a list. Call `validate()`.

    An address without any parameter gives the fields their defaults.
    """

    class Meta(Form.Meta):
        """Reading needs no guard against forged posts."""

        csrf = False

    def __init__(self, formdata: MultiDict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__((request.args or None) if formdata is None else formdata, **kwargs)


class _TokenField(Field):
    """A random token that is made when the form is shown and kept when it is shown again."""

    widget = widgets.HiddenInput()

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the token; without one the form stays with the new one, so that sending it again works."""
        try:
            self.data = uuid.UUID(first_text(valuelist))
        except ValueError:
            raise ValueError(_INCOMPLETE) from None

    def _value(self) -> str:
        return str(self.data)


class _VersionField(Field):
    """The version of the row that is shown."""

    widget = widgets.HiddenInput()

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the version that the page carried."""
        text = first_text(valuelist)
        if not (text.isascii() and text.isdigit() and len(text) <= _LARGEST_VERSION):
            raise ValueError(_INCOMPLETE)
        self.data = int(text)

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class SubmitOnce:
    """Mixin of a form that creates something: `submission` tells a second click from a second thing."""

    submission = _TokenField(default=uuid.uuid4)


class _HasVersion(Protocol):
    version: Any


class Versioned:
    """Mixin of a form that changes something: `version` tells whether somebody else has changed it since it was shown.

    Give the form `obj=thing`.
    """

    version = _VersionField()

    def require_same_version(self, thing: _HasVersion) -> None:
        """Raise ChangedMeanwhileError when the thing is no longer the one that was shown."""
        if thing.version != self.version.data:
            raise ChangedMeanwhileError
