"""The arithmetic of recidivism: windows, boundaries, withdrawals, what was known when."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.incidents.models import IncidentKind, Recidivism, Verdict
from app.cases.incidents.recidivism import (
    CASE_START,
    WINDOWS,
    Answer,
    Fact,
    Finding,
    IndexDay,
    Judgement,
    chosen_index,
    findings,
    index_days,
)

INDEX = IndexDay(CASE_START, "Sagens start", date(2024, 2, 29))
LATER = date(2040, 1, 1)
days = st.dates(date(2010, 1, 1), date(2035, 12, 31))
kinds = st.sampled_from(IncidentKind)


def fact(number: int, kind: IncidentKind, happened_on: date, **known: Any) -> Fact:
    return Fact(number, kind, happened_on, known.get("act_on"), known.get("known_on", happened_on), known.get("about"))


def of(kind: Recidivism, facts: list[Fact], *, index: IndexDay = INDEX, today: date = LATER, **said: Any) -> Finding:
    found = findings(index, facts, said.get("judgements", ()), today)
    return next(each for each in found if each.kind is kind)


def answers(finding: Finding) -> list[Answer]:
    return [window.answer for window in finding.windows]


YES, NO, RUNNING = Answer.YES, Answer.NO, Answer.RUNNING


@pytest.mark.parametrize(
    ("charged", "expected"),
    [
        (date(2024, 2, 29), [NO, NO, NO]),
        (date(2024, 3, 1), [YES, YES, YES]),
        (date(2024, 8, 29), [YES, YES, YES]),
        (date(2024, 8, 30), [NO, YES, YES]),
        (date(2025, 2, 28), [NO, YES, YES]),
        (date(2025, 3, 1), [NO, NO, YES]),
        (date(2026, 2, 28), [NO, NO, YES]),
        (date(2026, 3, 1), [NO, NO, NO]),
    ],
)
def test_the_index_day_is_not_counted_and_the_last_day_is(charged: date, expected: list[Answer]) -> None:
    assert answers(of(Recidivism.CHARGE, [fact(1, IncidentKind.CHARGE, charged)])) == expected


def test_a_window_that_is_not_over_says_so() -> None:
    assert answers(of(Recidivism.CHARGE, [], today=date(2024, 8, 29))) == [RUNNING, RUNNING, RUNNING]
    assert answers(of(Recidivism.CHARGE, [], today=date(2024, 8, 30))) == [NO, RUNNING, RUNNING]


def test_what_was_done_before_the_index_day_is_no_relapse_however_late_the_charge() -> None:
    old = fact(1, IncidentKind.CHARGE, date(2024, 5, 1), act_on=date(2024, 2, 29))
    assert not of(Recidivism.CHARGE, [old]).is_recidivism


def test_a_sentence_counts_on_the_day_of_the_act_however_late_it_falls() -> None:
    late = fact(1, IncidentKind.SENTENCE, date(2027, 1, 1), act_on=date(2024, 6, 1))
    assert answers(of(Recidivism.SENTENCE, [late])) == [YES, YES, YES]
    assert not of(Recidivism.SENTENCE, [late], today=date(2026, 12, 31)).is_recidivism


def test_serving_the_old_sentence_is_no_relapse() -> None:
    day = date(2024, 5, 1)
    assert not of(Recidivism.IMPRISONMENT, [fact(1, IncidentKind.IMPRISONMENT, day)]).is_recidivism
    assert of(Recidivism.IMPRISONMENT, [fact(1, IncidentKind.REIMPRISONMENT, day)]).is_recidivism
    new_act = fact(1, IncidentKind.IMPRISONMENT, day, act_on=date(2024, 3, 1))
    assert of(Recidivism.IMPRISONMENT, [new_act]).is_recidivism
    for act in (date(2024, 2, 1), INDEX.on):
        old_act = fact(1, IncidentKind.REIMPRISONMENT, day, act_on=act)
        assert not of(Recidivism.IMPRISONMENT, [old_act]).is_recidivism


@pytest.mark.parametrize("kind", [IncidentKind.SUSPICION, IncidentKind.REMAND, IncidentKind.RELEASE])
def test_suspicion_remand_and_release_count_as_nothing(kind: IncidentKind) -> None:
    assert not any(each.is_recidivism for each in findings(INDEX, [fact(1, kind, date(2024, 5, 1))], (), LATER))


def test_a_withdrawal_takes_the_flag_from_the_day_it_is_known() -> None:
    charge = fact(1, IncidentKind.CHARGE, date(2024, 5, 1))
    withdrawn = fact(2, IncidentKind.WITHDRAWAL, date(2024, 6, 1), known_on=date(2024, 7, 1), about=1)
    assert of(Recidivism.CHARGE, [charge, withdrawn], today=date(2024, 6, 30)).is_recidivism
    assert not of(Recidivism.CHARGE, [charge, withdrawn], today=date(2024, 7, 1)).is_recidivism


def test_what_is_set_aside_does_not_count_but_the_next_does() -> None:
    first, second = fact(1, IncidentKind.CHARGE, date(2024, 5, 1)), fact(2, IncidentKind.CHARGE, date(2024, 10, 1))
    aside = [Judgement(1, INDEX.on, Verdict.SET_ASIDE)]
    finding = of(Recidivism.CHARGE, [first, second], judgements=aside)
    assert [each.fact.id for each in finding.counted] == [2]
    assert [each.fact.id for each in finding.set_aside] == [1]
    assert answers(finding) == [NO, YES, YES]


def test_the_last_word_holds() -> None:
    charge = [fact(1, IncidentKind.CHARGE, date(2024, 5, 1))]
    words = [Judgement(1, INDEX.on, Verdict.SET_ASIDE), Judgement(1, INDEX.on, Verdict.CONFIRMED)]
    assert of(Recidivism.CHARGE, charge, judgements=words).is_confirmed
    assert not of(Recidivism.CHARGE, charge, judgements=words[::-1]).is_recidivism


@pytest.mark.parametrize(
    ("said_of", "verdict", "expected"),
    [
        (date(2024, 2, 28), Verdict.SET_ASIDE, "no"),
        (date(2024, 3, 1), Verdict.SET_ASIDE, "unsaid"),
        (date(2024, 3, 1), Verdict.CONFIRMED, "confirmed"),
        (date(2024, 2, 28), Verdict.CONFIRMED, "unsaid"),
    ],
)
def test_done_after_a_day_is_after_earlier_ones_and_before_it_before_later_ones(
    said_of: date, verdict: Verdict, expected: str
) -> None:
    charge = [fact(1, IncidentKind.CHARGE, date(2024, 5, 1))]
    finding = of(Recidivism.CHARGE, charge, judgements=[Judgement(1, said_of, verdict)])
    said = "confirmed" if finding.is_confirmed else "unsaid"
    assert (said if finding.is_recidivism else "no") == expected


def test_the_sentence_for_a_relapse_does_not_make_the_relapse_unsaid() -> None:
    release = fact(1, IncidentKind.RELEASE, date(2024, 2, 29))
    charge = fact(2, IncidentKind.CHARGE, date(2024, 5, 1), act_on=date(2024, 4, 1))
    sentence = fact(3, IncidentKind.SENTENCE, date(2024, 9, 1), act_on=date(2024, 4, 1))
    story = [release, charge, sentence]
    start = date(2020, 1, 1)
    assert chosen_index(start, story, (), date(2024, 10, 1)).key == "1"
    assert chosen_index(date(2024, 3, 15), story, (), date(2024, 10, 1)).key == "1", "a release before the start"
    # When its longest window is over, the newest day it is.
    assert chosen_index(start, story, (), date(2026, 3, 1)).key == "3"


def test_a_relapse_after_the_start_of_the_case_alone_is_seen_from_there() -> None:
    old, charge = fact(1, IncidentKind.SENTENCE, date(2015, 1, 1)), fact(2, IncidentKind.CHARGE, date(2024, 5, 1))
    assert chosen_index(date(2024, 1, 1), [old, charge], (), date(2024, 6, 1)).key == CASE_START
    assert chosen_index(date(2024, 1, 1), [old], (), date(2024, 6, 1)).key == "1"


def test_without_sentence_or_release_it_is_the_start_of_the_case() -> None:
    assert chosen_index(date(2024, 1, 1), [], (), LATER) == IndexDay(CASE_START, "Sagens start", date(2024, 1, 1))


def test_a_sentence_that_was_set_aside_is_no_index_day() -> None:
    sentence = fact(1, IncidentKind.SENTENCE, date(2024, 3, 1))
    gone = fact(2, IncidentKind.WITHDRAWAL, date(2024, 4, 1), about=1)
    assert [day.key for day in index_days(date(2024, 1, 1), [sentence, gone], LATER)] == [CASE_START]


@given(st.lists(st.tuples(kinds, days, st.none() | days), max_size=6), days, days)
def test_windows_nest_and_only_what_follows_counts(
    rows: list[tuple[IncidentKind, date, date | None]], start: date, today: date
) -> None:
    facts = [
        fact(number, kind, happened, act_on=act if act and act <= happened else None)
        for number, (kind, happened, act) in enumerate(rows)
    ]
    index = IndexDay(CASE_START, "Sagens start", start)
    for finding in findings(index, facts, (), today):
        assert [window.months for window in finding.windows] == list(WINDOWS)
        untils = [window.until for window in finding.windows]
        assert start < untils[0] < untils[1] < untils[2] < start + timedelta(days=732)
        said = [window.answer is YES for window in finding.windows]
        assert said == sorted(said), "a longer window holds what a shorter one holds"
        assert finding.is_recidivism == said[-1]
        assert all(start < each.on <= untils[-1] and each.fact.known_on <= today for each in finding.counted)
        assert finding.shortest == next((months for months, yes in zip(WINDOWS, said, strict=True) if yes), None)


@given(days, st.integers(1, 900))
def test_an_act_counts_in_the_window_that_it_lies_in(start: date, after: int) -> None:
    act = start + timedelta(days=after)
    charge = fact(1, IncidentKind.CHARGE, act + timedelta(days=400), act_on=act)
    finding = of(Recidivism.CHARGE, [charge], index=IndexDay(CASE_START, "Sagens start", start))
    assert answers(finding) == [YES if act <= window.until else NO for window in finding.windows]
