"""Registering what the police handed over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.audit.models import AuditEvent, Event
from app.cases.models import Case
from app.cases.queries import get_case
from app.core.errors import DomainError
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Documentation, Exemption, Netvaerkssamraad, PartyRole, Stage
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED, Desk


def refused(desk: Desk, *args: object, **known: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        desk.register(*args, **known)  # type: ignore[arg-type]  # whatever the test says
    assert desk.session.scalar(select(func.count()).select_from(Netvaerkssamraad)) == 0
    return refusal.value


def test_received_on_a_tuesday_ends_on_the_tuesday_after(desk: Desk) -> None:
    samraad = desk.register(at("2026-03-03 10.00"))

    clock = desk.clock(samraad)
    assert (clock.started_on, clock.due_on) == (date(2026, 3, 3), date(2026, 3, 10))
    assert clock.is_open
    assert samraad.stage is Stage.AWAITS_SUMMONS


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-03 00.00", date(2026, 3, 10)),
        ("2026-03-03 23.59", date(2026, 3, 10)),
        ("2026-03-28 12.00", date(2026, 4, 4)),
        ("2026-10-24 23.30", date(2026, 10, 31)),
    ],
    ids=["first minute", "last minute", "into summer time, a Saturday", "into winter time"],
)
def test_the_local_date_of_receipt_counts(desk: Desk, received: str, due: date) -> None:
    assert desk.clock(desk.register(at(received))).due_on == due


def test_late_registration_does_not_move_the_clock(desk: Desk) -> None:
    samraad = desk.register(RECEIVED, now=at("2026-03-12 09.00"))

    assert desk.clock(samraad).due_on == date(2026, 3, 10)
    assert desk.clock(samraad).is_overdue(date(2026, 3, 12))


def test_what_is_known_is_kept(desk: Desk) -> None:
    samraad = desk.register(documentation=Documentation.OTHER, documentation_other="Politirapport fra Malmø")
    desk.session.expire_all()

    assert samraad.documentation_label == "Politirapport fra Malmø"
    assert (samraad.received_from, samraad.why_serious) == ("Københavns Vestegns Politi", "Røveri med kniv")
    assert (samraad.received_on, samraad.age, samraad.registered_by_id) == (date(2026, 3, 3), 15, desk.by.id)


def test_young_person_is_a_party_by_itself(desk: Desk) -> None:
    party = desk.register().parties[0]

    assert (party.role, party.name, party.summoned) == (PartyRole.YOUNG_PERSON, "Fatima Yıldız", False)


def test_registering_is_recorded_without_a_word_of_it(desk: Desk) -> None:
    samraad = desk.register()

    rows = desk.session.scalars(select(AuditEvent).where(AuditEvent.case_id == desk.case.id)).all()
    recorded = {row.event: row for row in rows}
    event = recorded[Event.DOCUMENTATION_REGISTERED.value]
    assert (event.user_id, event.subject_id) == (desk.by.id, samraad.id)
    assert event.details == {"documentation": "politiets_liste"}
    assert Event.DEADLINE_STARTED.value in recorded
    assert Event.PARTY_ADDED.value in recorded


def test_day_before_the_18th_birthday_counts(desk: Desk) -> None:
    eve = at("2028-05-16 23.59")

    assert desk.register(eve).age == 17


def test_18th_birthday_is_too_late(desk: Desk) -> None:
    error = refused(desk, at("2028-05-17 00.00"))

    assert "18 år den 17-05-2028" in error.message
    assert error.field == "received_on"


def test_in_the_future_is_refused_at_the_date_or_the_time(desk: Desk) -> None:
    now = at("2026-03-03 10.00")

    assert refused(desk, at("2026-03-04 09.00"), now=now).field == "received_on"
    assert refused(desk, at("2026-03-03 10.01"), now=now).field == "received_time"


def test_before_the_birth_is_refused(desk: Desk) -> None:
    error = refused(desk, at("2010-05-16 10.00"), now=at("2010-06-01"))

    assert "17-05-2010" in error.message


def test_long_ago_is_taken_for_a_wrong_year(desk: Desk) -> None:
    now = at("2026-03-03 10.00")

    assert "årstallet" in refused(desk, now - timedelta(days=731), now=now).message
    assert desk.register(now - timedelta(days=729), now=now).is_open


def test_other_documentation_must_say_what(desk: Desk) -> None:
    assert refused(desk, documentation=Documentation.OTHER).field == "documentation_other"


def test_same_documentation_is_registered_once(desk: Desk) -> None:
    desk.register()

    with pytest.raises(DomainError, match="allerede registreret"):
        desk.register()
    assert desk.register(documentation=Documentation.CHARGE).is_open
    assert desk.register(at("2026-03-03 10.01")).is_open


def test_cancelled_documentation_can_be_registered_anew(desk: Desk) -> None:
    mistaken = desk.register()
    services.exempt(mistaken, exemption=Exemption.MISTAKE, reason="Forkert sag", by=desk.by, at=RECEIVED)

    assert desk.register().is_open


def test_closed_case_takes_none(
    make: Make, koordinator: User, db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    closed: Case = make.case(owner=koordinator, closed=date(2026, 2, 1))
    acting_as(koordinator, date(2026, 3, 3))

    with pytest.raises(DomainError, match="afsluttet"):
        Desk(get_case(closed.id), koordinator, db_session).register()
