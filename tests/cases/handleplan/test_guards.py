"""What the database itself refuses, whatever the code above it does."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role
from app.cases.handleplan import queries, services
from app.cases.handleplan.models import AcuteLine, CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.models import AccessKind
from tests.cases.handleplan.conftest import NOW, TODAY, Desk
from tests.conftest import ActAs
from tests.factories import Make


def test_whoever_only_reads_the_case_writes_nothing_on_its_plan(desk: Desk, make: Make, acting_as: ActAs) -> None:
    plan = desk.plan()
    mentor = make.user(Role.MENTOR)
    make.access(desk.case, mentor, AccessKind.MENTOR)
    desk.session.commit()
    acting_as(mentor, TODAY)
    session = desk.session
    assert session.scalar(select(Handleplan.id)) == plan.id
    for model in (Handleplan, Goal, Measure, FollowUp, AcuteLine):
        assert session.connection().execute(update(model).values(version=99)).rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        services.add_goal(queries.get_plan(desk.case.id, plan.id), text="x", by=mentor, at=NOW)
    session.rollback()


def test_whoever_does_not_see_the_case_changes_nothing_blindly(desk: Desk, make: Make, acting_as: ActAs) -> None:
    desk.goal(desk.plan())
    desk.session.commit()
    acting_as(make.user(), TODAY)
    for model in (Handleplan, Goal):
        assert desk.session.connection().execute(update(model).values(version=99)).rowcount == 0


def test_only_the_administrator_keeps_the_catalogue(desk: Desk) -> None:
    changed = desk.session.connection().execute(update(CatalogueMeasure).values(active=False))
    assert changed.rowcount == 0
