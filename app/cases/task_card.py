"""The card of Min dag with what is to be done in one's own cases; the deadlines have a card of their own."""

from datetime import datetime

from flask import current_app, render_template
from sqlalchemy import select

from app.access import current
from app.access.models import Role
from app.access.policy import Reader
from app.audit import log
from app.audit.models import Event
from app.cases import due, tasks
from app.cases.cards import LIST, SHOWN
from app.cases.models import Case
from app.cases.summaries import summaries
from app.cases.worklist import hint_named
from app.core.clock import local_date
from app.extensions import db


def render(reader: Reader, at: datetime) -> str:
    """The card's markup, what is due first on top; nothing where there is nothing to be done."""
    today = local_date(at)
    found = tasks.of_cases(current_app, _own_cases(reader), today, apart_from=(due.deadlines,))
    # One whose case has just gone out of sight is left out.
    cases = summaries(list(dict.fromkeys(task.case_id for task in found[:SHOWN])), today)
    rows = [(task, cases[task.case_id]) for task in found[:SHOWN] if task.case_id in cases]
    if not rows:
        return ""
    log.record(Event.CASES_LISTED, by=current.user(), at=at, listed_case_ids=list(cases), list=LIST)
    return render_template("cases/cards/tasks.html", rows=rows, more=len(found) - len(rows), today=today)


def _own_cases(reader: Reader) -> list[int]:
    """The open cases that the reader answers for or, as a mentor, is on."""
    statement = select(Case.id).where(Case.closed_on.is_(None), *hint_named(reader, Case.id))
    if reader.role is not Role.MENTOR:
        statement = statement.where(Case.owner_id == reader.user_id)
    return list(db.session.scalars(statement))
