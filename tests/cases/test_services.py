import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from app.audit.models import AuditEvent, Event
from app.cases import queries, services
from app.cases.models import AccessKind, Case, CaseAccess, CaseStatus, Referrer
from app.core import cpr as cpr_numbers
from app.core.database import RowScope, enter_row_scope
from app.core.errors import DomainError
from app.extensions import db
from app.people.models import AddressProtection, Citizen, Sex
from app.people.services import create_citizen
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.world import World

Errors = list[DomainError | None]
Db = scoped_session[Session]
NOON = at("2026-11-20")
TODAY = date(2026, 11, 20)
CONCERN = "Skolen har set ham med en gruppe ældre drenge"


def new_citizen(by: User, number: int = 1) -> Citizen:
    cpr = cpr_numbers.parse(f"170510{4000 + number}", today=TODAY)
    protection = AddressProtection.UNKNOWN
    return create_citizen(
        name="Omar Bech",
        cpr=cpr,
        sex=Sex.MALE,
        bydel_id=None,
        school_id=None,
        address_protection=protection,
        by=by,
        at=NOON,
    )


def open_one(by: User, citizen: Citizen | None = None, **known: Any) -> Case:
    values: dict[str, Any] = {"niveau": 1, "referrer": Referrer.SCHOOL, "concern": CONCERN, "owner_id": by.id}
    return services.open_case(citizen or new_citizen(by), by=by, at=NOON, **values | known)


def events_of(owner: Engine, case_id: int) -> list[tuple[str, int | None, dict[str, Any]]]:
    with owner.connect() as connection:
        statement = select(AuditEvent.event, AuditEvent.user_id, AuditEvent.details).order_by(AuditEvent.id)
        return [tuple(row) for row in connection.execute(statement.where(AuditEvent.case_id == case_id))]


def access_of(owner: Engine, case_id: int) -> set[tuple[int, str, date, date | None]]:
    with owner.connect() as connection:
        rows = connection.execute(
            select(CaseAccess.user_id, CaseAccess.kind, CaseAccess.from_day, CaseAccess.to_day).where(
                CaseAccess.case_id == case_id
            )
        )
        return {(row.user_id, row.kind.value, row.from_day, row.to_day) for row in rows}


def sees(acting_as: ActAs, db_session: Db, user: User, case_id: int) -> bool:
    acting_as(user, TODAY)
    db_session.expunge_all()
    return queries.find_case(case_id) is not None


def test_a_case_gets_number_owner_and_record(world: World, db_session: Db, acting_as: ActAs, owner: Engine) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    case = open_one(by)
    db_session.commit()
    assert case.number == "2026-0011"  # ten in the world
    assert (case.status, case.opened_on, case.unit_id, case.restricted) == (CaseStatus.ACTIVE, TODAY, by.unit_id, False)
    assert access_of(owner, case.id) == {(by.id, "owner", TODAY, None)}
    details = {"owner": by.id, "restricted": False, "members": []}
    assert events_of(owner, case.id) == [(Event.CASE_OPENED.value, by.id, details)]


def test_a_case_on_niveau_3_is_seen_by_the_named_the_opener_and_the_leader(
    world: World, db_session: Db, acting_as: ActAs, make: Make
) -> None:
    by, team = world.nord.koordinator, world.nord
    other = make.user(Role.KOORDINATOR, team.unit)
    acting_as(by, TODAY)
    case = open_one(by, niveau=3, owner_id=None, member_ids=[team.mentor.id])
    db_session.commit()
    case_id = case.id
    assert case.restricted
    seen = {user.role: sees(acting_as, db_session, user, case_id) for user in team}
    assert seen == {role: role in {Role.MENTOR, Role.KOORDINATOR, Role.LEDER} for role in Role}
    assert not sees(acting_as, db_session, other, case_id)


@pytest.mark.parametrize(
    "refusal",
    [
        ({"niveau": 4}, "niveau"),
        ({"owner_id": 99_999}, "owner"),
        ({"owner_id": "mentor"}, "owner"),
        ({"owner_id": "elsewhere"}, "owner"),
        ({"owner_id": "disabled"}, "owner"),
        ({"member_ids": [99_999]}, "members"),
        ({"member_ids": ["elsewhere"]}, "members"),
        ({"member_ids": ["disabled"]}, "members"),
    ],
)
def test_choices_that_are_not_on_offer(
    world: World, db_session: Db, acting_as: ActAs, make: Make, refusal: tuple[dict[str, Any], str]
) -> None:
    known, field = refusal
    by = world.nord.koordinator
    people = {
        "mentor": world.nord.mentor.id,
        "elsewhere": world.syd.koordinator.id,
        "disabled": make.user(Role.KOORDINATOR, world.nord.unit, active=False).id,
    }
    chosen = {
        name: [people.get(each, each) for each in value] if isinstance(value, list) else people.get(value, value)
        for name, value in known.items()
    }
    acting_as(by, TODAY)
    citizen = new_citizen(by)
    with pytest.raises(DomainError) as refused:
        open_one(by, citizen, **chosen)
    assert refused.value.field == field
    assert queries.cases_of(citizen.id) == []


