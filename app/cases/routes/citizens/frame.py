"""What the pages of a citizen share: the address, and that each reading is recorded at the citizen's cases."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can
from app.audit import log
from app.audit.models import Event
from app.cases.citizens import case_lines
from app.core.errors import NotFoundError
from app.core.forms import Form
from app.core.pages import page
from app.people import queries
from app.people.models import Citizen
from app.people.services import SUBJECT
from app.people.words import number_and_age

bp = Blueprint("citizens", __name__)
CITIZEN = "/borgere/<int:citizen_id>"


def get_citizen(citizen_id: int) -> Citizen:
    """The citizen; of one who was merged into another, that one.

    Raises NotFoundError when there is none in sight.
    """
    try:
        return queries.get_citizen(citizen_id)
    except NotFoundError:
        other = queries.merged_into(citizen_id)
        if other is None:
            raise
        return queries.get_citizen(other)


def url_of(citizen: Citizen) -> str:
    """The address of the citizen's page."""
    return url_for("citizens.show", citizen_id=citizen.id)


def citizen_page(template: str, citizen: Citizen, *, form: Form | None = None, **context: Any) -> ResponseReturnValue:
    """Render a page of the citizen, and record that its reader saw it at each of the cases in sight.

    template: extends `cases/citizens/_layout.html`.
    """
    cases = case_lines([citizen.id])[citizen.id]
    record_reading(Event.CITIZEN_READ, [case.id for case in cases], citizen)
    return page(
        template,
        form=form,
        citizen=citizen,
        cases=cases,
        number=number_of(citizen),
        may_change=can(current.reader(), Permission.CITIZEN_CHANGE),
        number_of=number_of,
        today=current.today(),
        **context,
    )


def number_of(citizen: Citizen) -> str:
    """The citizen's number and age today."""
    return number_and_age(citizen, current.today())


def record_reading(
    event: Event, case_ids: list[int], citizen: Citizen | None = None, *, search: str | None = None
) -> None:
    """Record that citizens were shown, at the cases of theirs that the reader sees. search: its kind, if it was one."""
    subject = None if citizen is None else (SUBJECT, citizen.id)
    details = {} if search is None else {"search": search}
    by, at = current.user(), current.at()
    log.record(event, by=by, at=at, subject=subject, basis=None, listed_case_ids=case_ids, case_id=None, **details)
