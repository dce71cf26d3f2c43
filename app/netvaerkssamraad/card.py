"""The card of Min dag: the netværkssamråd that are under way."""

from datetime import datetime

from flask import render_template

from app.access.models import Role
from app.access.policy import Reader
from app.cases.shown import note_shown
from app.core import clock
from app.netvaerkssamraad import queries

SHOWN = 8


def under_way(reader: Reader, at: datetime) -> str:
    """The card's markup, worst first; nothing for a mentor without any. Whose cases it names is recorded."""
    found = queries.under_way(reader, SHOWN + 1)
    if not found and reader.role is Role.MENTOR:
        return ""
    shown = found[:SHOWN]
    note_shown(row.case.id for row in shown)
    today = clock.local_date(at)
    return render_template("netvaerkssamraad/_card.html", rows=shown, more=len(found) > SHOWN, today=today)