def test_a_citizen_has_one_open_case_in_sight_at_a_time(world: World, db_session: Db, acting_as: ActAs) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    citizen = new_citizen(by)
    first = open_one(by, citizen)
    with pytest.raises(DomainError, match=first.number):
        open_one(by, citizen)


def test_a_case_out_of_sight_neither_hinders_nor_shows(
    world: World, db_session: Db, acting_as: ActAs, make: Make
) -> None:
    """The citizen is known to the coordinator through a closed case, while a restricted one is open."""
    citizen = make.citizen()
    make.case(1, citizen=citizen, unit=world.nord.unit, closed=date(2026, 2, 1))
    make.case(3, citizen=citizen, unit=world.nord.unit)
    by = world.nord.koordinator
    acting_as(by, TODAY)
    seen = db_session.get(Citizen, citizen.id)
    assert seen is not None
    assert open_one(by, seen).number == "2026-0013"


def at_once(app: Flask, acts: Sequence[Callable[[], Any]], by: User) -> Errors:
    """Do it all at the same time, each in a transaction of its own."""
    barrier, errors = threading.Barrier(len(acts)), cast("Errors", [None] * len(acts))

    def work(index: int) -> None:
        with app.app_context():
            enter_row_scope(db.session(), RowScope(by.id, TODAY))
            db.session.execute(select(User.id))
            barrier.wait()
            try:
                acts[index]()
                db.session.commit()
            except DomainError as error:
                errors[index] = error
                db.session.rollback()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_cases_opened_at_once_are_numbered_without_gap_or_double(app: Flask, world: World, owner: Engine) -> None:
    by = world.nord.koordinator
    opening = [lambda number=number: open_one(by, new_citizen(by, number)) for number in range(20)]
    assert at_once(app, opening, by) == [None] * 20
    with owner.connect() as connection:
        numbers = sorted(connection.scalars(select(Case.number)))
    assert numbers == [f"2026-{number:04}" for number in range(1, 31)]


def test_a_number_is_not_lost_when_the_opening_is_rolled_back(world: World, db_session: Db, acting_as: ActAs) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    lost = open_one(by, new_citizen(by, 1)).number
    db_session.rollback()
    assert open_one(by, new_citizen(by, 2)).number == lost


def test_two_who_open_a_case_on_the_same_citizen(app: Flask, world: World, make: Make, owner: Engine) -> None:
    by = world.nord.koordinator
    case = make.case(1, unit=world.nord.unit, closed=date(2026, 2, 1))

    def opening() -> Case:
        citizen = db.session.get(Citizen, case.citizen_id)
        assert citizen is not None
        return open_one(by, citizen)

    errors = at_once(app, [opening] * 4, by)
    assert sum(error is None for error in errors) == 1
    assert all("har allerede en aktiv sag" in str(error) for error in errors if error)
    with owner.connect() as connection:
        open_ones = select(Case.id).where(Case.citizen_id == case.citizen_id, Case.status == CaseStatus.ACTIVE)
        assert len(connection.scalars(open_ones).all()) == 1


def test_a_change_is_recorded_by_field(world: World, db_session: Db, acting_as: ActAs, owner: Engine) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    case = queries.get_case(world.case_id("unit"))
    assert services.change_case(case, referrer=case.referrer, concern=case.concern, by=by, at=NOON) == []
    changed = services.change_case(case, referrer=Referrer.CLUB, concern=case.concern, by=by, at=NOON)
    assert (changed, case.version) == (["referrer"], 2)
    db_session.commit()
    assert events_of(owner, case.id) == [(Event.CASE_CHANGED.value, by.id, {"fields": ["referrer"]})]


