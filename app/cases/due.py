"""The deadlines of cases as tasks: what the law or the unit's practice sets a day for."""

from collections.abc import Collection, Iterable
from datetime import date

from flask import current_app, url_for
from sqlalchemy import select

from app.cases.tasks import Task
from app.deadlines import resolvers
from app.deadlines.models import Deadline, DeadlineRule
from app.extensions import db


def deadlines(case_ids: Collection[int], _: date) -> Iterable[Task]:
    """The running deadlines, each with the page of what it is about."""
    links = resolvers.of(current_app).links
    running = (
        select(Deadline.case_id, Deadline.subject_kind, DeadlineRule.title, Deadline.due_on)
        .join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
        .where(Deadline.case_id.in_(case_ids), Deadline.stopped_at.is_(None))
    )
    for row in db.session.execute(running):
        endpoint = links.get(row.subject_kind, "cases.case_deadlines")
        yield Task(row.case_id, row.title, row.due_on, url_for(endpoint, case_id=row.case_id))
