"""The cards of Min dag about cases: what is due, one's own cases, and those that nobody answers for."""

from datetime import datetime

from flask import render_template

from app.access import current
from app.access.models import Role
from app.access.policy import Reader
from app.audit import log
from app.audit.models import Event
from app.cases import worklist
from app.cases.routes.deadlines import url_of
from app.cases.summaries import Summary
from app.core.clock import local_date

SHOWN = 8
LIST = "min-dag"


def due(reader: Reader, at: datetime) -> str:
    """The deadlines that press most: of one's own cases, and for a leader of the unit's."""
    rows = worklist.running(reader, own=reader.role is Role.KOORDINATOR, limit=SHOWN + 1)
    _record([row.case for row in rows[:SHOWN]], at)
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
    cases = worklist.own_cases(reader, SHOWN + 1)
    if not cases and reader.role is Role.LEDER:
        return ""
    return _cases("cases/cards/own.html", reader, cases, at)


def without_owner(reader: Reader, at: datetime) -> str:
    """For the leader: the cases that nobody answers for."""
    if reader.role is not Role.LEDER:
        return ""
    return _cases("cases/cards/without_owner.html", reader, worklist.cases_without_owner(reader, SHOWN + 1), at)


def _cases(template: str, reader: Reader, cases: list[Summary], at: datetime) -> str:
    shown = cases[:SHOWN]
    _record(shown, at)
    return render_template(
        template,
        cases=shown,
        more=len(cases) > SHOWN,
        is_mentor=reader.role is Role.MENTOR,
        reader=reader,
        today=local_date(at),
    )


def _record(cases: list[Summary], at: datetime) -> None:
    """That these cases were shown."""
    ids = list(dict.fromkeys(case.id for case in cases))
    if ids:
        log.record(Event.CASES_LISTED, by=current.user(), at=at, listed_case_ids=ids, list=LIST)