def test_a_new_owner_takes_over_the_access(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine, make: Make
) -> None:
    by, other = world.nord.koordinator, make.user(Role.KOORDINATOR, world.nord.unit)
    case_id = world.case_id("owner")
    acting_as(by, TODAY)
    services.assign_owner(queries.get_case(case_id), owner_id=other.id, by=by, at=NOON)
    db_session.commit()
    yesterday = TODAY - timedelta(days=1)
    rows = access_of(owner, case_id)
    assert (by.id, "owner", date(2020, 1, 1), yesterday) in rows
    assert (other.id, "owner", TODAY, None) in rows
    assert events_of(owner, case_id) == [(Event.CASE_OWNER_ASSIGNED.value, by.id, {"owner": other.id})]
    with pytest.raises(DomainError) as refused:
        services.assign_owner(queries.get_case(case_id), owner_id=world.nord.mentor.id, by=by, at=NOON)
    assert refused.value.field == "owner"


def test_owners_chosen_at_once_leave_one(app: Flask, world: World, make: Make, owner: Engine) -> None:
    by = world.nord.koordinator
    others = [make.user(Role.KOORDINATOR, world.nord.unit) for _ in range(4)]
    case_id = world.case_id("unit")

    def choosing(user: User) -> Callable[[], None]:
        return lambda: services.assign_owner(queries.get_case(case_id), owner_id=user.id, by=by, at=NOON)

    assert at_once(app, [choosing(user) for user in others], by) == [None] * 4
    owners = [row for row in access_of(owner, case_id) if row[1] == "owner" and row[3] is None]
    with owner.connect() as connection:
        assert [row[0] for row in owners] == connection.scalars(select(Case.owner_id).where(Case.id == case_id)).all()


def test_access_is_given_from_day_to_day_and_ended(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    by, mentor, case_id = world.nord.koordinator, world.nord.mentor, world.case_id("unit")
    acting_as(by, TODAY)
    case = queries.get_case(case_id)
    given: dict[str, Any] = {"user_id": mentor.id, "kind": AccessKind.MENTOR, "by": by, "at": NOON}
    services.give_access(case, from_day=TODAY, to_day=TODAY + timedelta(days=30), **given)
    db_session.commit()
    assert sees(acting_as, db_session, mentor, case_id)
    acting_as(mentor, TODAY + timedelta(days=31))
    assert queries.find_case(case_id) is None
    acting_as(by, TODAY + timedelta(days=5))
    case = queries.get_case(case_id)
    [access] = queries.members(case_id)
    assert (access.name, access.kind) == (mentor.name, AccessKind.MENTOR)
    services.end_access(case, access.id, by=by, at=NOON)
    services.end_access(case, access.id, by=by, at=NOON)
    db_session.commit()
    assert access_of(owner, case_id) == {(mentor.id, "mentor", TODAY, TODAY + timedelta(days=4))}
    assert [event for event, _, _ in events_of(owner, case_id)] == [
        Event.CASE_ACCESS_GIVEN.value,
        Event.CASE_ACCESS_ENDED.value,
    ]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"to_day": TODAY - timedelta(days=1)}, "to_day"),
        ({"from_day": TODAY - timedelta(days=1)}, "from_day"),
        ({"kind": AccessKind.BREAK_GLASS}, "kind"),
        ({"kind": AccessKind.OWNER}, "kind"),
        ({"user_id": 99_999}, "user"),
    ],
)
def test_access_that_cannot_be_given(
    world: World, db_session: Db, acting_as: ActAs, known: dict[str, Any], field: str
) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    case = queries.get_case(world.case_id("unit"))
    values: dict[str, Any] = {
        "user_id": world.nord.mentor.id,
        "kind": AccessKind.MENTOR,
        "from_day": TODAY,
        "to_day": None,
    }
    with pytest.raises(DomainError) as refused:
        services.give_access(case, by=by, at=NOON, **values | known)
    assert refused.value.field == field
    assert queries.members(case.id) == []


def test_the_same_access_is_not_given_twice(world: World, db_session: Db, acting_as: ActAs) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    case = queries.get_case(world.case_id("unit"))
    given: dict[str, Any] = {"user_id": world.nord.mentor.id, "kind": AccessKind.MENTOR, "by": by, "at": NOON}
    services.give_access(case, from_day=TODAY, to_day=TODAY + timedelta(days=9), **given)
    with pytest.raises(DomainError, match="allerede adgang"):
        services.give_access(case, from_day=TODAY + timedelta(days=9), to_day=None, **given)
    services.give_access(case, from_day=TODAY + timedelta(days=10), to_day=None, **given)


def test_who_is_named_on_a_case_out_of_sight_is_not_told(world: World, db_session: Db, acting_as: ActAs) -> None:
    acting_as(world.nord.koordinator, TODAY)
    assert queries.members(world.case_id("restricted")) == []
    assert queries.members(world.case_id("named")) != []
