"""What the timeline of a case tells of reviews and handovers, and the reviews on paper."""

from collections.abc import Iterable
from datetime import date

from flask import Flask, url_for

from app.cases import filing, handovers, timeline
from app.cases.filing import Part
from app.cases.models import Case
from app.cases.review import queries
from app.cases.timeline import Entry, Source
from app.core.danish import format_date
from app.documents.document import Section, Table

REVIEW, HANDOVER = "gennemgang", "overdragelse"


def register(app: Flask) -> None:
    """Have the timeline tell of them, and give the paper its part."""
    timeline.register(app, Source(REVIEW, "Gennemgang", reviews, 62))
    timeline.register(app, Source(HANDOVER, "Overdragelser", handed_over, 64))
    filing.register(app, Part(REVIEW, "Gennemgang på teamets møder", on_paper, 65))


def reviews(case: Case) -> Iterable[Entry]:
    """What was said at each meeting."""
    for review in queries.reviews_of(case.id):
        yield Entry(
            at=review.at,
            kind=REVIEW,
            title="Gennemgået på møde",
            text=review.note,
            who=review.by.name,
        )


def handed_over(case: Case) -> Iterable[Entry]:
    """From whom to whom, with the note."""
    for line in handovers.handovers_of(case.id):
        yield Entry(
            at=line.at,
            kind=HANDOVER,
            title=f"Overdraget fra {line.giver or 'ingen'} til {line.taker or 'ingen'}",
            text=line.note or "",
            who=line.who,
            url=url_for("cases.access", case_id=case.id),
        )


def on_paper(case: Case, _: date) -> list[Section]:
    """What was said about the case at each meeting, the oldest first."""
    rows = [
        (format_date(review.on_day), review.note, review.by.name) for review in reversed(queries.reviews_of(case.id))
    ]
    if not rows:
        return []
    table = Table("Gennemgang på teamets møder", ("Dag", "Hvad blev sagt", "Skrevet af"), rows)
    return [Section("Gennemgang på teamets møder", [table])]
