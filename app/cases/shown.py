"""That cases were shown on Min dag: one line of the record for all of its cards."""

from collections.abc import Iterable
from typing import Final

from flask import Response, after_this_request, g

from app.access import current
from app.audit import log
from app.audit.models import Event

LIST: Final = "min-dag"


def note_shown(case_ids: Iterable[int]) -> None:
    """Have it recorded, when the page is made, that its reader saw these cases.

    It stands in the request's transaction: when it cannot be written, the page is not shown.
    """
    if "shown_case_ids" not in g:
        g.shown_case_ids = {}
        after_this_request(_record)
    g.shown_case_ids |= dict.fromkeys(case_ids)


def _record(response: Response) -> Response:
    # An error page shows no cases.
    if g.shown_case_ids and "failed" not in g:
        ids = list(g.shown_case_ids)
        log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=ids, list=LIST)
    return response
