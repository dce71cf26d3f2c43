"""What can be done with assessments and the checklist, one function per act."""

from app.cases.assessments.services.checklists import renew_checklist
from app.cases.assessments.services.drafts import (
    confirm_carried,
    discard_draft,
    mark_rest_unknown,
    save_draft,
    start_draft,
)
from app.cases.assessments.services.signing import Missing, latest_review_day, missing, renew_review, sign, stop_review

__all__ = [
    "Missing",
    "confirm_carried",
    "discard_draft",
    "latest_review_day",
    "mark_rest_unknown",
    "missing",
    "renew_checklist",
    "renew_review",
    "save_draft",
    "sign",
    "start_draft",
    "stop_review",
]
