"""What the timeline tells of levels."""

from collections.abc import Iterable

from flask import url_for

from app.cases.levels.queries import changes_of
from app.cases.models import Case
from app.cases.timeline import Entry, Source

KEY = "niveau"


def entries(case: Case) -> Iterable[Entry]:
    """The changes of level."""
    for change in changes_of(case.id):
        yield Entry(
            at=change.at,
            kind=KEY,
            title=f"Fra niveau {change.from_niveau} til niveau {change.to_niveau}",
            text=change.reasons,
            who=change.by.name,
            url=url_for("levels.change", case_id=case.id),
        )


SOURCE = Source(KEY, "Niveau", entries, 25)
