"""The akuthandleplan: who does what in the first three days."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.cases.handleplan import queries, services
from app.cases.handleplan.codes import LineOutcome
from app.cases.handleplan.models import Handleplan
from app.cases.queries import get_case
from app.core.errors import DomainError
from tests.cases.acting import at_once, events_of
from tests.cases.handleplan.conftest import NOW, TODAY, Desk


def close(desk: Desk, plan: Handleplan) -> None:
    services.close_plan(plan, closed_on=TODAY, closing="Det gik godt", **desk.who_and_when)


def test_an_akuthandleplan_begins_with_its_lines_due_in_24_and_72_hours(desk: Desk, owner: Engine) -> None:
    plan = desk.acute()
    desk.session.commit()
    lines = queries.get_plan(desk.case.id, plan.id).lines
    assert {(line.hours, line.due_at - NOW) for line in lines} == {
        (24, timedelta(hours=24)),
        (72, timedelta(hours=72)),
    }
    assert {line.responsible for line in lines} == {"Karin Kjær"}
    assert [event for event, *_ in events_of(owner, desk.case.id)] == ["handleplan.acute-started"]


def test_beginning_it_twice_gives_the_same_one(desk: Desk) -> None:
    assert desk.acute().id == desk.acute().id
    assert len(queries.plans_of(desk.case.id)) == 1


def test_it_answers_an_event_of_its_own_case_only(desk: Desk) -> None:
    with pytest.raises(DomainError, match="findes ikke i sagen"):
        desk.acute(incident_id=999)


def test_it_closes_when_nothing_is_left_to_do(desk: Desk) -> None:
    plan = desk.acute()
    with pytest.raises(DomainError, match="Markér hver linje"):
        close(desk, plan)
    for line in queries.get_plan(desk.case.id, plan.id).lines:
        services.end_line(line, outcome=LineOutcome.DONE, **desk.who_and_when)
    close(desk, plan)
    assert desk.acute().id != plan.id


def test_a_line_is_marked_once_and_can_be_taken_back(desk: Desk, owner: Engine) -> None:
    plan = desk.acute()
    line = queries.get_plan(desk.case.id, plan.id).lines[0]
    services.end_line(line, outcome=LineOutcome.NOT_NEEDED, **desk.who_and_when)
    services.end_line(line, outcome=LineOutcome.DONE, **desk.who_and_when)
    assert line.outcome is LineOutcome.NOT_NEEDED
    with pytest.raises(DomainError, match="Fortryd først"):
        services.change_line(line, what="x", responsible_user_id=None, organisation=None, **desk.who_and_when)
    for _ in range(2):
        services.reopen_line(line, **desk.who_and_when)
    desk.session.commit()
    assert line.is_open
    assert [event for event, *_ in events_of(owner, desk.case.id)].count("handleplan.line-reopened") == 1


def test_a_line_is_added_and_changed(desk: Desk) -> None:
    plan, who = desk.acute(), desk.who_and_when
    line = services.add_line(
        plan, hours=72, what="Ring til skolen", responsible_user_id=None, organisation="Skolen", **who
    )
    services.change_line(line, what="Besøg skolen", responsible_user_id=desk.by.id, organisation=None, **who)
    assert (line.what, line.organisation, line.due_at) == ("Besøg skolen", None, NOW + timedelta(hours=72))


@pytest.mark.parametrize(
    ("hours", "responsible", "organisation", "field"),
    [(48, None, None, "hours"), (24, True, "Skolen", "organisation")],
)
def test_a_line_must_make_sense(
    desk: Desk, hours: int, responsible: bool | None, organisation: str | None, field: str
) -> None:
    user_id = desk.by.id if responsible else None
    with pytest.raises(DomainError) as refused:
        services.add_line(
            desk.acute(),
            hours=hours,
            what="x",
            responsible_user_id=user_id,
            organisation=organisation,
            **desk.who_and_when,
        )
    assert refused.value.field == field


def test_each_kind_of_plan_has_its_own_things(desk: Desk) -> None:
    plan, acute, who = desk.plan(), desk.acute(), desk.who_and_when
    with pytest.raises(DomainError):
        desk.goal(acute)
    with pytest.raises(DomainError):
        desk.measure(acute)
    with pytest.raises(DomainError):
        services.add_line(plan, hours=24, what="x", responsible_user_id=None, organisation=None, **who)


def test_it_begins_on_the_danish_day(desk: Desk) -> None:
    assert desk.acute().started_on == TODAY


def test_two_who_begin_it_at_once_begin_one(app: Flask, desk: Desk) -> None:
    case_id, who = desk.case.id, desk.who_and_when
    desk.session.rollback()

    def begin() -> None:
        services.start_acute(get_case(case_id), incident_id=None, **who)

    assert at_once(app, [begin, begin], desk.by) == [None, None]
    assert len(queries.plans_of(case_id)) == 1
