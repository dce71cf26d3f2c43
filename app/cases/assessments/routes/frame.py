"""What the pages of the tab share."""

from typing import Any

from flask import Blueprint, url_for

from app.access import current
from app.access.policy import Permission, can
from app.cases.assessments.models import Assessment
from app.cases.models import Case

bp = Blueprint("assessments", __name__)

TAB = "risikovurdering"
ALL = "/sager/<int:case_id>/risikovurdering"
ONE = f"{ALL}/<int:assessment_id>"


def url_of(assessment: Assessment, page: str = "show", **more: Any) -> str:
    """The address of a page about the assessment."""
    return url_for(f"assessments.{page}", case_id=assessment.case_id, assessment_id=assessment.id, **more)


def url_of_all(case: Case) -> str:
    """The address of the tab."""
    return url_for("assessments.index", case_id=case.id)


def may_change(case: Case) -> bool:
    """Whether the reader may write assessments in the case."""
    return can(current.reader(), Permission.ASSESSMENT_CHANGE, case)


def url_of_proposal(assessment: Assessment) -> str | None:
    """Where somebody decides about the niveau that the assessment proposes; None when it is the case's already."""
    if assessment.proposed_niveau == assessment.case.niveau:
        return None
    return url_for(
        "levels.change", case_id=assessment.case_id, forslag=assessment.proposed_niveau, vurdering=assessment.id
    )
