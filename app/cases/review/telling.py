"""What the timeline of a case tells of reviews and handovers."""

from collections.abc import Iterable

from flask import Flask, url_for

from app.cases import handovers, timeline
from app.cases.models import Case
from app.cases.review import queries
from app.cases.timeline import Entry, Source

REVIEW, HANDOVER = "gennemgang", "overdragelse"


def register(app: Flask) -> None:
    """Have the timeline tell of them."""
    timeline.register(app, Source(REVIEW, "Gennemgang", reviews, 62))
    timeline.register(app, Source(HANDOVER, "Overdragelser", handed_over, 64))


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
