"""The cards of Min dag about cases: what is due, one's own cases, and those that nobody answers for."""

from datetime import datetime

from flask import render_template

from app.access.models import Role
from app.access.policy import Reader
from app.cases import worklist
from app.cases.own_work import SHOWN, own_work
from app.cases.routes.deadlines import url_of
from app.cases.shown import note_shown
from app.cases.summaries import Summary
from app.core.clock import local_date


def due(reader: Reader, at: datetime) -> str:
    """The deadlines that press most: of one's own cases, and for a leader of the unit's."""
    rows = worklist.running(reader, own=reader.role is Role.KOORDINATOR, limit=SHOWN + 1)
    note_shown(row.case.id for row in rows[:SHOWN])
    return render_template(
        "cases/cards/due.html",
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        own=reader.role is not Role.LEDER,
        today=local_date(at),
        url_of=url_of,
    )


def own(reader: Reader, at: datetime) -> str:
    """The cases one is on or answers for; a leader who answers for none needs no such card."""
    work = own_work(reader)
    if not work.cases and reader.role is Role.LEDER:
        return ""
    return _cases("cases/cards/own.html", reader, work.cases, at, more=work.more_cases > 0)


def without_owner(reader: Reader, at: datetime) -> str:
    """For the leader: the cases that nobody answers for."""
    if reader.role is not Role.LEDER:
        return ""
    cases = worklist.cases_without_owner(reader, SHOWN + 1)
    return _cases("cases/cards/without_owner.html", reader, cases[:SHOWN], at, more=len(cases) > SHOWN)


def _cases(template: str, reader: Reader, cases: list[Summary], at: datetime, *, more: bool) -> str:
    note_shown(case.id for case in cases)
    return render_template(
        template,
        cases=cases,
        more=more,
        is_mentor=reader.role is Role.MENTOR,
        reader=reader,
        today=local_date(at),
    )
