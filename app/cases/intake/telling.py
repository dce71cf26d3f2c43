"""What the timeline tells of what was decided."""

from collections.abc import Iterable

from flask import url_for

from app.cases import decisions
from app.cases.models import Case, CaseDecision
from app.cases.timeline import Entry, Source

KEY = "afgoerelse"


def entries(case: Case) -> Iterable[Entry]:
    """What was decided about the case as a whole."""
    for decision in decisions.of_case(case.id):
        yield Entry(
            at=decision.at,
            kind=KEY,
            title=f"{decision.kind.label}: {decision.result.label}" if decision.result else decision.kind.label,
            text=_text(decision),
            who=decision.by.name,
            url=url_for("intake.visitation", case_id=case.id),
        )


def _text(decision: CaseDecision) -> str:
    told = decision.told and f"Har fået besked: {decision.told}"
    risk = decision.risk_view and f"Syn på risikoen: {decision.risk_view}"
    return "\n".join(filter(None, [decision.reasons, told, risk]))


SOURCE = Source(KEY, "Afgørelser", entries, 20)
