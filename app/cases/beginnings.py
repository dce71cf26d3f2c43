"""What a form that opens a case begins with: somebody whom another package knows, so that nothing is typed twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask import Flask, current_app, request

from app.access.models import User
from app.core.addresses import parse_id
from app.core.errors import found
from app.people.models import Citizen

PARAMETER: Final = "person"


@dataclass(frozen=True)
class Beginning:
    """What is known beforehand.

    values: by name of the form's field; fields that the form has not are left out. opened: told which citizen it
    became, once there is a case on him.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    opened: Callable[[Citizen, User, datetime], None] = lambda _citizen, _by, _at: None

    def fill(self, form: Any) -> None:
        """Put what is known into a form that is shown for the first time."""
        if form.is_submitted():
            return
        for name, value in self.values.items():
            if name in form and value is not None:
                form[name].data = value


Loader = Callable[[int], Beginning]
"""Given the person's id; raises NotFoundError when there is none in sight."""

_KEY: Final = "enkeltsag_case_beginnings"


def register(app: Flask, load: Loader) -> None:
    """Say who knows the people that the address may name."""
    app.extensions[_KEY] = load


def asked() -> Beginning:
    """What the address asks to begin with; nothing when it names nobody.

    Raises NotFoundError when it names somebody who is not there.
    """
    text = request.args.get(PARAMETER)
    if text is None:
        return Beginning()
    load: Loader = current_app.extensions[_KEY]
    person_id = found(parse_id(text))
    if request.method == "POST":
        # Not before it is saved: a second click is led to the result of the first, by which the person is no more.
        return Beginning(opened=lambda citizen, by, at: load(person_id).opened(citizen, by, at))
    return load(person_id)
