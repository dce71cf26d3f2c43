"""Stopping the clock: summons, exemption, changed measures."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent, Event
from app.core.errors import DomainError
from app.deadlines.models import StopOutcome
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Exemption, Means, Netvaerkssamraad, PartyRole, Stage
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED, Desk

LAST_DAY = at("2026-03-10 23.59")
TOO_LATE = at("2026-03-11 00.00")


def refused(desk: Desk, samraad: Netvaerkssamraad, *args: Any, **known: Any) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        desk.summon(samraad, *args, **known)
    assert samraad.summoned_at is None
    assert desk.clock(samraad).is_open
    return refusal.value


def test_summons_stops_the_clock(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad)

    desk.summon(samraad, at("2026-03-05 14.30"), means=Means.LETTER)

    clock = desk.clock(samraad)
    assert (clock.outcome, clock.stopped_on, clock.is_late) == (StopOutcome.MET, date(2026, 3, 5), False)
    assert (samraad.stage, samraad.means, samraad.summoned_on) == (Stage.SUMMONED, Means.LETTER, date(2026, 3, 5))
    assert all(party.summoned for party in samraad.parties)


def test_only_the_chosen_are_summoned(desk: Desk) -> None:
    samraad = desk.register()
    mother, father = desk.parent(samraad, "Mona Holm"), desk.parent(samraad, "Mads Holm")
    chosen = [party for party in samraad.parties if party is not father]

    desk.summon(samraad, RECEIVED, parties=chosen)

    assert (mother.summoned, father.summoned) == (True, False)


def test_last_minute_of_the_last_day_is_in_time(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad)

    desk.summon(samraad, LAST_DAY)

    assert not desk.clock(samraad).is_late


def test_late_summons_asks_why(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad)

    assert refused(desk, samraad, TOO_LATE).field == "late_reason"

    desk.summon(samraad, TOO_LATE, late_reason="Sygdom i enheden")
    assert desk.clock(samraad).is_late
    assert desk.clock(samraad).reason == "Sygdom i enheden"


def test_summons_in_time_may_be_registered_late(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad)

    desk.summon(samraad, at("2026-03-09 10.00"), now=at("2026-03-20 10.00"))

    assert not desk.clock(samraad).is_late


def test_before_the_receipt_is_refused_at_the_date_or_the_time(desk: Desk) -> None:
    samraad = desk.register(RECEIVED)
    now = at("2026-03-04")

    day_before = refused(desk, samraad, at("2026-03-02 10.00"), now=now)
    minute_before = refused(desk, samraad, at("2026-03-03 09.59"), now=now)

    assert (day_before.field, minute_before.field) == ("sent_on", "sent_time")
    assert "03-03-2026 kl. 10.00" in day_before.message


def test_in_the_future_is_refused_at_the_date_or_the_time(desk: Desk) -> None:
    samraad = desk.register(RECEIVED)
    now = at("2026-03-04 10.00")

    assert refused(desk, samraad, at("2026-03-05 09.00"), now=now).field == "sent_on"
    assert refused(desk, samraad, at("2026-03-04 10.01"), now=now).field == "sent_time"


def test_young_person_must_be_summoned(desk: Desk) -> None:
    samraad = desk.register()
    mother = desk.parent(samraad)

    assert refused(desk, samraad, RECEIVED, parties=[mother]).message == "Den unge skal indkaldes."


def test_custody_holder_must_be_summoned_or_a_reason_given(desk: Desk) -> None:
    samraad = desk.register()

    assert refused(desk, samraad, RECEIVED).field == "no_custody_holder"

    desk.summon(samraad, RECEIVED, no_custody_holder="Ukendt opholdssted")
    assert samraad.no_custody_holder == "Ukendt opholdssted"


def test_at_18_no_custody_holder_is_asked_for(desk: Desk) -> None:
    samraad = desk.register(at("2028-05-16 10.00"))

    desk.summon(samraad, at("2028-05-17 00.00"))

    assert samraad.stage is Stage.SUMMONED


def test_another_samraads_party_is_refused(desk: Desk) -> None:
    other = desk.parent(desk.register())
    samraad = desk.register(RECEIVED + timedelta(hours=1))

    assert refused(desk, samraad, RECEIVED + timedelta(hours=2), parties=[*samraad.parties, other]).field == "parties"


def test_second_summons_is_refused(desk: Desk) -> None:
    samraad = desk.summoned()

    with pytest.raises(DomainError, match="allerede registreret"):
        desk.summon(samraad, RECEIVED)


@pytest.mark.parametrize(
    ("exemption", "stage", "outcome"),
    [
        (Exemption.YOUTH_BOARD, Stage.EXEMPT, StopOutcome.EXEMPT),
        (Exemption.OTHER, Stage.EXEMPT, StopOutcome.EXEMPT),
        (Exemption.MISTAKE, Stage.CANCELLED, StopOutcome.CANCELLED),
    ],
)
def test_exemption_stops_the_clock(desk: Desk, exemption: Exemption, stage: Stage, outcome: StopOutcome) -> None:
    samraad = desk.register()

    services.exempt(samraad, exemption=exemption, reason="Henvist den 2. marts", by=desk.by, at=TOO_LATE)

    assert (samraad.stage, samraad.exemption, samraad.reason) == (stage, exemption, "Henvist den 2. marts")
    assert (desk.clock(samraad).outcome, desk.clock(samraad).is_late) == (outcome, False)
    event = Event.SAMRAAD_CANCELLED if exemption is Exemption.MISTAKE else Event.SAMRAAD_EXEMPTED
    assert desk.session.scalar(select(AuditEvent.subject_id).where(AuditEvent.event == event.value)) == samraad.id


@pytest.mark.parametrize("received", ["2026-03-10 09.00", "2027-03-10 23.59"], ids=["same day", "a year to the day"])
def test_measures_may_change_within_a_year_of_a_meeting(desk: Desk, received: str) -> None:
    desk.held(date(2026, 3, 10))
    samraad = desk.register(at(received))

    services.change_measures(samraad, reason="Kontaktperson udvides", by=desk.by, at=at(received))

    assert (samraad.stage, samraad.reason) == (Stage.MEASURES, "Kontaktperson udvides")
    assert desk.clock(samraad).outcome is StopOutcome.EXEMPT


@pytest.mark.parametrize("received", ["2027-03-11 00.00", "2026-03-09 23.59"], ids=["a day over", "before"])
def test_outside_the_year_there_is_no_choice(desk: Desk, received: str) -> None:
    desk.held(date(2026, 3, 10))
    samraad = desk.register(at(received), now=at("2027-03-11 08.00"))

    with pytest.raises(DomainError, match="Der skal indkaldes"):
        services.change_measures(samraad, reason="Kontaktperson", by=desk.by, at=at("2027-03-11 08.00"))
    assert desk.clock(samraad).is_open


def test_meeting_that_was_not_held_opens_no_year(desk: Desk) -> None:
    services.record_not_held(desk.summoned(), reason="Udeblev", by=desk.by, at=at("2026-03-12"))
    samraad = desk.register(at("2026-04-01"))

    with pytest.raises(DomainError, match="Der skal indkaldes"):
        services.change_measures(samraad, reason="Kontaktperson", by=desk.by, at=at("2026-04-01"))


def test_each_way_of_stopping_is_recorded(desk: Desk) -> None:
    summoned = desk.summoned()
    exempted = desk.register(RECEIVED + timedelta(hours=1))
    services.exempt(exempted, exemption=Exemption.OTHER, reason="Hemmelig grund", by=desk.by, at=at("2026-03-04"))

    rows = desk.session.scalars(select(AuditEvent).where(AuditEvent.case_id == desk.case.id)).all()
    events = {(row.event, row.subject_id): row.details for row in rows}
    young, parent = summoned.parties
    assert events[Event.SUMMONS_SENT.value, summoned.id] == {"means": "digital_post", "parties": [young.id, parent.id]}
    assert events[Event.SAMRAAD_EXEMPTED.value, exempted.id] == {"exemption": "andet"}
    assert young.role is PartyRole.YOUNG_PERSON
    assert "Hemmelig" not in str(events)
