"""Who is reminded, in every combination that the owner and the leader can be in."""

import itertools
from dataclasses import replace

import pytest

from app.access.models import Role
from app.deadlines.models import NotSent
from app.deadlines.recipients import Employee, Staff, lines
from app.deadlines.resolvers import CaseContact

OWNER, LEADER, SUBSTITUTE, OTHER_SUBSTITUTE = 1, 2, 3, 4
CASE = CaseContact("2026-0001", 1, OWNER)


def employee(
    user_id: int,
    role: Role = Role.KOORDINATOR,
    unit_id: int | None = 1,
    /,
    *,
    mail: bool = True,
    active: bool = True,
    away: bool = False,
    by: int | None = None,
) -> Employee:
    role = Role.LEDER if user_id == LEADER else role
    return Employee(user_id, role, unit_id, mail, active, away, by)


def told(*people: Employee, contact: CaseContact = CASE, tell_leader: bool = False) -> set[int | None]:
    """Who gets a mail."""
    users = {person.id: person for person in people}
    staff = Staff(users, {1: [LEADER] if LEADER in users else []})
    return {person for person, why in lines(contact, staff, tell_leader=tell_leader).items() if why is None}


def test_the_owner_alone_until_the_leader_is_due() -> None:
    people = employee(OWNER), employee(LEADER)
    assert told(*people) == {OWNER}
    assert told(*people, tell_leader=True) == {OWNER, LEADER}


def test_a_case_without_an_owner() -> None:
    assert told(employee(LEADER), contact=CaseContact("2026-0001", 1, None)) == {LEADER}


@pytest.mark.parametrize("broken", [{"mail": False}, {"active": False}])
def test_an_owner_whom_nothing_reaches(broken: dict[str, bool]) -> None:
    assert told(employee(OWNER, **broken), employee(LEADER)) == {LEADER}


def test_an_owner_who_is_away() -> None:
    away = employee(OWNER, away=True, by=SUBSTITUTE)
    assert told(away, employee(LEADER), employee(SUBSTITUTE)) == {LEADER, SUBSTITUTE}


RESTRICTED = CaseContact("2026-0001", 1, OWNER, restricted=True, named_ids=frozenset({OWNER}))
NAMED = replace(RESTRICTED, named_ids=frozenset({OWNER, SUBSTITUTE}))


@pytest.mark.parametrize(
    ("substitute", "contact", "sees"),
    [
        (employee(SUBSTITUTE), CASE, True),
        (employee(SUBSTITUTE), RESTRICTED, False),
        (employee(SUBSTITUTE), NAMED, True),
        (employee(SUBSTITUTE, Role.KOORDINATOR, 2), CASE, False),
        (employee(SUBSTITUTE, Role.KOORDINATOR, 2), NAMED, True),
        (employee(SUBSTITUTE, Role.LEDER), RESTRICTED, True),
        (employee(SUBSTITUTE, Role.LEDER, 2), RESTRICTED, False),
        (employee(SUBSTITUTE, Role.MENTOR), CASE, False),
        (employee(SUBSTITUTE, Role.MENTOR), NAMED, True),
        (employee(SUBSTITUTE, Role.ADMINISTRATOR), CASE, False),
        (employee(SUBSTITUTE, Role.ADMINISTRATOR), NAMED, False),
        (employee(SUBSTITUTE, Role.REVISOR, None), NAMED, False),
    ],
)
def test_a_substitute_is_told_only_of_what_they_see(substitute: Employee, contact: CaseContact, sees: bool) -> None:
    people = {OWNER: employee(OWNER, away=True, by=SUBSTITUTE), LEADER: employee(LEADER), SUBSTITUTE: substitute}

    assert lines(contact, Staff(people, {1: [LEADER]}), tell_leader=False) == {
        OWNER: NotSent.AWAY,
        SUBSTITUTE: None if sees else NotSent.NO_SIGHT,
        LEADER: None,
    }


def test_a_leader_who_is_away() -> None:
    leader = employee(LEADER, away=True, by=SUBSTITUTE)
    assert told(employee(OWNER), leader, employee(SUBSTITUTE), tell_leader=True) == {OWNER, LEADER, SUBSTITUTE}


def test_an_absent_owner_is_written_to_when_there_is_nobody_else() -> None:
    assert told(employee(OWNER, away=True)) == {OWNER}
    assert told(employee(OWNER, away=True, by=SUBSTITUTE), employee(SUBSTITUTE, away=True)) == {OWNER, SUBSTITUTE}


def test_the_leader_who_is_the_owner_gets_one_mail() -> None:
    contact = CaseContact("2026-0001", 1, LEADER)
    assert told(employee(LEADER), contact=contact, tell_leader=True) == {LEADER}


def test_nobody_at_all_is_said() -> None:
    assert lines(CASE, Staff({}, {}), tell_leader=True) == {None: NotSent.NOBODY}
    alone = Staff({OWNER: employee(OWNER, mail=False)}, {})
    assert lines(CASE, alone, tell_leader=False) == {OWNER: NotSent.NO_ADDRESS, None: NotSent.NOBODY}


def test_every_combination() -> None:
    """Somebody is told whenever somebody can be, nobody who cannot be, and nobody who is barred."""
    states = [
        {"mail": mail, "active": active, "away": away}
        for mail, active, away in itertools.product((True, False), repeat=3)
    ]
    barred_sets = [frozenset[int](), frozenset({OWNER}), frozenset({LEADER}), frozenset({SUBSTITUTE})]
    for owner, leader, substitute, barred, tell in itertools.product(
        states, states, states, barred_sets, (True, False)
    ):
        people = {
            OWNER: employee(OWNER, **owner, by=SUBSTITUTE),
            LEADER: employee(LEADER, **leader, by=OTHER_SUBSTITUTE),
            SUBSTITUTE: employee(SUBSTITUTE, **substitute),
            OTHER_SUBSTITUTE: employee(OTHER_SUBSTITUTE),
        }
        contact = CaseContact("2026-0001", 1, OWNER, barred)
        found = lines(contact, Staff(people, {1: [LEADER]}), tell_leader=tell)
        mailed = {person for person, why in found.items() if why is None}
        reachable = {person.id for person in people.values() if person.reachable_by_mail and person.active} - barred
        assert mailed <= reachable
        assert mailed or found[None] is NotSent.NOBODY
        if {OWNER, LEADER} & reachable:
            assert mailed
        if tell and LEADER in reachable:
            assert LEADER in mailed
