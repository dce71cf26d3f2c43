"""What the pages of groups share: their addresses, and that each reading is recorded."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint

from app.access import current
from app.audit import log
from app.audit.models import Event
from app.cases.groups.models import Group
from app.cases.models import Case
from app.core.forms import Form
from app.core.pages import page

bp = Blueprint("groups", __name__)

ALL = "/grupper"
ONE = f"{ALL}/<int:group_id>"
LIST = "gruppe"


def group_page(
    template: str, group: Group, *, shown: Iterable[Sequence[Case]] = (), form: Form | None = None, **context: Any
) -> tuple[str, int]:
    """Render a page of the group, and record that its reader saw it.

    shown: cases of the members who are on the page. Their own record says that they stood in a list and not in which:
    whoever reads it may not see the group.
    """
    by, at = current.user(), current.at()
    log.record(Event.GROUP_READ, by=by, at=at, subject=group.subject)
    ids = [case.id for of_one in shown for case in of_one]
    if ids:
        log.record(Event.CASES_LISTED, by=by, at=at, listed_case_ids=ids, list=LIST)
    return page(template, form=form, group=group, today=current.today(), **context)
