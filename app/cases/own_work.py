"""One's own cases and what is to be done in them, read once for all cards of Min dag."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, g
from sqlalchemy import select

from app.access.models import Role
from app.access.policy import Reader
from app.cases import due, tasks
from app.cases.models import Case, CaseStatus
from app.cases.summaries import Summary, summaries
from app.cases.tasks import Task
from app.cases.worklist import hint_named
from app.extensions import db

SHOWN: Final = 8


@dataclass(frozen=True)
class OwnWork:
    """The first of one's active cases, the newest first, and what is to be done, with its cases.

    more_cases, more_tasks: how many there are beyond those.
    """

    cases: list[Summary]
    more_cases: int
    tasks: list[tuple[Task, Summary]]
    more_tasks: int


def own_work(reader: Reader) -> OwnWork:
    """What the reader answers for or, as a mentor, is on. The deadlines are left out: they have a card of their own."""
    if "own_work" not in g:
        g.own_work = _read(reader)
    work: OwnWork = g.own_work
    return work


def _read(reader: Reader) -> OwnWork:
    statement = select(Case.id, Case.status).where(Case.closed_on.is_(None), *hint_named(reader, Case.id))
    if reader.role is not Role.MENTOR:
        statement = statement.where(Case.owner_id == reader.user_id)
    rows = db.session.execute(statement.order_by(Case.number.desc())).all()
    ids, mentor = [row.id for row in rows], reader.role is Role.MENTOR
    todo = tasks.of_cases(current_app, ids, reader.today, mentor=mentor, apart_from=(due.deadlines,))
    active = [row.id for row in rows if row.status is CaseStatus.ACTIVE]
    wanted = [*active[:SHOWN], *(task.case_id for task in todo[:SHOWN])]
    # One that has just gone out of sight is left out.
    found = summaries(list(dict.fromkeys(wanted)), reader.today)
    return OwnWork(
        cases=[found[case_id] for case_id in active[:SHOWN] if case_id in found],
        more_cases=max(len(active) - SHOWN, 0),
        tasks=[(task, found[task.case_id]) for task in todo[:SHOWN] if task.case_id in found],
        more_tasks=max(len(todo) - SHOWN, 0),
    )
