from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from app.access.models import Role, User
from app.audit.models import Event
from app.cases import queries, services
from app.cases.models import AccessKind, Case
from app.core.errors import ChangedMeanwhileError, DomainError
from tests.cases.acting import NOON, TODAY, Db, access_of, at_once, events_of, sees
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import World


def test_a_new_owner_takes_over_the_access(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine, make: Make
) -> None:
    by, other = world.nord.koordinator, make.user(Role.KOORDINATOR, world.nord.unit)
    case_id = make.case(2, owner=by).id
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


def test_somebody_barred_from_the_case_does_not_become_its_owner(
    world: World, db_session: Db, acting_as: ActAs, owner: Engine, make: Make
) -> None:
    by, case = world.nord.leder, world.cases["unit"]
    make.access(case, world.nord.koordinator, AccessKind.BARRED)
    before = access_of(owner, case.id)
    acting_as(by, TODAY)
    with pytest.raises(DomainError, match="ikke få ansvaret") as refused:
        services.assign_owner(queries.get_case(case.id), owner_id=world.nord.koordinator.id, by=by, at=NOON)
    db_session.commit()
    assert refused.value.field == "owner"
    assert access_of(owner, case.id) == before


def test_of_owners_chosen_at_once_one_stands_and_the_others_are_told(
    app: Flask, world: World, make: Make, owner: Engine
) -> None:
    by = world.nord.koordinator
    others = [make.user(Role.KOORDINATOR, world.nord.unit) for _ in range(4)]
    case_id = world.case_id("unit")

    seen = Barrier(len(others))

    def choosing(user: User) -> Callable[[], None]:
        def choose() -> None:
            case = queries.get_case(case_id)
            seen.wait()
            services.assign_owner(case, owner_id=user.id, by=by, at=NOON)

        return choose

    errors = at_once(app, [choosing(user) for user in others], by)
    assert [type(error) for error in errors if error is not None] == [ChangedMeanwhileError] * 3
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
