"""Deadlines: those of one case, and those of all cases."""

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role
from app.access.policy import Permission, requires
from app.audit import log
from app.audit.models import Event
from app.cases import worklist
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.paging import PAGE_SIZE, Paging, offset, page_number
from app.cases.queries import get_case
from app.cases.routes.blueprint import CASE, bp
from app.cases.worklist import Due
from app.core.pages import page
from app.deadlines import resolvers
from app.deadlines.models import Deadline
from app.deadlines.queries import deadlines_of_case, reminders_of_case

TAB = "frister"


@bp.route(f"{CASE}/frister")
@requires(Permission.CASE_READ, get_case)
def case_deadlines(case: Case) -> ResponseReturnValue:
    """The case's deadlines, and what became of each reminder."""
    found = deadlines_of_case(case.id)
    return case_page(
        "cases/deadlines.html",
        case,
        tab=TAB,
        deadlines=found,
        reminders=reminders_of_case(case.id, current.today(), found),
        url_of=url_of,
    )


@bp.route("/frister")
@requires(Permission.DEADLINE_LIST)
def deadlines() -> ResponseReturnValue:
    """All running deadlines, the most pressing first."""
    reader, number = current.reader(), page_number()
    own = request.args.get("vis") == "egne"
    rows = worklist.running(reader, own=own, offset=offset(number), limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    ids = list(dict.fromkeys(row.case.id for row in shown))
    log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=ids, list="frister")
    return page(
        "cases/all_deadlines.html",
        groups=worklist.grouped(shown, current.today()),
        choices=[] if reader.role is Role.MENTOR else _choices(own=own),
        paging=Paging(number, len(shown), len(rows) > PAGE_SIZE),
        today=current.today(),
        url_of=url_of,
    )


def _choices(*, own: bool) -> list[dict[str, object]]:
    return [
        {"label": "Hele enheden", "url": url_for("cases.deadlines"), "current": not own},
        {"label": "Dem, jeg er ansvarlig for", "url": url_for("cases.deadlines", vis="egne"), "current": own},
    ]


def url_of(deadline: Deadline | Due) -> str:
    """The page of what the deadline is about; the case's deadlines where that has no page of its own."""
    endpoint = resolvers.of(current_app).links.get(deadline.subject_kind, "cases.case_deadlines")
    return url_for(endpoint, case_id=deadline.case_id)
