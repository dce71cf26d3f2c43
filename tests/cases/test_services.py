from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from app.access.models import Role
from app.audit.models import Event
from app.cases import queries, services
from app.cases.codes import Consent, Theme
from app.cases.models import Case, CaseStatus, Referrer
from app.cases.opening import Referral
from app.core.errors import DomainError
from app.extensions import db
from app.people.models import Citizen
from tests.cases.acting import NOON, TODAY, Db, access_of, at_once, events_of, new_citizen, open_one, sees
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import World


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
    assert all("har allerede en åben sag" in str(error) for error in errors if error)
    with owner.connect() as connection:
        open_ones = select(Case.id).where(Case.citizen_id == case.citizen_id, Case.status == CaseStatus.ACTIVE)
        assert len(connection.scalars(open_ones).all()) == 1


def test_a_change_is_recorded_by_field(world: World, db_session: Db, acting_as: ActAs, owner: Engine) -> None:
    by = world.nord.koordinator
    acting_as(by, TODAY)
    case = queries.get_case(world.case_id("unit"))
    same = Referral(case.referrer, case.concern, case.received_on)
    assert services.change_case(case, referral=same, themes=[], by=by, at=NOON) == []
    other = replace(same, referrer=Referrer.CLUB, consent=Consent.GIVEN, consent_on=TODAY)
    changed = services.change_case(case, referral=other, themes=[Theme.GANG], by=by, at=NOON)
    assert (changed, case.version) == (["referrer", "consent", "consent_on", "themes"], 2)
    assert services.change_case(case, referral=other, themes=[Theme.GANG], by=by, at=NOON) == []
    db_session.commit()
    assert events_of(owner, case.id) == [(Event.CASE_CHANGED.value, by.id, {"fields": changed})]
