"""What the network gives to the rest of the case: entries of the timeline, tasks, and a part of the paper."""

from collections.abc import Collection, Iterable
from datetime import date, time, timedelta
from typing import Final

from flask import Flask, url_for
from sqlalchemy import select

from app.cases import filing, tasks, timeline
from app.cases.filing import Part
from app.cases.models import Case
from app.cases.network import queries
from app.cases.network.models import RelatedPerson, Relation
from app.cases.tasks import Task
from app.cases.timeline import Entry, Source
from app.core.clock import from_local
from app.core.danish import format_date
from app.documents.document import Section, Table
from app.extensions import db

KEY: Final = "netvaerk"
ASKED_BEFORE: Final = timedelta(days=30)
NOON: Final = time(12)


def register(app: Flask) -> None:
    """Give the case what the network knows."""
    timeline.register(app, Source(KEY, "Netværk", entries, 50))
    tasks.register(app, forgettings)
    filing.register(app, Part(KEY, "Netværk", sections, 50))


def entries(case: Case) -> Iterable[Entry]:
    """When each relation was recorded, and when it ended."""
    url = url_for("network.index", case_id=case.id)
    for relation in queries.relations_of_case(case.id):
        told = f"{relation.other_name}\n{relation.note}" if relation.note else relation.other_name
        who = relation.recorded_by.name
        yield Entry(relation.recorded_at, KEY, f"Relation: {relation.kind.label}", told, who, url)
        if relation.to_day is not None:
            at = from_local(relation.to_day, NOON)
            yield Entry(at, KEY, f"Relation slut: {relation.kind.label}", relation.other_name, url=url)


def forgettings(case_ids: Collection[int], today: date) -> Iterable[Task]:
    """People without a case who are soon deleted, so that somebody decides whether they are still needed."""
    soon = (
        select(RelatedPerson.case_id, RelatedPerson.name, RelatedPerson.delete_on)
        .join(Relation, Relation.person_id == RelatedPerson.id)
        .where(
            RelatedPerson.case_id.in_(case_ids),
            RelatedPerson.delete_on <= today + ASKED_BEFORE,
            Relation.removed_at.is_(None),
        )
        .distinct()
    )
    for row in db.session.execute(soon):
        title = f"{row.name} slettes af netværket. Skal personen blive stående?"
        yield Task(row.case_id, title, row.delete_on, url_for("network.index", case_id=row.case_id))


def sections(case: Case, today: date) -> list[Section]:  # noqa: ARG001 - what every part is given
    """The relations that are recorded in the case, of those whom the reader sees."""
    rows = [
        (relation.other_name, relation.kind.label, _days(relation), relation.source.label, relation.note or "")
        for relation in queries.relations_of_case(case.id)
    ]
    if not rows:
        return []
    return [Section("Netværk", [Table("Relationer", ("Navn", "Relation", "Periode", "Kilde", "Note"), rows)])]


def _days(relation: Relation) -> str:
    begin, end = (None if day is None else format_date(day) for day in (relation.from_day, relation.to_day))
    if begin and end:
        return f"{begin} til {end}"
    if begin or end:
        return f"fra {begin}" if begin else f"til {end}"
    return ""
