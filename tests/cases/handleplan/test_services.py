"""Acts on plans: what is written, what is refused, and what the record says."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from app.cases.handleplan import queries, services
from app.cases.handleplan.codes import GoalState, MeasureResult, MeasureState, PlanKind
from app.cases.handleplan.models import Handleplan
from app.core.errors import DomainError
from tests.cases.acting import events_of
from tests.cases.handleplan.conftest import TODAY, Desk

BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def close(desk: Desk, plan: Handleplan, closed_on: date = TODAY) -> None:
    services.close_plan(plan, closed_on=closed_on, closing="Det gik godt", **desk.who_and_when)


def test_a_plan_begins_with_its_first_follow_up(desk: Desk, owner: Engine) -> None:
    plan = desk.plan(own_words="Jeg vil have et job", first_follow_up=AFTER)
    desk.session.commit()
    whole = queries.get_plan(desk.case.id, plan.id)
    assert (whole.aim, whole.own_words, whole.kind) == (
        "Et fritidsliv uden politi",
        "Jeg vil have et job",
        PlanKind.PLAN,
    )
    assert [follow_up.on_day for follow_up in whole.follow_ups] == [AFTER]
    told = [(event, details) for event, _, details in events_of(owner, desk.case.id)]
    assert told == [("handleplan.started", {}), ("handleplan.follow-up-planned", {"follow_up": whole.follow_ups[0].id})]


def test_a_case_has_one_plan_under_way(desk: Desk) -> None:
    desk.plan()
    with pytest.raises(DomainError, match="allerede en handleplan"):
        desk.plan()


def test_the_first_follow_up_comes_after_the_start(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.plan(first_follow_up=BEFORE)
    assert refused.value.field == "first_follow_up"


def test_a_closed_case_gets_no_plan(desk: Desk) -> None:
    desk.case.closed_on = TODAY
    with pytest.raises(DomainError, match="Sagen er lukket"):
        desk.plan()
    with pytest.raises(DomainError, match="Sagen er lukket"):
        desk.acute()
    desk.session.rollback()


def test_only_what_changes_is_recorded(desk: Desk, owner: Engine) -> None:
    plan = desk.plan()
    for aim in ("Et fritidsliv uden politi", "Skole hver dag"):
        services.change_plan(plan, aim=aim, own_words=None, **desk.who_and_when)
    desk.session.commit()
    assert [event for event, *_ in events_of(owner, desk.case.id)] == ["handleplan.started", "handleplan.changed"]


def test_a_goal_is_set_and_reached(desk: Desk, owner: Engine) -> None:
    goal = desk.goal(desk.plan())
    services.change_goal(goal, text="Et job", state=GoalState.REACHED, **desk.who_and_when)
    services.change_goal(goal, text="Et job", state=GoalState.REACHED, **desk.who_and_when)
    desk.session.commit()
    assert (goal.text, goal.state) == ("Et job", GoalState.REACHED)
    changes = [details for event, _, details in events_of(owner, desk.case.id) if event == "handleplan.goal-changed"]
    assert changes == [{"goal": goal.id, "goal_state": "naaet"}]


def test_a_plan_does_not_close_before_each_measure_has_its_result(desk: Desk) -> None:
    plan = desk.plan()
    measure = desk.measure(plan)
    with pytest.raises(DomainError, match="resultatet af hver indsats"):
        close(desk, plan)
    services.end_measure(
        measure,
        state=MeasureState.ENDED,
        ended_on=TODAY,
        result=MeasureResult.GOOD,
        result_note=None,
        **desk.who_and_when,
    )
    close(desk, plan)
    assert not plan.is_open


def test_a_plan_does_not_end_before_it_began(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        close(desk, desk.plan(), BEFORE)
    assert refused.value.field == "closed_on"


def test_nothing_is_written_on_a_closed_plan(desk: Desk) -> None:
    plan = desk.plan()
    goal, follow_up = desk.goal(plan), desk.follow_up(plan)
    close(desk, plan)
    who = desk.who_and_when
    acts = (
        lambda: desk.goal(plan),
        lambda: desk.measure(plan),
        lambda: desk.follow_up(plan),
        lambda: services.change_plan(plan, aim="x", own_words=None, **who),
        lambda: services.change_goal(goal, text="x", state=GoalState.OPEN, **who),
        lambda: services.move_follow_up(follow_up, on_day=AFTER, **who),
        lambda: services.hold_follow_up(follow_up, held_on=TODAY, text="x", next_on=None, **who),
        lambda: services.cancel_follow_up(follow_up, on_day=TODAY, reason="x", **who),
        lambda: close(desk, plan),
    )
    for act in acts:
        with pytest.raises(DomainError, match="Planen er afsluttet"):
            act()


def test_a_closed_plan_is_reopened(desk: Desk, owner: Engine) -> None:
    plan = desk.plan()
    close(desk, plan)
    services.reopen_plan(plan, **desk.who_and_when)
    services.reopen_plan(plan, **desk.who_and_when)
    desk.session.commit()
    assert (plan.closed_on, plan.closing) == (None, None)
    assert [event for event, *_ in events_of(owner, desk.case.id)].count("handleplan.reopened") == 1


def test_a_plan_is_not_reopened_beside_a_newer_one(desk: Desk) -> None:
    plan = desk.plan()
    close(desk, plan)
    desk.plan()
    with pytest.raises(DomainError, match="nyere handleplan"):
        services.reopen_plan(plan, **desk.who_and_when)


# ---------------------------------------------------------------- measures


def test_a_measure_has_one_responsible(desk: Desk) -> None:
    plan = desk.plan()
    for known in ({"responsible_user_id": None}, {"organisation": "Klubben"}):
        with pytest.raises(DomainError):
            desk.measure(plan, **known)
    assert desk.measure(plan, responsible_user_id=None, organisation="Klubben").responsible == "Klubben"


def test_a_measure_does_not_end_before_it_begins(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.measure(desk.plan(), to_day=BEFORE)
    assert refused.value.field == "to_day"


def test_a_measure_begins_planned_or_under_way(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.measure(desk.plan(), state=MeasureState.ENDED)
    assert refused.value.field == "state"


def test_a_measure_helps_with_a_goal_of_its_own_plan(desk: Desk) -> None:
    plan = desk.plan()
    goal = desk.goal(plan)
    assert desk.measure(plan, goal=goal).goal_id == goal.id
    close_all(desk, plan)
    with pytest.raises(DomainError) as refused:
        desk.measure(desk.plan(), goal=goal)
    assert refused.value.field == "goal"


def close_all(desk: Desk, plan: Handleplan) -> None:
    for measure in queries.get_plan(desk.case.id, plan.id).measures:
        end(desk, measure)
    close(desk, plan)


def end(desk: Desk, measure: object, **known: object) -> None:
    values = {
        "state": MeasureState.ENDED,
        "ended_on": TODAY,
        "result": MeasureResult.SOME,
        "result_note": "Han mødte hver gang",
    }
    services.end_measure(measure, **values | known, **desk.who_and_when)  # type: ignore[arg-type]  # whatever is tried


def test_a_measure_gets_its_result_which_can_be_corrected(desk: Desk, owner: Engine) -> None:
    measure = desk.measure(desk.plan())
    end(desk, measure)
    end(desk, measure, result=MeasureResult.GOOD)
    desk.session.commit()
    assert (measure.state, measure.result, measure.ended_on) == (MeasureState.ENDED, MeasureResult.GOOD, TODAY)
    told = [details for event, _, details in events_of(owner, desk.case.id) if event == "handleplan.measure-ended"]
    assert [details["measure_result"] for details in told] == ["nogen", "god"]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"state": MeasureState.RUNNING}, "state"),
        ({"result": MeasureResult.NEVER_BEGUN}, "result"),
        ({"ended_on": BEFORE}, "ended_on"),
    ],
)
def test_a_result_must_make_sense(desk: Desk, known: dict[str, object], field: str) -> None:
    measure = desk.measure(desk.plan())
    with pytest.raises(DomainError) as refused:
        end(desk, measure, **known)
    assert refused.value.field == field


def test_a_measure_that_never_began_may_be_broken_off_before_its_day(desk: Desk) -> None:
    measure = desk.measure(desk.plan(), from_day=AFTER)
    end(desk, measure, state=MeasureState.BROKEN_OFF, result=MeasureResult.NEVER_BEGUN)
    assert measure.result is MeasureResult.NEVER_BEGUN


def test_an_ended_measure_is_taken_up_before_it_is_changed(desk: Desk) -> None:
    measure = desk.measure(desk.plan())
    end(desk, measure)
    with pytest.raises(DomainError, match="Genoptag"):
        services.change_measure(measure, desk.agreed(), **desk.who_and_when)
    services.reopen_measure(measure, **desk.who_and_when)
    services.reopen_measure(measure, **desk.who_and_when)
    assert (measure.state, measure.result, measure.result_note) == (MeasureState.RUNNING, None, None)
    services.change_measure(measure, desk.agreed(text="Hver søndag"), **desk.who_and_when)
    assert measure.text == "Hver søndag"


def test_a_closed_kind_is_kept_but_not_chosen(desk: Desk, owner: Engine) -> None:
    plan = desk.plan()
    measure = desk.measure(plan)
    desk.session.commit()
    with owner.begin() as connection:
        connection.execute(text("UPDATE measure_catalogue SET active = false WHERE code IN ('fritidsjob', 'klub')"))
    desk.session.expire_all()
    services.change_measure(measure, desk.agreed(text="Hver søndag"), **desk.who_and_when)
    with pytest.raises(DomainError, match="kan ikke længere vælges"):
        desk.measure(plan)
    with pytest.raises(DomainError, match="kan ikke længere vælges"):
        services.change_measure(measure, desk.agreed(kind=desk.kind("klub")), **desk.who_and_when)


# ---------------------------------------------------------------- follow-ups


def test_a_follow_up_is_held_and_the_next_agreed(desk: Desk) -> None:
    plan = desk.plan()
    follow_up = desk.follow_up(plan, TODAY)
    services.hold_follow_up(follow_up, held_on=TODAY, text="Godt", next_on=AFTER, **desk.who_and_when)
    days = [(each.on_day, each.is_open) for each in queries.get_plan(desk.case.id, plan.id).follow_ups]
    assert days == [(TODAY, False), (AFTER, True)]
    with pytest.raises(DomainError, match="holdt eller aflyst"):
        services.cancel_follow_up(follow_up, on_day=TODAY, reason="x", **desk.who_and_when)


def test_a_follow_up_is_moved_or_cancelled(desk: Desk, owner: Engine) -> None:
    follow_up = desk.follow_up(desk.plan())
    for _ in range(2):
        services.move_follow_up(follow_up, on_day=AFTER, **desk.who_and_when)
    services.cancel_follow_up(follow_up, on_day=TODAY, reason="Syg", **desk.who_and_when)
    desk.session.commit()
    assert (follow_up.on_day, follow_up.cancelled_on, follow_up.text) == (AFTER, TODAY, "Syg")
    told = [event for event, *_ in events_of(owner, desk.case.id)]
    assert told[-2:] == ["handleplan.follow-up-moved", "handleplan.follow-up-cancelled"]
    assert told.count("handleplan.follow-up-moved") == 1


def test_follow_ups_lie_after_the_plans_start_and_each_other(desk: Desk) -> None:
    plan = desk.plan()
    follow_up, who = desk.follow_up(plan, TODAY), desk.who_and_when
    acts: dict[str, Callable[[], object]] = {
        "on_day": lambda: services.move_follow_up(follow_up, on_day=BEFORE, **who),
        "held_on": lambda: services.hold_follow_up(follow_up, held_on=BEFORE, text="x", next_on=None, **who),
        "next_on": lambda: services.hold_follow_up(follow_up, held_on=TODAY, text="x", next_on=TODAY, **who),
    }
    for field, act in acts.items():
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.field == field
