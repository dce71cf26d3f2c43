"""Two people on one thing: what the other changed, shown to the one whose form was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.cases.history import LastChange
from app.core.danish import and_list, format_date
from app.core.errors import ChangedMeanwhileError
from app.core.forms import Form
from app.extensions import db

MESSAGE = (
    "Der er rettet i det samme, mens du skrev. Se forskellen, og gem igen, hvis det er din udgave, der skal gælde."
)


class VersionedThing(Protocol):
    """A row with a version."""

    @property
    def version(self) -> Any:
        """What changes with each change of the row."""


@dataclass(frozen=True)
class Difference:
    """A field that stands otherwise in the form than in the database."""

    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Conflict:
    """What stood against a form, and who put it there; change is None when the record does not tell."""

    change: LastChange | None
    differences: list[Difference]


def require_same_version(form: Any, thing: VersionedThing) -> None:
    """Raise ChangedMeanwhileError when the thing is no longer the one that the form was made of."""
    if form.version.data != thing.version:
        raise ChangedMeanwhileError(MESSAGE)


def conflict(
    form: Any,
    thing: VersionedThing,
    stored: Callable[[Any], dict[str, Any]],
    change: Callable[[], LastChange | None],
) -> Conflict | None:
    """What stands against the form that was refused; None when nothing does.

    stored: the stored values of the thing by field of the form. change: who last changed it.
    From here on the form carries the present version, so that sending it again overrules with open eyes.
    """
    db.session.refresh(thing)
    if not form.is_submitted() or form.version.data in {None, thing.version}:
        return None
    form.version.data = thing.version
    return Conflict(change(), _differences(form, stored(thing)))


def _differences(form: Form, stored: dict[str, Any]) -> list[Difference]:
    return [
        Difference(form[name].label.text, _written(form[name], value), _written(form[name], form[name].data))
        for name, value in stored.items()
        if form[name].data != value
    ]


def _written(field: Any, value: Any) -> str:
    """The value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, list):
        return and_list(_written(field, each) for each in value) or "–"
    choices = getattr(field, "choices", None) or {}
    return str(choices.get(getattr(value, "value", value), value)) if isinstance(choices, dict) else str(value)
