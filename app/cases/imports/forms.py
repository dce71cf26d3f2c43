"""The forms of an import."""

from typing import Any

from typing_extensions import override
from werkzeug.datastructures import FileStorage
from wtforms import widgets

from app.cases.imports.models import ImportMode
from app.core.forms import Form, RadioField, Required, SubmitOnce
from app.core.forms.field import Field


class UploadField(Field):
    """A file (FileStorage); None when none was chosen."""

    widget = widgets.FileInput()

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file, if there is one."""
        self.data = next((each for each in valuelist if isinstance(each, FileStorage) and each.filename), None)

    def _value(self) -> str:
        """Nothing: a file cannot be put back into the form."""
        return ""


class UploadForm(SubmitOnce, Form):
    """Send a spreadsheet."""

    file = UploadField(
        "Regneark",
        [Required("Vælg en fil.")],
        description=".xlsx eller .csv, højst 20 MB og 20.000 rækker.",
    )


class RunForm(SubmitOnce, Form):
    """Choose what to do about the rows that are not in order."""

    mode = RadioField("Hvad skal hentes ind?", [Required("Vælg, hvad der skal hentes ind.")], choices=ImportMode)


class DiscardForm(SubmitOnce, Form):
    """Forget a file; there is nothing to fill in."""
