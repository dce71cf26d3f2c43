"""What is agreed about a measure, as forms give it and acts take it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cases.handleplan.codes import MeasureState
from app.cases.handleplan.models import CatalogueMeasure, Goal


@dataclass(frozen=True)
class Particulars:
    """What is agreed about a measure.

    text: what exactly, for the citizen to read. note: what the citizen's own copy leaves out. responsible_user_id or
    organisation: who does it. to_day: when it is expected to end.
    """

    kind: CatalogueMeasure
    goal: Goal | None
    text: str | None
    note: str | None
    responsible_user_id: int | None
    organisation: str | None
    from_day: date
    to_day: date | None
    state: MeasureState

    def columns(self) -> dict[str, Any]:
        """What is written."""
        return {
            "catalogue_id": self.kind.id,
            "catalogue": self.kind,
            "goal_id": None if self.goal is None else self.goal.id,
            "text": self.text,
            "note": self.note,
            "responsible_user_id": self.responsible_user_id,
            "organisation": self.organisation,
            "from_day": self.from_day,
            "to_day": self.to_day,
            "state": self.state,
        }
