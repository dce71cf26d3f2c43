"""The events of a case with what follows from them, as the pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from app.cases.incidents import queries, recidivism
from app.cases.incidents.models import ABOUT_CRIME, Incident, IncidentKind, RecidivismReview
from app.cases.incidents.recidivism import Fact, Finding, IndexDay, Judgement
from app.cases.models import Case

ACUTE: Final = timedelta(days=3)
"""How long after it is known an event calls for an akuthandleplan: it plans the next 24 and 72 hours."""
RECENT: Final = timedelta(days=14)
"""How long after it happened it still does, however late it became known."""


@dataclass(frozen=True)
class Overview:
    """All events of a case and what was said of them, looked at on a day."""

    started_on: date
    incidents: Sequence[Incident]
    reviews: Sequence[RecidivismReview]
    today: date

    @cached_property
    def facts(self) -> list[Fact]:
        """The events as recidivism sees them."""
        return queries.facts_of(self.incidents)

    @cached_property
    def judgements(self) -> list[Judgement]:
        """What was said, in the order it was said."""
        return queries.judgements_of(self.reviews)

    @cached_property
    def index_days(self) -> list[IndexDay]:
        """The days that recidivism can be counted from."""
        return recidivism.index_days(self.started_on, self.facts, self.today)

    @cached_property
    def chosen_index(self) -> IndexDay:
        """The day that it is counted from when nobody chooses another."""
        return recidivism.chosen_index(self.started_on, self.facts, self.judgements, self.today)

    def findings(self, index: IndexDay) -> list[Finding]:
        """The three kinds of recidivism against the day."""
        return recidivism.findings(index, self.facts, self.judgements, self.today)

    @cached_property
    def standing(self) -> list[Incident]:
        """Those that are no mistakes, the latest first."""
        return [incident for incident in self.incidents if not incident.is_voided]

    @cached_property
    def voided(self) -> list[Incident]:
        """Those that were registered by mistake."""
        return [incident for incident in self.incidents if incident.is_voided]

    @cached_property
    def by_id(self) -> dict[int, Incident]:
        """Every event, those registered by mistake too."""
        return {incident.id: incident for incident in self.incidents}

    @cached_property
    def withdrawn(self) -> dict[int, Incident]:
        """What withdrew an event, by the id of the event."""
        return {
            each.about_incident_id: each
            for each in self.standing
            if each.kind is IncidentKind.WITHDRAWAL and each.about_incident_id is not None
        }

    def may_be_withdrawn(self, incident: Incident) -> bool:
        """Whether it can be dropped, and has not been."""
        return incident.kind in ABOUT_CRIME and incident.id not in self.withdrawn

    def calls_for_plan(self, incident: Incident) -> bool:
        """Whether it is serious, stands, has only just become known, and is no old story."""
        is_new = self.today - incident.known_on <= ACUTE and self.today - incident.happened_on <= RECENT
        return is_new and incident.is_serious and incident.id not in self.withdrawn

    def about(self, incident: Incident) -> Incident | None:
        """What it follows from."""
        return self.by_id.get(incident.about_incident_id or 0)

    def review_of(self, incident_id: int, index: IndexDay) -> RecidivismReview | None:
        """What was last said of the event that holds against the day."""
        said = self.reviews_of(incident_id, index)
        return said[-1] if said else None

    def reviews_of(self, incident_id: int, index: IndexDay) -> list[RecidivismReview]:
        """All that was said of the event that holds against the day."""
        return [each for each in self.reviews if each.incident_id == incident_id and recidivism.holds(each, index.on)]


def overview(case: Case, today: date) -> Overview:
    """All that is known of the case's events, in two statements."""
    return Overview(
        case.accepted_on or case.opened_on, queries.incidents_of(case.id), queries.reviews_of(case.id), today
    )
