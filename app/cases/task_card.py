"""The card of Min dag with what is to be done in one's own cases; the deadlines have a card of their own."""

from datetime import datetime

from flask import render_template

from app.access.policy import Reader
from app.cases.own_work import own_work
from app.cases.shown import note_shown
from app.core.clock import local_date


def render(reader: Reader, at: datetime) -> str:
    """The card's markup, what is due first on top; nothing where there is nothing to be done."""
    work = own_work(reader)
    if not work.tasks:
        return ""
    note_shown(case.id for _, case in work.tasks)
    return render_template("cases/cards/tasks.html", rows=work.tasks, more=work.more_tasks, today=local_date(at))
