"""What a form says and a service saves."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.cases.assessments.models import Rating, RatingSource

FACTS: Final = (
    "on_day", "main_source", "concerns", "resources", "raises", "lowers", "urgency", "urgency_reasons",
    "proposed_niveau", "own_view", "review_on",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the form says about an item. confirmed: that what was carried over still holds."""

    rating: Rating | None = None
    source: RatingSource | None = None
    observed_on: date | None = None
    reasons: str | None = None
    confirmed: bool = False
