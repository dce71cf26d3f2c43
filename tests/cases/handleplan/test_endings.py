"""Plans end with their case."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, literal, select

from app.audit.models import AuditEvent
from app.cases.codes import Result
from app.cases.handleplan import queries, services, telling
from app.cases.handleplan.codes import LineOutcome, MeasureResult, MeasureState
from app.cases.handleplan.models import Handleplan
from app.cases.intake import services as intake
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.handleplan.conftest import NOW, TODAY, Desk

LATER = TODAY + timedelta(days=14)
WHY = "Sagen er afsluttet."


def close(desk: Desk) -> None:
    intake.close_case(desk.case, reasons="Går i skole", result=Result.GOALS_MET, risk_view="Lav", **desk.who_and_when)
    desk.session.commit()
    desk.session.expire_all()


def read(desk: Desk, plan: Handleplan) -> Handleplan:
    return queries.get_plan(desk.case.id, plan.id)


def test_all_that_runs_ends_with_the_case_and_says_why(desk: Desk, owner: Engine) -> None:
    plan, acute = desk.plan(), desk.acute()
    goal = desk.goal(plan)
    ended = desk.measure(plan, goal=goal)
    services.end_measure(
        ended,
        state=MeasureState.ENDED,
        ended_on=TODAY,
        result=MeasureResult.GOOD,
        result_note="Fast",
        **desk.who_and_when,
    )
    desk.measure(plan)
    desk.measure(plan, state=MeasureState.PLANNED, from_day=LATER)
    desk.follow_up(plan, LATER)

    close(desk)

    plan, acute = read(desk, plan), read(desk, acute)
    assert [(each.closed_on, each.closing) for each in (plan, acute)] == [(TODAY, WHY)] * 2
    assert [(each.state, each.ended_on, each.result, each.result_note) for each in plan.measures] == [
        (MeasureState.ENDED, TODAY, MeasureResult.GOOD, "Fast"),
        (MeasureState.BROKEN_OFF, TODAY, MeasureResult.UNKNOWN, WHY),
        (MeasureState.BROKEN_OFF, TODAY, MeasureResult.NEVER_BEGUN, WHY),
    ]
    assert [(each.cancelled_on, each.text) for each in plan.follow_ups] == [(TODAY, WHY)]
    assert {line.outcome for line in acute.lines} == {LineOutcome.NOT_NEEDED}
    with owner.connect() as connection:
        recorded = connection.execute(select(AuditEvent.event, AuditEvent.user_id).order_by(AuditEvent.id)).all()
    assert recorded.count(("handleplan.closed", desk.by.id)) == 2


def test_a_plan_that_was_to_begin_later_ends_as_well(desk: Desk) -> None:
    plan = desk.plan(started_on=LATER)
    close(desk)
    assert read(desk, plan).closed_on == LATER


def test_nothing_runs_afterwards_nor_when_the_case_is_opened_again(desk: Desk) -> None:
    desk.plan(first_follow_up=TODAY)
    desk.acute()

    close(desk)
    intake.reopen_case(desk.case, reasons="Ny sigtelse", **desk.who_and_when)
    desk.session.commit()

    assert list(telling.tasks([desk.case.id], TODAY)) == []
    assert services.open_plans(desk.case) == []
    assert telling.words(glanced(desk), TODAY) is None
    assert services.start_plan(desk.case, aim="På ny", own_words=None, started_on=TODAY, by=desk.by, at=NOW).is_open


def glanced(desk: Desk) -> Any:
    return desk.session.scalar(select(telling.glance(literal(desk.case.id))))


def test_the_page_names_what_ends_before_it_does(browse: Browser, desk: Desk, case: Case) -> None:
    plan = desk.plan(first_follow_up=LATER)
    desk.measure(plan)
    desk.acute()
    desk.session.commit()

    page = browse.get(f"/sager/{case.id}/afslut")

    assert "Handleplan fra 20-11-2026: 1 indsats uden resultat, 1 opfølgning" in page.main
    assert "Akuthandleplan fra 20-11-2026: 8 linjer, der ikke er udført" in page.main
    assert page.links["Skriv resultaterne først"] == f"/sager/{case.id}/handleplan"
    page = browse.submit(page, {"reasons": "Går i skole", "result": "maal_naaet", "risk_view": "Lav"})
    for running in ("mål i gang", "Opfølgning på handleplanen", "Akut: "):
        assert running not in page.main
    assert "Afslut handleplanen" not in browse.get(f"/sager/{case.id}/handleplan").main


def test_a_case_without_plans_is_closed_without_a_word_about_them(browse: Browser, case: Case) -> None:
    assert "Planer, der slutter" not in browse.get(f"/sager/{case.id}/afslut").main
