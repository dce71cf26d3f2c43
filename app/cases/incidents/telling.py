"""What other pages tell of a case's events: at a glance, on the timeline, among the tasks, and on paper."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from flask import url_for

from app.access.policy import Permission
from app.cases.filing import Part
from app.cases.glances import Glance, Shown
from app.cases.incidents import queries, recidivism
from app.cases.incidents.overview import overview
from app.cases.incidents.queries import Story
from app.cases.incidents.recidivism import COMMON_DEFINITION, DEFINITIONS, Finding
from app.cases.models import Case
from app.cases.tabs import Tab
from app.cases.tasks import Task
from app.cases.timeline import Entry, Source
from app.core import clock
from app.core.danish import format_date
from app.documents.document import Block, Paragraph, Section, Table

KEY: Final = "haendelser"
ENDPOINT: Final = "incidents.index"
SOON: Final = 7
"""How many days before custody was to end it is asked about."""
_SHORT: Final = {"sigtelse": "sigtelse", "dom": "dom", "indsaettelse": "indsættelse"}


def _found(story: Story, today: date) -> list[Finding]:
    """Recidivism from the day that is looked from when nobody chooses another."""
    index = recidivism.chosen_index(story.started_on, story.facts, story.judgements, today)
    found = recidivism.findings(index, story.facts, story.judgements, today)
    return [finding for finding in found if finding.is_recidivism]


def glance_words(value: Any, today: date) -> Shown | None:
    """Whether there is recidivism, of which kind and how soon, and whether somebody has confirmed it."""
    story = queries.story_of(value)
    found = _found(story, today) if story else []
    if not found:
        return None
    gravest = found[-1]
    confirmed = "bekræftet" if gravest.is_confirmed else "ikke vurderet"
    return Shown(f"Recidiv: {_SHORT[gravest.kind.value]} inden for {gravest.shortest} mdr., {confirmed}", "late")


def entries(case: Case) -> Iterable[Entry]:
    """The events that are no mistakes, each on the day it happened."""
    for incident in queries.incidents_of(case.id):
        if not incident.is_voided:
            yield Entry(
                at=_noon(incident.happened_on),
                kind=KEY,
                title=", ".join(filter(None, [incident.kind.label, incident.offence])),
                text=incident.note or "",
                who=incident.recorded_by.name,
                url=url_for(ENDPOINT, case_id=case.id),
            )


def _noon(day: date) -> datetime:
    return clock.from_local(day, time(12)).astimezone(UTC)


def tasks_of(case_ids: Collection[int], today: date) -> Iterable[Task]:
    """Recidivism that nobody has confirmed or set aside."""
    for case_id, story in queries.stories(case_ids).items():
        for finding in _found(story, today):
            if any(each.verdict is None for each in finding.counted):
                title = f"Bekræft {finding.kind.label.lower()}, eller sæt det til side"
                yield Task(case_id, title, None, url_for(ENDPOINT, case_id=case_id))


def custody_tasks(case_ids: Collection[int], today: date) -> Iterable[Task]:
    """Custody whose end was set and is near or past, with no release registered."""
    for row in queries.custody_ending(case_ids, today + timedelta(days=SOON)):
        title = f"{row.kind.label} slutter: registrér løsladelse eller ny frist"
        yield Task(row.case_id, title, row.until_day, url_for(ENDPOINT, case_id=row.case_id))


def sections(case: Case, today: date) -> list[Section]:
    """The events and recidivism, with the definitions, for the paper of the whole case."""
    seen = overview(case, today)
    if not seen.incidents:
        return []
    columns = ("Dato", "Hændelse", "Handler om", "Gerningsdag", "Kendt", "Kilde", "Bemærkning")
    rows = [
        (
            format_date(each.happened_on),
            each.kind.label + (" (frafaldet)" if each.id in seen.withdrawn else ""),
            each.offence or "–",
            _day(each.act_on),
            format_date(each.known_on),
            each.source.label,
            each.note or "–",
        )
        for each in seen.standing
    ]
    blocks: list[Block] = [Table("Hændelser, de nyeste først", columns, rows)] if rows else []
    blocks += [
        Paragraph(
            f"Registreret ved en fejl: {each.kind.label.lower()} {format_date(each.happened_on)}. {each.void_reason}"
        )
        for each in seen.voided
    ]
    return [Section("Hændelser", blocks), _recidivism(seen.findings(seen.chosen_index))]


def _recidivism(findings: list[Finding]) -> Section:
    index = findings[0].index
    columns = ("Recidiv", *(f"{window.months} mdr." for window in findings[0].windows), "Vurderet")
    rows = [
        (
            finding.kind.label,
            *(window.answer.label for window in finding.windows),
            ("Bekræftet" if finding.is_confirmed else "Nej") if finding.is_recidivism else "–",
        )
        for finding in findings
    ]
    words = [Paragraph(f"{kind.label}: {text}", muted=True) for kind, text in DEFINITIONS.items()]
    table = Table(f"Recidiv regnet fra {index.label.lower()}", columns, rows)
    return Section(f"Recidiv fra {index.label.lower()}", [table, *words, Paragraph(COMMON_DEFINITION, muted=True)])


def _day(day: date | None) -> str:
    return "–" if day is None else format_date(day)


TAB: Final = Tab(KEY, "Hændelser", ENDPOINT, Permission.INCIDENT_READ, 30)
GLANCE: Final = Glance("recidiv", "Hændelser", queries.story_column, glance_words, ENDPOINT, 30, on_list=True)
SOURCE: Final = Source(KEY, "Hændelser", entries, 30)
PART: Final = Part(KEY, "Hændelser og recidiv", sections, 30)
