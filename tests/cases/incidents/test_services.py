"""Registering, correcting, voiding and judging events."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.incidents import queries, services
from app.cases.incidents.facts import IncidentFacts
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource, OffenceGroup, Verdict
from app.cases.incidents.overview import overview
from app.cases.models import Case
from app.cases.queries import get_case
from app.core.errors import DomainError
from tests.cases.acting import at_once, events_of
from tests.cases.incidents.conftest import NOW, OPENED, TODAY, Desk
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at

DAY = date(2026, 3, 10)


def facts_of(incident: Incident, **changed: Any) -> IncidentFacts:
    names = ("happened_on", "known_on", "source", "act_on", "until_day", "offence_group", "against_person", "note")
    return IncidentFacts(**{name: getattr(incident, name) for name in names} | changed)


def test_an_event_is_kept_and_recorded_with_ids_and_codes_only(desk: Desk, owner: Engine) -> None:
    incident = desk.register(
        IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.VIOLENCE, against_person=True, note="Slag ved stationen"
    )
    desk.session.commit()
    assert incident.offence == "Vold, personfarlig"
    (event,) = [each for each in events_of(owner, desk.case.id) if each[0] == Event.INCIDENT_REGISTERED]
    assert event == (Event.INCIDENT_REGISTERED, desk.by.id, {"incident": "sigtelse"})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"happened_on": date(2026, 11, 21)}, "happened_on"),
        ({"known_on": date(2026, 11, 21)}, "known_on"),
        ({"known_on": date(2026, 3, 9)}, "known_on"),
        ({"act_on": date(2026, 3, 11)}, "act_on"),
        ({"until_day": date(2026, 3, 11)}, "until_day"),
    ],
)
def test_days_in_the_wrong_order_are_refused(desk: Desk, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        desk.register(IncidentKind.CHARGE, **{"happened_on": DAY, "known_on": DAY} | facts)
    assert refused.value.field == field
    assert queries.incidents_of(desk.case.id) == []


@pytest.mark.parametrize("field", ["happened_on", "act_on"])
def test_nothing_happened_before_the_citizen_was_born(desk: Desk, field: str) -> None:
    born = desk.case.citizen.birth_date
    days: dict[str, Any] = {"happened_on": born, "known_on": DAY} | ({"act_on": born} if field == "act_on" else {})
    incident = desk.register(IncidentKind.CHARGE, **days)
    days[field] = born - timedelta(days=1)

    with pytest.raises(DomainError, match=r"^Borgeren er født \d\d-\d\d-\d{4}\. Ret datoen\.$") as refused:
        services.change_incident(incident, facts=facts_of(incident, **days), by=desk.by, at=NOW)

    assert refused.value.field == field


def test_custody_cannot_end_before_it_begins(desk: Desk) -> None:
    with pytest.raises(DomainError) as refused:
        desk.register(IncidentKind.REMAND, DAY, until_day=date(2026, 3, 9))
    assert refused.value.field == "until_day"
    assert desk.register(IncidentKind.REMAND, DAY, until_day=DAY).until_day == DAY


def test_the_same_event_is_not_registered_twice(desk: Desk) -> None:
    first = desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.THEFT)
    with pytest.raises(DomainError, match="står allerede"):
        desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.THEFT)
    desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.VIOLENCE)
    services.void_incident(first, reason="Forkert sag", by=desk.by, at=NOW)
    desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.THEFT)


def test_two_who_register_the_same_event_at_once(case: Case, app: Flask, koordinator: User, owner: Engine) -> None:

    def register() -> None:
        facts = IncidentFacts(happened_on=DAY, known_on=DAY, source=IncidentSource.POLICE)
        services.register_incident(get_case(case.id), kind=IncidentKind.CHARGE, facts=facts, by=koordinator, at=NOW)

    errors = at_once(app, [register, register], koordinator)

    assert sorted(error is None for error in errors) == [False, True]
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incidents")) == 1


def test_a_withdrawal_names_what_is_withdrawn(desk: Desk) -> None:
    remand = desk.register(IncidentKind.REMAND, DAY)
    charge = desk.register(IncidentKind.CHARGE, DAY)
    with pytest.raises(DomainError, match="hvad der er frafaldet"):
        desk.register(IncidentKind.WITHDRAWAL, DAY)
    with pytest.raises(DomainError, match="Kun mistanke"):
        desk.register(IncidentKind.WITHDRAWAL, DAY, about=remand)
    with pytest.raises(DomainError, match="ligger senere"):
        desk.register(IncidentKind.WITHDRAWAL, date(2026, 3, 9), about=charge)
    desk.register(IncidentKind.WITHDRAWAL, date(2026, 5, 1), about=charge)
    seen = overview(desk.case, TODAY)
    assert set(seen.withdrawn) == {charge.id}
    assert not any(each.is_recidivism for each in seen.findings(seen.chosen_index))
    assert charge in seen.standing, "the history stays"


def test_an_event_of_another_case_is_not_followed(desk: Desk, make: Make) -> None:
    other = make.case(1, owner=desk.by)
    stray = make.add(
        Incident(
            case_id=other.id,
            kind=IncidentKind.CHARGE,
            happened_on=DAY,
            known_on=DAY,
            source=IncidentSource.POLICE,
            recorded_by_id=desk.by.id,
            recorded_at=NOW,
        )
    )
    with pytest.raises(DomainError, match="fra listen"):
        desk.register(IncidentKind.SENTENCE, DAY, about=desk.session.get_one(Incident, stray.id))


def test_correcting_records_which_fields_changed(desk: Desk, owner: Engine) -> None:
    incident = desk.register(IncidentKind.CHARGE, DAY)
    facts = facts_of(incident, act_on=date(2026, 2, 1), note="Ny oplysning")
    assert set(services.change_incident(incident, facts=facts, by=desk.by, at=NOW)) == {"act_on", "note"}
    assert services.change_incident(incident, facts=facts_of(incident), by=desk.by, at=NOW) == []
    desk.session.commit()
    changes = [details for event, _, details in events_of(owner, desk.case.id) if event == Event.INCIDENT_CHANGED]
    assert changes == [{"incident": "sigtelse", "fields": ["act_on", "note"]}]


def test_a_mistake_is_voided_stays_to_be_read_and_counts_nowhere(desk: Desk) -> None:
    charge = desk.register(IncidentKind.CHARGE, DAY)
    services.void_incident(charge, reason="Anden person", by=desk.by, at=NOW)
    seen = overview(desk.case, TODAY)
    assert (seen.standing, [each.void_reason for each in seen.voided]) == ([], ["Anden person"])
    assert not any(each.is_recidivism for each in seen.findings(seen.chosen_index))
    for act in (
        lambda: services.void_incident(charge, reason="–", by=desk.by, at=NOW),
        lambda: services.change_incident(charge, facts=facts_of(charge), by=desk.by, at=NOW),
        lambda: judge(desk, charge, Verdict.CONFIRMED),
    ):
        with pytest.raises(DomainError, match="annulleret"):
            act()


def test_what_another_event_follows_from_is_not_voided_first(desk: Desk) -> None:
    charge = desk.register(IncidentKind.CHARGE, DAY)
    withdrawal = desk.register(IncidentKind.WITHDRAWAL, DAY, about=charge)
    with pytest.raises(DomainError, match="frafald"):
        services.void_incident(charge, reason="–", by=desk.by, at=NOW)
    services.void_incident(withdrawal, reason="–", by=desk.by, at=NOW)
    assert overview(desk.case, TODAY).withdrawn == {}
    services.void_incident(charge, reason="–", by=desk.by, at=NOW)


def judge(desk: Desk, incident: Incident, verdict: Verdict, index_on: date = OPENED) -> None:
    services.review_recidivism(incident, index_on=index_on, verdict=verdict, reasons="Set", by=desk.by, at=NOW)


def test_a_person_sets_recidivism_aside_and_may_think_again(desk: Desk) -> None:
    charge = desk.register(IncidentKind.CHARGE, DAY)
    judge(desk, charge, Verdict.SET_ASIDE)
    seen = overview(desk.case, TODAY)
    assert not any(each.is_recidivism for each in seen.findings(seen.chosen_index))
    judge(desk, charge, Verdict.CONFIRMED)
    seen = overview(desk.case, TODAY)
    assert any(each.is_recidivism for each in seen.findings(seen.chosen_index))
    review = seen.review_of(charge.id, seen.chosen_index)
    assert review is not None
    assert (review.verdict, review.decided_by.name) == (Verdict.CONFIRMED, "Karin Kjær")


def test_what_does_not_count_is_not_judged(desk: Desk) -> None:
    with pytest.raises(DomainError, match="tæller ikke"):
        judge(desk, desk.register(IncidentKind.SUSPICION, DAY), Verdict.CONFIRMED)
    old = desk.register(IncidentKind.CHARGE, DAY, act_on=date(2026, 1, 2))
    with pytest.raises(DomainError, match="tæller ikke"):
        judge(desk, old, Verdict.CONFIRMED)


def test_the_story_in_one_statement_is_the_story_in_two(desk: Desk) -> None:
    assert queries.stories([desk.case.id]) == {}
    charge = desk.register(IncidentKind.CHARGE, DAY, act_on=date(2026, 2, 1))
    desk.register(IncidentKind.WITHDRAWAL, date(2026, 4, 1), known_on=date(2026, 4, 8), about=charge)
    services.void_incident(desk.register(IncidentKind.SENTENCE, DAY), reason="–", by=desk.by, at=NOW)
    for verdict in (Verdict.SET_ASIDE, Verdict.CONFIRMED):
        judge(desk, charge, verdict)
    story, seen = queries.stories([desk.case.id])[desk.case.id], overview(desk.case, TODAY)
    assert story.started_on == OPENED
    assert sorted(story.facts, key=lambda fact: fact.id) == sorted(seen.facts, key=lambda fact: fact.id)
    assert story.judgements == seen.judgements


def test_a_mentor_writes_nothing_whatever_the_statement(
    desk: Desk, make: Make, acting_as: ActAs, koordinator: User
) -> None:
    incident = desk.register(IncidentKind.CHARGE, DAY)
    desk.session.commit()
    mentor = make.user(Role.MENTOR, koordinator.unit)
    make.access(desk.case, mentor)
    acting_as(mentor)
    assert [each.id for each in queries.incidents_of(desk.case.id)] == [incident.id]
    changed = desk.session.execute(text("UPDATE incidents SET known_on = known_on"))
    assert changed.rowcount == 0  # type: ignore[attr-defined]  # a cursor's result
    with pytest.raises(ProgrammingError, match="row-level security"):
        desk.register(IncidentKind.SENTENCE, DAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents SET kind = 'dom'",
        "UPDATE incidents SET case_id = 0",
        "UPDATE recidivism_reviews SET verdict = 'bekraeftet'",
        "DELETE FROM incidents",
        "DELETE FROM recidivism_reviews",
    ],
)
def test_what_is_written_once_stays(desk: Desk, statement: str) -> None:
    judge(desk, desk.register(IncidentKind.CHARGE, DAY), Verdict.CONFIRMED)
    with pytest.raises(ProgrammingError, match="permission denied"):
        desk.session.execute(text(statement))


@pytest.mark.parametrize(
    "column", ["note", "void_reason", "source", "offence_group", "against_person", "recorded_by_id"]
)
def test_the_figures_read_no_text_and_no_name(stat: Engine, column: str) -> None:
    with stat.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"SELECT {column} FROM incidents"))


@pytest.mark.parametrize(
    "broken",
    [
        "known_on = happened_on - 1",
        "act_on = happened_on + 1",
        "until_day = happened_on",
        "kind = 'frafald'",
        "about_incident_id = id",
        "voided_at = recorded_at",
    ],
)
def test_the_database_refuses_what_cannot_be(desk: Desk, owner: Engine, broken: str) -> None:
    desk.register(IncidentKind.CHARGE, DAY, now=at("2026-11-20 10.00"))
    desk.session.commit()
    with owner.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"UPDATE incidents SET {broken}"))
