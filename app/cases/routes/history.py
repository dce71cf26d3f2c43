"""The tab Historik: who did what, and who looked."""

from typing import Final

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.access.policy import Permission, requires
from app.cases import history, tabs
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.paging import PAGE_SIZE, Paging, offset, page_number
from app.cases.queries import get_case
from app.cases.routes.blueprint import CASE, bp

TAB = "historik"
KINDS: Final = {"": ("Alt", None), "handlinger": ("Handlinger", history.DOINGS), "opslag": ("Opslag", history.READINGS)}


@bp.route(f"{CASE}/historik")
@requires(Permission.CASE_HISTORY, get_case)
def case_history(case: Case) -> ResponseReturnValue:
    """The record of the case, newest first."""
    kind = request.args.get("vis", "")
    kind = kind if kind in KINDS else ""
    number = page_number()
    labels = {tab.key: tab.label for tab in tabs.of(current_app)}
    lines = history.lines(case.id, events=KINDS[kind][1], tabs=labels, offset=offset(number), limit=PAGE_SIZE + 1)
    shown = lines[:PAGE_SIZE]
    return case_page(
        "cases/history.html",
        case,
        tab=TAB,
        lines=shown,
        kinds=[
            {
                "label": label,
                "url": url_for("cases.case_history", case_id=case.id, vis=key or None),
                "current": key == kind,
            }
            for key, (label, _) in KINDS.items()
        ],
        paging=Paging(number, len(shown), len(lines) > PAGE_SIZE),
    )
