"""The card of Min dag: the clocks that run, the one that ends first at the top."""

from datetime import datetime

from flask import render_template

from app.access import current
from app.access.models import Role
from app.access.policy import Reader
from app.audit import log
from app.audit.models import Event
from app.core import clock
from app.netvaerkssamraad import queries

SHOWN = 8


def running_clocks(reader: Reader, at: datetime) -> str:
    """The card's markup; nothing for a mentor without a clock to mind. Whose cases it names is recorded."""
    found = queries.running_clocks(SHOWN + 1)
    shown = found[:SHOWN]
    if shown:
        ids = [case.id for case, _ in shown]
        log.record(Event.CASES_LISTED, by=current.user(), at=at, listed_case_ids=ids, list="netvaerkssamraad")
    elif reader.role is Role.MENTOR:
        return ""
    today = clock.local_date(at)
    return render_template("netvaerkssamraad/_card.html", clocks=shown, more=len(found) > SHOWN, today=today)
