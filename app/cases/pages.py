"""Pages of one case: each reading is recorded, and the tabs stand around it."""

from typing import Any

from flask import current_app, url_for

from app.access import current
from app.access.policy import basis, can
from app.audit import log
from app.audit.models import Event
from app.cases import tabs
from app.cases.models import Case
from app.core.forms import Form
from app.core.pages import page


def case_page(template: str, case: Case, *, tab: str, form: Form | None = None, **context: Any) -> tuple[str, int]:
    """Render a page of the case, and record that its reader saw it.

    template: extends `cases/_case_layout.html`. tab: key of the tab that the page belongs to.
    The record stands in the request's transaction: when it cannot be written, the page is not shown.
    """
    reader = current.reader()
    ground = basis(reader, case)
    log.record(Event.CASE_READ, by=current.user(), at=current.at(), case_id=case.id, basis=ground, tab=tab)
    shown = [
        {"label": each.label, "url": url_for(each.endpoint, case_id=case.id), "current": each.key == tab}
        for each in tabs.of(current_app)
        if can(reader, each.permission, case)
    ]
    return page(template, form=form, case=case, case_tabs=shown, today=current.today(), **context)
