"""What is registered of an event."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cases.incidents.models import Incident, IncidentSource, OffenceGroup


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """What is registered of an event, beside its kind; see the model for the days."""

    happened_on: date
    known_on: date
    source: IncidentSource
    act_on: date | None = None
    until_day: date | None = None
    offence_group: OffenceGroup | None = None
    against_person: bool | None = None
    about: Incident | None = None
    note: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The values by column of the model."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "about"}
        return values | {"about_incident_id": self.about.id if self.about else None}
