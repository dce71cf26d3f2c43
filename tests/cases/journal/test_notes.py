"""Notes and their corrections: what is written stays."""

import threading
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.access.models import Role
from app.cases.journal import moments, queries, services
from app.cases.journal.models import NoteKind
from app.core.database import RowScope, set_settings
from app.core.errors import ChangedMeanwhileError, DomainError
from tests.cases.acting import at_once, events_of
from tests.cases.journal.conftest import NOW, TODAY, Desk
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at


def test_a_note_is_kept_and_recorded_without_its_words(desk: Desk, owner: Engine) -> None:
    note = desk.note()
    desk.session.commit()
    assert queries.get_note(desk.case.id, note.id).text == "Moren er bekymret"
    (event,) = events_of(owner, desk.case.id)
    assert event == ("journal.note-added", desk.by.id, {"note": "telefon"})
    with owner.connect() as connection:
        stored = connection.execute(text("SELECT text, parties FROM journal_notes")).one()
    assert b"bekymret" not in bytes(stored.text)
    assert b"Moren" not in bytes(stored.parties)


@pytest.mark.parametrize(
    ("day", "clock", "field"),
    [
        (TODAY + timedelta(days=1), None, "happened_on"),
        (TODAY + timedelta(days=1), time(8), "happened_on"),
        (TODAY, time(10, 1), "happened_time"),
        (date(2026, 3, 29), time(2, 30), "happened_time"),
    ],
)
def test_what_lies_ahead_or_never_was_is_refused(desk: Desk, day: date, clock: time | None, field: str) -> None:
    with pytest.raises(DomainError) as caught:
        desk.note(happened_on=day, happened_time=clock)
    assert caught.value.field == field
    assert queries.notes_of_case(desk.case.id) == []


def test_this_very_minute_and_today_without_a_time_have_happened(desk: Desk) -> None:
    desk.note(happened_time=time(10))
    desk.note(happened_time=None)
    assert len(queries.notes_of_case(desk.case.id)) == 2


def test_a_closed_case_can_still_be_noted_in(make: Make, desk: Desk, acting_as: ActAs) -> None:
    closed = make.case(owner=desk.by, closed=date(2026, 6, 1))
    desk.case = closed
    assert desk.note().case_id == closed.id


def test_a_correction_keeps_what_stood_there(desk: Desk, owner: Engine) -> None:
    first = desk.note("Moren ringede")
    later = NOW + timedelta(hours=1)
    second = desk.correct(first, now=later, text="Faren ringede")
    third = desk.correct(second, now=later, parties=None)
    desk.session.commit()
    now = queries.get_note(desk.case.id, first.id)
    assert (now.text, now.parties, now.revision, now.thread_id) == ("Faren ringede", None, 3, first.id)
    assert [(each.revision, each.text) for each in queries.revisions(third)] == [
        (2, "Faren ringede"),
        (1, "Moren ringede"),
    ]
    assert [note.id for note in queries.notes_of_case(desk.case.id)] == [third.id]
    assert [event for event, *_ in events_of(owner, desk.case.id)][1:] == ["journal.note-corrected"] * 2


def test_saving_the_same_once_more_makes_no_revision(desk: Desk, owner: Engine) -> None:
    note = desk.note()
    assert desk.correct(note) is note
    desk.session.commit()
    assert len(events_of(owner, desk.case.id)) == 1


def test_a_revision_that_has_been_corrected_cannot_be_corrected_again(desk: Desk) -> None:
    first = desk.note()
    desk.correct(first, text="Rettet")
    with pytest.raises(ChangedMeanwhileError):
        desk.correct(first, text="Rettet på en anden måde")


def test_two_who_correct_at_once_do_not_overrule_each_other(app: Flask, desk: Desk) -> None:
    case_id, note_id, by = desk.case.id, desk.note().id, desk.by
    desk.session.commit()
    both_have_read = threading.Barrier(2)

    def correct(words: str) -> Callable[[], object]:
        def act() -> object:
            note = queries.get_note(case_id, note_id)
            both_have_read.wait()
            return services.correct_note(
                note, kind=note.kind, happened_on=TODAY, happened_time=None, parties=None, text=words, by=by, at=NOW
            )

        return act

    errors = at_once(app, [correct("Den ene"), correct("Den anden")], by)
    assert sorted(type(error) is ChangedMeanwhileError for error in errors) == [False, True]
    assert len(queries.all_revisions_of_case(case_id)) == 2


