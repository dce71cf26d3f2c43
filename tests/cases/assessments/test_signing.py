"""Signing: nothing is missing, what is signed stands, and the next review has a day."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.assessments import queries, services
from app.cases.assessments.models import Rating, RatingSource, State, Urgency
from app.cases.assessments.said import Said
from app.cases.models import Case
from app.cases.queries import get_case
from app.core.database import RowScope, set_settings
from app.core.errors import DomainError
from app.deadlines.models import Deadline, StopOutcome
from tests.cases.assessments.conftest import JUDGEMENT, NOW, Desk, rated, said
from tests.cases.pages import events
from tests.factories import Make
from tests.moments import at

A_FOURTH = """INSERT INTO niveauer (number, name, meaning, restricts, active, version)
    VALUES (4, 'bandeopgør', 'Som i København', true, true, 1)"""
ALL = ["main_source", "urgency", "urgency_reasons", "proposed_niveau"]


def test_what_is_missing_is_told_in_the_order_of_the_form(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, {"tidlig_debut": rated(Rating.ABSENT)})

    told = services.missing(desk.draft())

    assert [each.field for each in told if not each.is_item] == ALL
    assert [each.field for each in told][:2] == ["main_source", "gentagelse"]
    assert sum(each.is_item for each in told) == 60


@pytest.mark.parametrize("name", ALL)
def test_nobody_signs_without(desk: Desk, name: str) -> None:
    left_out: dict[str, Any] = {name: None}
    draft = desk.finish(desk.start(), **left_out)

    with pytest.raises(DomainError, match="Der mangler noget"):
        services.sign(draft, by=desk.by, at=NOW)


def test_one_item_without_an_answer_is_enough(desk: Desk) -> None:
    draft = desk.finish(desk.start())
    desk.save(draft, {"fravaer": Said()})

    with pytest.raises(DomainError, match="Der mangler noget"):
        services.sign(desk.draft(), by=desk.by, at=NOW)


def test_not_knowing_is_an_answer(desk: Desk) -> None:
    draft = desk.start()

    assert services.mark_rest_unknown(draft, by=desk.by, at=NOW) == 61
    assert [each.field for each in services.missing(desk.draft())] == ALL


def test_nobody_signs_what_was_carried_over_unseen(desk: Desk) -> None:
    """61 answers of last time are no assessment of today, until somebody has said that they hold."""
    desk.signed()
    draft = desk.start(at("2026-04-03"))
    desk.save(draft, now=at("2026-04-03"), **JUDGEMENT)
    missing = services.missing(desk.draft())
    assert len(missing) == 11
    assert all(each.is_domain and each.message.startswith("Bekræft eller ret det") for each in missing)
    with pytest.raises(DomainError, match="Der mangler noget"):
        services.sign(desk.draft(), by=desk.by, at=at("2026-04-03"))

    assert services.confirm_carried(desk.draft(), by=desk.by, at=at("2026-04-03")) == 61
    assert services.missing(desk.draft()) == []
    services.sign(desk.draft(), by=desk.by, at=at("2026-04-03"))


def test_one_answer_that_was_carried_over_names_its_domain(desk: Desk) -> None:
    desk.signed()
    draft = desk.start(at("2026-04-03"))
    others = {rating.item: Said(Rating.ABSENT) for rating in draft.ratings if rating.item != "fravaer"}
    desk.save(draft, others, at("2026-04-03"), **JUDGEMENT)

    (missing,) = services.missing(desk.draft())
    assert (missing.field, missing.is_domain) == ("skole_job", True)


def test_what_is_known_gets_the_source_and_day_of_the_assessment(desk: Desk) -> None:
    own = Said(Rating.CLEARLY, RatingSource.POLICE, date(2026, 2, 1), "Døgnrapport")

    signed = desk.signed(answers={"fravaer": rated(Rating.PARTLY), "gentagelse": own})

    assert (said(signed, "fravaer").source, said(signed, "fravaer").observed_on) == (
        RatingSource.CITIZEN,
        date(2026, 3, 3),
    )
    assert (said(signed, "gentagelse").source, said(signed, "gentagelse").observed_on) == (
        RatingSource.POLICE,
        date(2026, 2, 1),
    )
    assert (said(signed, "gaeld").source, said(signed, "gaeld").observed_on) == (None, None)


@pytest.mark.parametrize(
    ("niveau", "proposed", "due"),
    [
        (1, 1, date(2026, 9, 3)),
        (2, 2, date(2026, 6, 3)),
        (3, 3, date(2026, 4, 3)),
        (4, 4, date(2026, 4, 3)),
        (1, 3, date(2026, 4, 3)),
        (3, 1, date(2026, 4, 3)),
    ],
)
def test_review_falls_due_by_the_stricter_niveau(
    desk: Desk, make: Make, owner: Engine, niveau: int, proposed: int, due: date
) -> None:
    with owner.begin() as connection:
        connection.execute(text(A_FOURTH))
    case = make.case(niveau, owner=desk.by, unit=desk.by.unit, members=[desk.by])
    signed = Desk(get_case(case.id), desk.by, desk.session).signed(proposed_niveau=proposed)

    running = queries.running_review(case.id)

    assert running is not None
    assert (running.due_on, signed.review_on, running.subject_id) == (due, due, signed.id)
    assert running.rule.statutory is False


def test_an_earlier_day_can_be_chosen(desk: Desk) -> None:
    desk.signed(review_on=date(2026, 3, 20))

    running = queries.running_review(desk.case.id)
    assert running is not None
    assert running.due_on == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"review_on": date(2026, 3, 3)}, "review_on"),
        ({"review_on": date(2026, 6, 4)}, "review_on"),
        ({"on_day": date(2026, 3, 4)}, "on_day"),
    ],
)
def test_days_that_cannot_be_right_are_refused(desk: Desk, facts: dict[str, Any], field: str) -> None:
    draft = desk.finish(desk.start(), **facts)

    with pytest.raises(DomainError) as refused:
        services.sign(draft, by=desk.by, at=NOW)

    assert refused.value.field == field
    assert desk.draft().state is State.DRAFT


def test_next_assessment_cannot_be_older_than_the_one_before(desk: Desk) -> None:
    desk.signed()
    draft = desk.finish(desk.start(at("2026-03-10")), at("2026-03-10"), on_day=date(2026, 3, 2))

    with pytest.raises(DomainError, match="03-03-2026"):
        services.sign(draft, by=desk.by, at=at("2026-03-10"))


def test_signing_stops_the_clock_of_the_review_before(desk: Desk) -> None:
    first = desk.signed()
    second = desk.signed(at("2026-05-01"))

    clocks = list(desk.session.scalars(select(Deadline).order_by(Deadline.id)))

    assert [(each.subject_id, each.outcome) for each in clocks] == [(first.id, StopOutcome.MET), (second.id, None)]


def test_a_late_review_says_why(desk: Desk) -> None:
    desk.signed()

    with pytest.raises(DomainError) as refused:
        desk.signed(at("2026-07-01"))
    assert refused.value.field == "late_reason"


def test_a_late_review_with_its_reason_is_signed(desk: Desk) -> None:
    desk.signed()

    desk.signed(at("2026-07-01"), late_reason="Borgeren var bortrejst")

    first = desk.session.scalars(select(Deadline).order_by(Deadline.id)).first()
    assert first is not None
    assert (first.is_late, first.reason) == (True, "Borgeren var bortrejst")


def test_closing_lets_the_clock_go(desk: Desk) -> None:
    services.stop_review(desk.case, by=desk.by, at=NOW)
    desk.signed()

    services.stop_review(desk.case, by=desk.by, at=at("2026-03-10"))

    assert queries.running_review(desk.case.id) is None
    clock = desk.session.scalars(select(Deadline)).one()
    assert clock.outcome is StopOutcome.CANCELLED


def test_signing_is_recorded_with_codes_alone(desk: Desk, owner: Engine) -> None:
    signed = desk.signed(urgency=Urgency.HIGH)
    desk.session.commit()

    [event] = events(owner, Event.ASSESSMENT_SIGNED)
    assert (event.case_id, event.subject_id, event.user_id) == (desk.case.id, signed.id, desk.by.id)
    assert event.details == {"urgency": "hoej", "proposed_niveau": 2, "review_on": "2026-06-03"}


STANDS = [
    "UPDATE assessments SET urgency = 'lav'",
    "UPDATE assessments SET state = 'kladde', ended_at = NULL, ended_by_id = NULL",
    "UPDATE assessment_ratings SET rating = 'tydeligt'",
    "DELETE FROM assessment_ratings",
    "DELETE FROM assessments",
    """INSERT INTO assessment_ratings (assessment_id, case_id, item, carried)
    SELECT id, case_id, 'ny', false FROM assessments""",
]


@pytest.mark.parametrize("statement", STANDS)
def test_what_is_signed_stands_even_against_the_owner(desk: Desk, owner: Engine, statement: str) -> None:
    desk.signed()
    desk.session.commit()

    with owner.connect() as connection, pytest.raises(DBAPIError, match="is no draft any more"):
        connection.execute(text(statement))


def test_database_signs_nothing_with_an_item_unanswered(desk: Desk, owner: Engine) -> None:
    draft = desk.finish(desk.start())
    desk.save(draft, {"fravaer": Said()}, review_on=date(2026, 4, 1))
    desk.session.commit()

    with owner.connect() as connection, pytest.raises(IntegrityError, match="items without a rating"):
        connection.execute(
            text("UPDATE assessments SET state = 'underskrevet', ended_at = saved_at, ended_by_id = saved_by_id")
        )


def test_draft_can_be_taken_away_by_the_owner(desk: Desk, owner: Engine) -> None:
    """Disposal under the rules of the archive is the owner's act."""
    desk.start()
    desk.session.commit()

    with owner.begin() as connection:
        connection.execute(text("DELETE FROM assessment_ratings"))
        assert connection.execute(text("DELETE FROM assessments")).rowcount == 1


def test_mentor_writes_nothing(desk: Desk, make: Make, case: Case, web: Engine) -> None:
    desk.start()
    desk.session.commit()
    mentor: User = make.user(Role.MENTOR, desk.by.unit)
    make.access(case, mentor)
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(mentor.id, date(2026, 3, 3))))
        assert connection.scalar(text("SELECT count(*) FROM assessments")) == 1
        assert connection.execute(text("UPDATE assessments SET urgency = 'lav'")).rowcount == 0
        assert connection.execute(text("UPDATE assessment_ratings SET rating = 'delvist'")).rowcount == 0
