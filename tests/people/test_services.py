from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from app.audit.models import AuditEvent, Event
from app.core.cpr import Cpr, parse
from app.core.errors import DomainError
from app.outbox.models import MailSubject, OutboxMail
from app.people import queries, services
from app.people.models import AddressProtection, Citizen, Sex
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.world import World

Db = scoped_session[Session]
NOON = at("2026-11-20")
ASKED = select(AuditEvent.details).where(AuditEvent.event == Event.CPR_ASKED.value).order_by(AuditEvent.id)


def create(by: User, cpr: Cpr, **known: Any) -> Citizen:
    values: dict[str, Any] = {
        "name": "Fatima Ørsted",
        "sex": Sex.FEMALE,
        "bydel_id": None,
        "school_id": None,
        "address_protection": AddressProtection.UNKNOWN,
    }
    return services.create_citizen(cpr=cpr, by=by, at=NOON, **values | known)


def found(db_session: Db, name: str, *, in_active_case: bool) -> list[int]:
    candidates = queries.named_like(name, in_active_case=in_active_case)
    return list(db_session.scalars(select(Citizen.id).where(Citizen.id.in_(candidates))))


def test_a_citizen_is_stored_unreadable_but_for_what_figures_need(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    acting_as(world.nord.koordinator)
    citizen = create(world.nord.koordinator, parse("170510-4321", today=date(2026, 11, 20)))
    assert (citizen.birth_month, citizen.sex) == (date(2010, 5, 1), Sex.FEMALE)
    db_session.commit()
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM citizens WHERE id = :id"), {"id": citizen.id}).one()
        events = connection.execute(select(AuditEvent.event, AuditEvent.subject_id)).all()
    assert b"Fatima" not in bytes(row.name)
    assert b"170510" not in bytes(row.cpr)
    assert (Event.CITIZEN_CREATED.value, citizen.id) in events


def test_a_new_citizen_is_seen_by_the_creator_alone(world: World, db_session: Db, acting_as: ActAs) -> None:
    acting_as(world.nord.koordinator)
    citizen_id = create(world.nord.koordinator, parse("170510-4321", today=date(2026, 11, 20))).id
    db_session.commit()
    assert db_session.get(Citizen, citizen_id) is not None
    db_session.expunge_all()
    acting_as(world.nord.leder)
    assert db_session.get(Citizen, citizen_id) is None


def test_the_number_leads_to_a_citizen_in_sight(world: World, db_session: Db, acting_as: ActAs) -> None:
    citizen = world.cases["unit"].citizen
    acting_as(world.nord.koordinator)
    answer = services.ask_cpr(parse(str(citizen.cpr), today=date.max), by=world.nord.koordinator, at=NOON)
    assert answer.citizen is not None
    assert answer.citizen.id == citizen.id
    with pytest.raises(DomainError, match="findes allerede"):
        answer.require_free()


@pytest.mark.parametrize("relation", ["elsewhere", "restricted", "barred", "ended", "coming"])
def test_a_number_out_of_sight_is_only_said_to_be_in_use(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine, relation: str
) -> None:
    asker = world.nord.koordinator
    acting_as(asker)
    cpr = parse(str(world.cases[relation].citizen.cpr), today=date.max)
    answer = services.ask_cpr(cpr, by=asker, at=NOON)
    assert answer.citizen is None
    with pytest.raises(DomainError, match="Kontakt din leder") as refused:
        answer.require_free()
    assert refused.value.field == "cpr"
    db_session.commit()
    with owner.connect() as connection:
        assert connection.scalars(ASKED).all() == [{"taken": True}]
        mails = connection.execute(select(OutboxMail.recipient_id, OutboxMail.subject, OutboxMail.body)).all()
    assert [(mail.recipient_id, mail.subject) for mail in mails] == [(world.nord.leder.id, MailSubject.CPR_ASKED)]
    assert asker.name not in mails[0].body
    assert "/medarbejdere" in mails[0].body
    assert cpr.digits[:6] not in mails[0].body
    assert world.cases[relation].citizen.name not in mails[0].body


def test_a_free_number_is_asked_about_quietly(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine, make: Make
) -> None:
    acting_as(world.nord.koordinator)
    services.ask_cpr(make.cpr(), by=world.nord.koordinator, at=NOON).require_free()
    db_session.commit()
    with owner.connect() as connection:
        assert connection.scalars(ASKED).all() == [{"taken": False}]
        assert connection.execute(select(OutboxMail.id)).all() == []


def test_questions_are_answered_up_to_a_number_an_hour(
    world: World, db_session: Db, acting_as: ActAs, make: Make
) -> None:
    asker = world.nord.koordinator
    acting_as(asker)
    for _ in range(services.MOST_ANSWERS_PER_HOUR):
        services.ask_cpr(make.cpr(), by=asker, at=NOON).require_free()
    with pytest.raises(DomainError, match="Prøv igen om en time"):
        services.ask_cpr(make.cpr(), by=asker, at=NOON).require_free()
    in_use = parse(str(world.cases["elsewhere"].citizen.cpr), today=date.max)
    with pytest.raises(DomainError, match="Prøv igen om en time"):
        services.ask_cpr(in_use, by=asker, at=NOON).require_free()
    services.ask_cpr(make.cpr(), by=asker, at=at("2026-11-20 13.01")).require_free()
    acting_as(world.nord.leder)
    services.ask_cpr(make.cpr(), by=world.nord.leder, at=NOON).require_free()


def test_a_number_taken_in_between_is_a_refusal(world: World, db_session: Db, acting_as: ActAs) -> None:
    acting_as(world.nord.koordinator)
    taken = parse(str(world.cases["elsewhere"].citizen.cpr), today=date.max)
    with pytest.raises(DomainError, match="lige blevet oprettet") as refused:
        create(world.nord.koordinator, taken)
    assert refused.value.field == "cpr"


def test_places_must_be_in_use(world: World, db_session: Db, acting_as: ActAs, make: Make) -> None:
    acting_as(world.nord.koordinator)
    closed = make.bydel(active=False)
    refusals: tuple[tuple[dict[str, int], str], ...] = (
        ({"bydel_id": closed.id}, "bydel"),
        ({"bydel_id": 9999}, "bydel"),
        ({"school_id": 9999}, "school"),
    )
    for known, field in refusals:
        with pytest.raises(DomainError) as refused:
            create(world.nord.koordinator, make.cpr(), **known)
        assert refused.value.field == field


def test_a_change_is_recorded_by_field_and_found_by_the_new_name(
    db_session: Db, acting_as: ActAs, owner: Engine, make: Make
) -> None:
    closed = make.bydel(active=False)
    by = make.user(Role.KOORDINATOR)
    case = make.case(citizen=make.citizen("Fatima Ørsted", bydel=closed, created_by=by), unit=by.unit)
    acting_as(by)
    citizen = queries.get_citizen(case.citizen_id)
    same: dict[str, Any] = {
        "sex": citizen.sex,
        "bydel_id": closed.id,
        "school_id": None,
        "address_protection": AddressProtection.NO,
    }
    assert services.change_citizen(citizen, name="Fatima Ørsted", **same, by=by, at=NOON) == []
    changed = services.change_citizen(citizen, name="Zahra Bo", **same | {"sex": Sex.FEMALE}, by=by, at=NOON)
    assert changed == ["name", "sex"]
    db_session.commit()
    assert found(db_session, "zah", in_active_case=True) == [citizen.id]
    assert found(db_session, "fat", in_active_case=True) == []
    with owner.connect() as connection:
        events = connection.execute(select(AuditEvent).where(AuditEvent.event == Event.CITIZEN_CHANGED.value)).all()
    assert [(event.case_id, event.subject_id, event.details) for event in events] == [
        (case.id, citizen.id, {"fields": ["name", "sex"]})
    ]


def test_names_of_closed_cases_are_found_only_when_asked_for(db_session: Db, acting_as: ActAs, make: Make) -> None:
    by = make.user(Role.KOORDINATOR)
    case = make.case(citizen=make.citizen("Åse Holm", created_by=by), unit=by.unit, closed=date(2026, 2, 1))
    acting_as(by)
    assert found(db_session, "aase", in_active_case=True) == []
    assert found(db_session, "aase", in_active_case=False) == [case.citizen_id]
