"""What a plan tells elsewhere: timeline, tasks, the glance at the case, and the paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select
from sqlalchemy.orm import Session, scoped_session

from app.cases.glances import Shown
from app.cases.handleplan import paper, queries, services, telling
from app.cases.handleplan.codes import GoalState, LineOutcome, MeasureResult, MeasureState
from app.cases.handleplan.models import Handleplan, Measure
from app.cases.journal.listing import narrowed
from app.core import clock
from app.documents.document import Document
from app.documents.pdf import render
from tests.cases.handleplan.conftest import TODAY, Desk
from tests.cases.pages import statements
from tests.paper import words

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def within_a_request(app: Flask, desk: Desk) -> Any:
    """Addresses are made, as they are while a page is."""
    with app.test_request_context():
        yield


def ended(desk: Desk, measure: Measure) -> Measure:
    services.end_measure(
        measure,
        state=MeasureState.ENDED,
        ended_on=TODAY,
        result=MeasureResult.GOOD,
        result_note="Fast arbejde",
        **desk.who_and_when,
    )
    return measure


def full(desk: Desk) -> Handleplan:
    """A plan with one of everything."""
    plan = desk.plan(own_words="Jeg vil have ro")
    goal = desk.goal(plan)
    ended(desk, desk.measure(plan, goal=goal, note="Chefen ved det"))
    desk.measure(plan, kind=desk.kind("klub"), responsible_user_id=None, organisation="Klub Nord", to_day=TOMORROW)
    held = desk.follow_up(plan, TODAY)
    services.hold_follow_up(held, held_on=TODAY, text="Det går fremad", next_on=TOMORROW, **desk.who_and_when)
    gone = desk.follow_up(plan, TODAY)
    services.cancel_follow_up(gone, on_day=TODAY, reason="Syg", **desk.who_and_when)
    return plan


def told(desk: Desk) -> list[tuple[str, str]]:
    return sorted((entry.title, entry.text) for entry in telling.entries(desk.case))


def test_the_timeline_tells_what_was_begun_ended_held_and_done(desk: Desk) -> None:
    plan = full(desk)
    acute = desk.acute()
    line = queries.get_plan(desk.case.id, acute.id).lines[0]
    services.end_line(line, outcome=LineOutcome.DONE, **desk.who_and_when)
    assert told(desk) == [
        ("Akuthandleplan begyndt", ""),
        ("Akuthandleplan: udført", line.what),
        ("Handleplan begyndt", plan.aim),
        ("Indsats aftalt: Fritidsjob", "Tre timer hver lørdag"),
        ("Indsats aftalt: Klub eller fritidstilbud", "Tre timer hver lørdag"),
        ("Indsats slut: Fritidsjob (god virkning)", ""),
        ("Opfølgning på handleplanen", "Det går fremad"),
    ]


def test_the_timeline_tells_who_began_and_when(desk: Desk) -> None:
    plan = desk.plan(started_on=YESTERDAY)
    services.close_plan(plan, closed_on=TODAY, closing=None, **desk.who_and_when)
    entries = {entry.title: entry for entry in telling.entries(desk.case)}
    assert entries["Handleplan begyndt"].who == "Karin Kjær"
    assert entries["Handleplan begyndt"].at == desk.who_and_when["at"]
    assert clock.local_date(entries["Handleplan afsluttet"].at) == TODAY
    assert entries["Handleplan afsluttet"].url == f"/sager/{desk.case.id}/handleplan/{plan.id}"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Klub Nord", "Indsats aftalt: Klub eller fritidstilbud"),
        ("chefen", "Indsats aftalt: Fritidsjob"),
        ("karin kjær fritidsjob", "Indsats aftalt: Fritidsjob"),
        ("fast arbejde", "Indsats slut: Fritidsjob (god virkning)"),
    ],
)
def test_who_does_a_measure_and_what_was_noted_of_it_are_searched_and_not_shown(
    desk: Desk, words: str, title: str
) -> None:
    full(desk)
    [found] = narrowed(telling.entries(desk.case), kind=None, who=None, words=words)
    assert (found.title, words.split(maxsplit=1)[0].lower() in found.text.lower()) == (title, False)


def test_the_timeline_takes_one_statement_however_much_there_is(desk: Desk) -> None:
    full(desk)
    with statements() as seen:
        list(telling.entries(desk.case))
    assert len(seen) == 1


# ---------------------------------------------------------------- tasks


def to_do(desk: Desk, today: date = TODAY) -> list[tuple[str, date | None]]:
    return [(task.title, task.due_on) for task in telling.tasks([desk.case.id], today)]


def test_follow_ups_and_overdue_measures_are_to_be_done(desk: Desk) -> None:
    full(desk)
    assert to_do(desk) == [("Opfølgning på handleplanen", TOMORROW)]
    overdue = ("Skriv resultatet af indsatsen Klub eller fritidstilbud", TOMORROW)
    assert overdue not in to_do(desk, TOMORROW)
    assert overdue in to_do(desk, TOMORROW + timedelta(days=1))


def test_lines_are_to_be_done_on_the_danish_day_they_are_due(desk: Desk) -> None:
    plan = desk.acute()
    found = to_do(desk)
    assert len(found) == len(services.acute.STANDARD_LINES)
    assert {day for _, day in found} == {TOMORROW, TODAY + timedelta(days=3)}
    for line in queries.get_plan(desk.case.id, plan.id).lines:
        services.end_line(line, outcome=LineOutcome.NOT_NEEDED, **desk.who_and_when)
    assert to_do(desk) == []


def test_nothing_is_to_be_done_in_a_closed_plan_or_case(desk: Desk, db_session: scoped_session[Session]) -> None:
    plan = desk.plan(first_follow_up=TODAY)
    services.close_plan(plan, closed_on=TODAY, closing=None, **desk.who_and_when)
    assert to_do(desk) == []


# ---------------------------------------------------------------- the glance


def seen(desk: Desk, today: date = TODAY) -> Shown | None:
    value = desk.session.scalar(select(telling.glance(literal(desk.case.id))))
    return telling.words(value, today)


def test_without_a_plan_there_is_nothing_to_see(desk: Desk) -> None:
    assert seen(desk) is None


def test_the_glance_tells_goals_and_the_next_follow_up(desk: Desk) -> None:
    plan = desk.plan()
    assert seen(desk) == Shown("Ingen opfølgning aftalt", "soon")
    desk.goal(plan)
    services.change_goal(desk.goal(plan, "Andet"), text="Andet", state=GoalState.REACHED, **desk.who_and_when)
    desk.follow_up(plan, TOMORROW)
    assert seen(desk) == Shown("1 mål i gang, opfølgning 21-11-2026")
    assert seen(desk, TOMORROW) == Shown("Opfølgning 21-11-2026", "today")
    assert seen(desk, TOMORROW + timedelta(days=1)) == Shown("Opfølgning 21-11-2026", "late")


def test_the_akuthandleplan_comes_first(desk: Desk) -> None:
    desk.plan()
    plan = desk.acute()
    assert seen(desk) == Shown("Akut: 8 mangler", "today")
    assert seen(desk, TODAY + timedelta(days=2)) == Shown("Akut: 8 mangler", "late")
    for line in queries.get_plan(desk.case.id, plan.id).lines:
        services.end_line(line, outcome=LineOutcome.DONE, **desk.who_and_when)
    assert seen(desk) == Shown("Akut: alt er gjort", "ok")


# ---------------------------------------------------------------- paper


def test_all_plans_are_filed_in_full(desk: Desk) -> None:
    plan = full(desk)
    for measure in queries.get_plan(desk.case.id, plan.id).measures:
        if measure.is_open:
            services.end_measure(
                measure,
                state=MeasureState.BROKEN_OFF,
                ended_on=TODAY,
                result=MeasureResult.NONE,
                result_note=None,
                **desk.who_and_when,
            )
    services.close_plan(plan, closed_on=TODAY, closing="Familien flyttede", **desk.who_and_when)
    acute = desk.acute()
    services.end_line(queries.get_plan(desk.case.id, acute.id).lines[0], outcome=LineOutcome.DONE, **desk.who_and_when)
    desk.session.commit()
    desk.session.expire_all()

    said = words(render(Document("Sag", [], paper.filed(desk.case, TODAY))))

    for expected in (
        "Handleplan fra 20-11-2026",
        "Akuthandleplan fra 20-11-2026",
        "Jeg vil have ro",
        "Chefen ved det",
        "God virkning",
        "Fast arbejde",
        "Det går fremad",
        "Aflyst 20-11-2026 Syg",
        "Familien flyttede",
        "Udført 20-11-2026 kl. 10.00",
    ):
        assert expected in said


def test_a_case_without_plans_files_nothing(desk: Desk) -> None:
    assert paper.filed(desk.case, TODAY) == []


def test_the_citizens_copy_of_an_empty_plan_says_so(desk: Desk) -> None:
    plan = desk.plan()
    said = words(render(paper.citizens_copy(queries.get_plan(desk.case.id, plan.id), TODAY)))
    assert "Vi har ikke sat mål endnu." in said
    assert "Vi har ikke aftalt noget endnu." in said
    assert "Vi aftaler en dag sammen." in said


def test_the_citizens_copy_tells_agreements_and_days_but_nothing_internal(desk: Desk) -> None:
    plan = full(desk)
    desk.session.expire_all()
    said = words(render(paper.citizens_copy(queries.get_plan(desk.case.id, plan.id), TODAY)))
    for expected in ("Jeg vil have ro", "Et fritidsjob", "Klub Nord", "til 21-11-2026", "lørdag 21. november 2026"):
        assert expected in said
    for internal in ("Chefen ved det", "God virkning", "Fast arbejde", "Det går fremad", "Syg"):
        assert internal not in said
