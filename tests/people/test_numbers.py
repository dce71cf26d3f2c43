"""A CPR number that is not known yet, becomes known, was wrong, or is replaced."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, scoped_session

from app.audit.models import AuditEvent, Event
from app.cases.models import Case
from app.core.cpr import Cpr, parse
from app.core.errors import ChangedMeanwhileError, DomainError
from app.people import queries, services
from app.people.models import AddressProtection, Citizen, CprChangeKind, Sex
from app.people.numbers import set_cpr
from app.people.words import number_and_age, written_number
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.world import World

Db = scoped_session[Session]
NOON = at("2026-11-20")
TODAY = date(2026, 11, 20)
BORN = date(2010, 5, 17)


@pytest.fixture
def unknown(make: Make, world: World) -> Case:
    """A case on a citizen whose number nobody knows yet."""
    return make.case(citizen=make.citizen("Yusuf Farah", born=BORN), unit=world.nord.unit)


@pytest.fixture
def give(world: World, db_session: Db, acting_as: ActAs) -> Callable[..., Citizen]:
    """Give a citizen a number, as a coordinator."""

    def give(citizen_id: int, cpr: Cpr, kind: CprChangeKind = CprChangeKind.CORRECTED) -> Citizen:
        acting_as(world.nord.koordinator)
        citizen = db_session.get_one(Citizen, citizen_id)
        set_cpr(citizen, cpr, kind=kind, reasons="Fra sundhedskortet", by=world.nord.koordinator, at=NOON)
        return citizen

    return give


def create(by: object, db_session: Db, birth_date: date | None, cpr: Cpr | None = None) -> Citizen:
    return services.create_citizen(
        name="Yusuf Farah",
        cpr=cpr,
        birth_date=birth_date,
        sex=Sex.MALE,
        bydel_id=None,
        school_id=None,
        address_protection=AddressProtection.NO,
        by=by,  # type: ignore[arg-type]
        at=NOON,
    )


def test_a_birth_date_stands_in_for_the_number(world: World, db_session: Db, acting_as: ActAs) -> None:
    acting_as(world.nord.koordinator)
    citizen = create(world.nord.koordinator, db_session, BORN)
    db_session.commit()
    db_session.refresh(citizen)
    assert (citizen.number, citizen.birth_date, citizen.birth_month) == (None, BORN, date(2010, 5, 1))
    assert citizen.age_on(date(2026, 5, 16)) == 15
    assert number_and_age(citizen, TODAY) == "Kendes ikke endnu, født 17-05-2010 (16 år)"


@pytest.mark.parametrize("birth_date", [None, date(2026, 11, 21), date(1899, 12, 31)])
def test_without_a_number_the_birth_date_is_needed_and_possible(
    world: World, db_session: Db, acting_as: ActAs, birth_date: date | None
) -> None:
    acting_as(world.nord.koordinator)
    with pytest.raises(DomainError) as refused:
        create(world.nord.koordinator, db_session, birth_date)
    assert refused.value.field == "birth_date"


def test_a_replacement_number_tells_the_birth_date_and_says_what_it_is(
    world: World, db_session: Db, acting_as: ActAs
) -> None:
    acting_as(world.nord.koordinator)
    citizen = create(world.nord.koordinator, db_session, None, parse("770510-4321", today=TODAY))
    assert citizen.birth_date == BORN
    assert written_number(citizen) == "770510-4321 (erstatningsnummer)"
    assert number_and_age(citizen, TODAY) == "770510-4321 (erstatningsnummer, 16 år)"


def test_the_number_becomes_known(
    unknown: Case, give: Callable[..., Citizen], make: Make, db_session: Db, owner: Engine
) -> None:
    cpr = make.cpr(date(2010, 5, 18))
    citizen = give(unknown.citizen_id, cpr)
    db_session.commit()
    assert (citizen.number, citizen.birth_date, citizen.stated_birth_date) == (cpr, date(2010, 5, 18), None)
    (change,) = queries.cpr_changes(citizen.id)
    assert (change.kind, change.former_cpr, change.reasons) == (CprChangeKind.KNOWN, None, "Fra sundhedskortet")
    with owner.connect() as connection:
        told = select(AuditEvent.case_id, AuditEvent.details).where(AuditEvent.event == Event.CPR_CHANGED.value)
        assert connection.execute(told).all() == [(unknown.id, {"cpr_change": "kendt"})]


@pytest.mark.parametrize(("kind", "still_finds"), [(CprChangeKind.CORRECTED, False), (CprChangeKind.NEW, True)])
def test_a_former_number_finds_the_citizen_only_when_it_was_a_right_one(
    make: Make, world: World, give: Callable[..., Citizen], db_session: Db, kind: CprChangeKind, still_finds: bool
) -> None:
    case = make.case(unit=world.nord.unit)
    former = case.citizen.number
    assert former is not None
    citizen = give(case.citizen_id, make.cpr(), kind)
    found = queries.find_by_cpr(former)
    assert (found is not None and found.id == citizen.id) is still_finds
    answer = services.ask_cpr(former, by=world.nord.koordinator, at=NOON)
    assert (answer.citizen is not None) is still_finds


def test_a_former_number_of_somebody_out_of_sight_is_in_use(
    make: Make, world: World, give: Callable[..., Citizen], db_session: Db, acting_as: ActAs
) -> None:
    case = make.case(unit=world.nord.unit)
    former = case.citizen.number
    assert former is not None
    give(case.citizen_id, make.cpr(), CprChangeKind.NEW)
    db_session.commit()
    acting_as(world.syd.koordinator)
    assert services.ask_cpr(former, by=world.syd.koordinator, at=NOON).refusal == services.IN_USE


def test_a_number_in_use_is_refused(make: Make, world: World, unknown: Case, give: Callable[..., Citizen]) -> None:
    taken = world.cases["elsewhere"].citizen.number
    assert taken is not None
    with pytest.raises(DomainError) as refused:
        give(unknown.citizen_id, taken)
    assert refused.value.field == "cpr"


def test_the_same_number_is_no_change(make: Make, world: World, give: Callable[..., Citizen]) -> None:
    case = make.case(unit=world.nord.unit)
    assert case.citizen.number is not None
    with pytest.raises(DomainError):
        give(case.citizen_id, case.citizen.number)


def test_why_a_number_changes_is_one_of_two(make: Make, world: World, give: Callable[..., Citizen]) -> None:
    case = make.case(unit=world.nord.unit)
    with pytest.raises(DomainError) as refused:
        give(case.citizen_id, make.cpr(), CprChangeKind.MERGED)
    assert refused.value.field == "kind"


def test_who_changed_the_citizen_first_wins(
    make: Make, world: World, unknown: Case, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    acting_as(world.nord.koordinator)
    citizen = db_session.get_one(Citizen, unknown.citizen_id)
    with Session(owner) as other:
        other.get_one(Citizen, unknown.citizen_id).name = "Yusuf Farah Ali"
        other.commit()
    with pytest.raises(ChangedMeanwhileError):
        set_cpr(citizen, make.cpr(), kind=CprChangeKind.KNOWN, reasons="Pas", by=world.nord.koordinator, at=NOON)


def test_the_birth_date_is_corrected_while_no_number_tells_it(
    unknown: Case, world: World, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    by = world.nord.koordinator
    acting_as(by)
    citizen = db_session.get_one(Citizen, unknown.citizen_id)
    known: dict[str, Any] = {
        "sex": citizen.sex,
        "bydel_id": None,
        "school_id": None,
        "address_protection": citizen.address_protection,
    }
    changed = services.change_citizen(citizen, name=citizen.name, birth_date=date(2011, 6, 2), by=by, at=NOON, **known)
    db_session.commit()
    assert changed == ["birth_date"]
    assert (citizen.birth_date, citizen.birth_month) == (date(2011, 6, 2), date(2011, 6, 1))
    with pytest.raises(DomainError):
        services.change_citizen(citizen, name=citizen.name, birth_date=date(2027, 1, 1), by=by, at=NOON, **known)