def test_a_mentor_corrects_his_own_notes_only(desk: Desk, make: Make, acting_as: ActAs) -> None:
    mentor = make.user(Role.MENTOR, desk.by.unit)
    make.access(desk.case, mentor)
    of_coordinator = desk.note()
    desk.session.commit()
    acting_as(mentor, TODAY)
    with pytest.raises(DomainError) as caught:
        desk.correct(of_coordinator, by=mentor, text="Rettet")
    assert caught.value.message == services.NOT_YOURS
    own = services.add_note(
        desk.case,
        kind=NoteKind.OTHER,
        happened_on=TODAY,
        happened_time=None,
        parties=None,
        text="Gik en tur",
        by=mentor,
        at=NOW,
    )
    assert desk.correct(own, by=mentor, text="Gik en lang tur").revision == 2
    desk.session.commit()
    acting_as(desk.by, TODAY)
    assert desk.correct(queries.get_note(desk.case.id, own.id), text="De gik en tur").revision == 3


def test_not_even_the_owner_of_the_tables_rewrites_a_note(desk: Desk, owner: Engine) -> None:
    first = desk.note()
    desk.correct(first, text="Rettet")
    desk.session.commit()
    for change in ("text = '\\x00'", "revision = 7", "superseded_at = NULL", "author_id = NULL"):
        with owner.connect() as connection, pytest.raises(IntegrityError, match="corrected by a new one"):
            connection.execute(text(f"UPDATE journal_notes SET {change}"))


def test_the_database_lets_a_mentor_supersede_nobody_elses_note(
    desk: Desk, make: Make, web: Engine, owner: Engine
) -> None:
    mentor = make.user(Role.MENTOR, desk.by.unit)
    make.access(desk.case, mentor)
    note = desk.note()
    desk.session.commit()
    with web.begin() as connection:
        connection.execute(set_settings(RowScope(mentor.id, TODAY)))
        assert connection.execute(text("UPDATE journal_notes SET superseded_at = now()")).rowcount == 0
    revision = text(
        "INSERT INTO journal_notes (case_id, original_id, revision, kind, happened_on, text, author_id, written_at)"
        " VALUES (:case, :original, 2, 'andet', '2026-11-20', '', :author, now())"
    )
    values = {"case": desk.case.id, "original": note.id, "author": mentor.id}
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(mentor.id, TODAY)))
        with pytest.raises(IntegrityError, match="ix_journal_notes_current"):
            connection.execute(revision, values)
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(mentor.id, TODAY)))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(revision, values | {"author": desk.by.id})


def test_a_revision_hangs_on_the_case_of_what_it_corrects(desk: Desk, make: Make, owner: Engine) -> None:
    note = desk.note()
    other = make.case(owner=desk.by)
    desk.session.commit()
    revision = text(
        "INSERT INTO journal_notes (case_id, original_id, revision, kind, happened_on, text, author_id, written_at)"
        " VALUES (:case, :original, 2, 'andet', '2026-11-20', '', :author, now())"
    )
    with owner.connect() as connection:
        connection.execute(text("UPDATE journal_notes SET superseded_at = now()"))
        with pytest.raises(IntegrityError, match="original_id_case_id"):
            connection.execute(revision, {"case": other.id, "original": note.id, "author": desk.by.id})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["Moren ringede", "Faren ringede", "Skolen ringede"]), min_size=1, max_size=5))
def test_whatever_is_corrected_everything_that_was_said_can_be_read(desk: Desk, said: list[str]) -> None:
    note = desk.note(said[0])
    for words in said[1:]:
        note = desk.correct(note, text=words)
    different = [words for index, words in enumerate(said) if index == 0 or words != said[index - 1]]
    kept = [queries.get_note(desk.case.id, note.thread_id), *queries.revisions(note)]
    assert [each.text for each in reversed(kept)] == different
    assert [each.revision for each in kept] == list(range(len(different), 0, -1))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 30)), st.times(), st.integers(-3000, 3000))
def test_ahead_is_what_the_clock_has_not_come_to(day: date, clock: time, minutes: int) -> None:
    try:
        happened = moments.instant_of(day, clock)
    except ValueError:
        return
    now = happened + timedelta(minutes=minutes)
    assert moments.is_later_than(day, clock, now) == (minutes < 0)
    assert not moments.is_later_than(day, None, at(day.isoformat()))
