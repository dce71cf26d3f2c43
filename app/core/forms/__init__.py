"""Forms that speak Danish and take any input: what cannot be used becomes a message at its field, never a 500."""

from app.core.forms.choices import CheckboxesField, RadioField, SelectField
from app.core.forms.field import Required, RequiredIf
from app.core.forms.form import FilterForm, Form, SubmitOnce, Versioned
from app.core.forms.moments import DateField, NotInFuture, TimeField
from app.core.forms.numbers import CprField, IntegerField
from app.core.forms.saving import saving
from app.core.forms.text import EmailField, HiddenField, PasswordField, TextAreaField, TextField
from app.core.forms.ticks import CheckboxField

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "CprField",
    "DateField",
    "EmailField",
    "FilterForm",
    "Form",
    "HiddenField",
    "IntegerField",
    "NotInFuture",
    "PasswordField",
    "RadioField",
    "Required",
    "RequiredIf",
    "SelectField",
    "SubmitOnce",
    "TextAreaField",
    "TextField",
    "TimeField",
    "Versioned",
    "saving",
]
