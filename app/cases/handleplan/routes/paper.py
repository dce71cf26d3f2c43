"""The plan on paper, for the citizen."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, basis, requires
from app.audit import log
from app.audit.models import Event
from app.cases.handleplan import queries
from app.cases.handleplan.models import Handleplan
from app.cases.handleplan.paper import citizens_copy
from app.cases.handleplan.routes.frame import ONE, bp
from app.core.errors import NotFoundError
from app.documents import pdf


@bp.route(f"{ONE}/borgerens-udgave.pdf")
@requires(Permission.HANDLEPLAN_READ, queries.get_plan)
def citizens_pdf(plan: Handleplan) -> ResponseReturnValue:
    """The handleplan in plain Danish, without what is kept for the case workers; the reading is recorded first."""
    if plan.is_acute:
        raise NotFoundError
    log.record(
        Event.PLAN_PRINTED,
        by=current.user(),
        at=current.at(),
        case_id=plan.case_id,
        subject=plan.subject,
        basis=basis(current.reader(), plan.case),
    )
    response = Response(pdf.render(citizens_copy(plan, current.today())), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="handleplan-{plan.case.number}.pdf"'
    return response
