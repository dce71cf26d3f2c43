"""The draft: begun from what was signed last, saved as it is written, one per case."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.access.models import User
from app.audit.models import Event
from app.cases.assessments import queries, services
from app.cases.assessments.models import Assessment, Rating, RatingSource, State
from app.cases.assessments.said import Said
from app.cases.assessments.services.drafts import SITTING
from app.cases.models import Case
from app.cases.queries import get_case
from app.core.errors import DomainError
from app.extensions import db
from tests.cases.acting import at_once
from tests.cases.assessments.conftest import NOW, Desk, rated, said
from tests.cases.pages import events
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at

ITEMS = 61


def test_first_draft_is_empty(desk: Desk) -> None:
    draft = desk.start()

    assert len(draft.ratings) == ITEMS
    assert all(rating.rating is None and not rating.carried for rating in draft.ratings)
    assert draft.on_day == date(2026, 3, 3)


def test_next_draft_holds_what_was_signed_last_marked_as_carried_over(desk: Desk) -> None:
    desk.signed(answers={"fravaer": Said(Rating.CLEARLY, RatingSource.SCHOOL, date(2026, 2, 1), "Væk siden jul")})

    draft = desk.start(at("2026-04-03"))

    fravaer = said(draft, "fravaer")
    assert (fravaer.rating, fravaer.source, fravaer.observed_on, fravaer.reasons, fravaer.carried) == (
        Rating.CLEARLY,
        RatingSource.SCHOOL,
        date(2026, 2, 1),
        "Væk siden jul",
        True,
    )
    assert all(rating.carried for rating in draft.ratings)


def test_judgement_is_never_carried_over(desk: Desk) -> None:
    desk.signed(concerns="Omgangskredsen")

    draft = desk.start(at("2026-04-03"))

    assert [draft.urgency, draft.urgency_reasons, draft.proposed_niveau, draft.review_on, draft.concerns] == [None] * 5


@pytest.mark.parametrize(
    "new",
    [
        Said(Rating.PARTLY, RatingSource.CITIZEN, date(2026, 3, 3)),
        Said(Rating.CLEARLY, RatingSource.CITIZEN, date(2026, 3, 3), "Set igen"),
        Said(Rating.CLEARLY, RatingSource.CITIZEN, date(2026, 3, 3), confirmed=True),
    ],
)
def test_what_is_changed_or_confirmed_is_carried_over_no_more(desk: Desk, new: Said) -> None:
    desk.signed(answers={"fravaer": rated(Rating.CLEARLY), "gaeld": rated(Rating.CLEARLY)})
    draft = desk.start(at("2026-04-03"))

    assert desk.save(draft, {"fravaer": new})

    draft = desk.draft()
    assert said(draft, "fravaer").carried is False
    assert said(draft, "fravaer").rating is new.rating
    assert said(draft, "gaeld").carried is True


def test_what_was_not_touched_stays_carried_over(desk: Desk) -> None:
    desk.signed(answers={"fravaer": rated(Rating.CLEARLY)})
    draft = desk.start(at("2026-04-03"))
    same = said(draft, "fravaer")

    assert not desk.save(draft, {"fravaer": Said(same.rating, same.source, same.observed_on, same.reasons)})

    assert said(desk.draft(), "fravaer").carried is True


def test_saving_nothing_new_leaves_the_draft_as_it_was(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, {"fravaer": rated(Rating.CLEARLY)}, concerns="Omgangskredsen")
    version = draft.version

    assert not desk.save(draft, {"fravaer": rated(Rating.CLEARLY)}, concerns="Omgangskredsen")

    assert draft.version == version


def test_items_of_no_checklist_are_left_out(desk: Desk) -> None:
    draft = desk.start()

    assert not desk.save(draft, {"findes_ikke": rated(Rating.CLEARLY)})


def test_there_is_one_draft_and_others_are_told_who_is_writing(desk: Desk, make: Make) -> None:
    desk.start()

    with pytest.raises(DomainError, match="Karin Kjær er allerede i gang"):
        services.start_draft(desk.case, by=make.user(unit=desk.by.unit), at=NOW)


def test_two_who_begin_at_once_begin_one_draft(app: Flask, case: Case, koordinator: User, owner: Engine) -> None:
    def begin() -> None:
        services.start_draft(get_case(case.id), by=koordinator, at=NOW)

    errors = at_once(app, [begin, begin, begin], koordinator)

    assert sum(error is None for error in errors) == 1
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM assessments")) == 1


def test_two_who_save_at_once_do_not_overwrite_each_other(desk: Desk, owner: Engine) -> None:
    draft = desk.start()
    desk.session.commit()
    draft = desk.draft()
    with owner.begin() as connection:
        connection.execute(text("UPDATE assessments SET version = version + 1"))

    with pytest.raises(StaleDataError):
        desk.save(draft, {"fravaer": rated(Rating.CLEARLY)})


def test_nothing_is_written_in_a_closed_case(desk: Desk, make: Make, owner: Engine) -> None:
    draft = desk.start()
    desk.session.commit()
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'afsluttet', closed_on = '2026-03-03'"))
    draft = desk.draft()

    for act in (
        lambda: desk.save(draft, {"fravaer": rated(Rating.CLEARLY)}),
        lambda: services.start_draft(draft.case, by=desk.by, at=NOW),
        lambda: services.sign(draft, by=desk.by, at=NOW),
    ):
        with pytest.raises(DomainError, match="Sagen er afsluttet"):
            act()


def test_record_tells_of_each_sitting_and_not_of_each_pause(
    desk: Desk, make: Make, owner: Engine, acting_as: ActAs
) -> None:
    desk.start()
    other = make.user(unit=desk.by.unit)
    told = []
    for by, later in (
        (desk.by, timedelta(minutes=1)),
        (desk.by, timedelta(minutes=2)),
        (other, timedelta(minutes=3)),
        (other, timedelta(minutes=3) + SITTING),
        (other, timedelta(minutes=4) + 2 * SITTING),
    ):
        acting_as(by, date(2026, 3, 3))
        draft = desk.draft()
        desk.save(draft, now=NOW + later, by=by, concerns=f"Omgangskredsen {later}")
        desk.session.commit()
        told.append(len(events(owner, Event.ASSESSMENT_SAVED)))

    assert told == [1, 1, 2, 2, 3]


def test_discarded_draft_is_shown_no_more_and_stays_in_the_database(desk: Desk, owner: Engine) -> None:
    draft = desk.start()

    services.discard_draft(draft, by=desk.by, at=NOW)
    desk.session.commit()

    assert queries.assessments_of(desk.case) == []
    assert queries.draft_of(desk.case) is None
    desk.start()
    desk.session.commit()
    with owner.connect() as connection:
        states = connection.scalars(select(Assessment.state).order_by(Assessment.id))
        assert list(states) == [State.DISCARDED, State.DRAFT]
    assert [event.case_id for event in events(owner, Event.ASSESSMENT_DISCARDED)] == [desk.case.id]


def test_database_holds_one_draft_per_case(desk: Desk) -> None:
    draft = desk.start()
    known = {name: getattr(draft, name) for name in ("case_id", "checklist_id", "on_day")}
    by = {"started_by_id": desk.by.id, "started_at": NOW, "saved_by_id": desk.by.id, "saved_at": NOW}

    db.session.add(Assessment(**known, **by))

    with pytest.raises(IntegrityError, match="uq_assessments_draft"):
        db.session.flush()
