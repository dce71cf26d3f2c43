"""What groups refuse, whoever asks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from app.cases.groups import queries, services
from app.cases.groups.models import Group, GroupNoteKind
from app.cases.network.facts import PersonFacts
from app.core import clock
from app.core.errors import DomainError
from tests.conftest import ActAs
from tests.factories import Make
from tests.samples import Sampler
from tests.world import World

KNOWN = {"title": "Torvet", "concern": "Uro"}


@pytest.fixture
def koordinator(world: World, acting_as: ActAs) -> User:
    acting_as(world.nord.koordinator)
    return world.nord.koordinator


@pytest.fixture
def group(world: World, make: Make, owner: Engine, koordinator: User, db_session: scoped_session[Session]) -> Group:
    return queries.get_group(Sampler(make, owner).group(world.nord.unit, world.nord.leder).id)


def test_only_colleagues_of_the_unit_are_named(world: World, koordinator: User) -> None:
    at = clock.now()
    for stranger in (world.syd.koordinator, world.nord.mentor):
        with pytest.raises(DomainError, match="Vælg koordinatorer i enheden"):
            services.open_group(**KNOWN, restricted=True, named_ids=[stranger.id], by=koordinator, at=at)


def test_nobody_is_named_on_an_open_group(world: World, koordinator: User, make: Make) -> None:
    colleague = make.user(Role.KOORDINATOR, world.nord.unit)
    group = services.open_group(**KNOWN, restricted=False, named_ids=[colleague.id], by=koordinator, at=clock.now())

    assert group.named_ids == []


def test_whoever_restricts_a_group_goes_on_seeing_it(group: Group, koordinator: User) -> None:
    services.change_group(group, **KNOWN, restricted=True, named_ids=(), by=koordinator, at=clock.now())

    assert group.named_ids == [koordinator.id]
    assert queries.get_group(group.id) is group

    services.change_group(group, **KNOWN, restricted=False, named_ids=[koordinator.id], by=koordinator, at=clock.now())

    assert group.named_ids == []


def test_whoever_has_no_unit_opens_no_group(koordinator: User) -> None:
    nowhere = User(name="Uden Enhed", role=Role.KOORDINATOR, unit_id=None)

    with pytest.raises(DomainError, match="hører ikke til en enhed"):
        services.open_group(**KNOWN, restricted=False, named_ids=(), by=nowhere, at=clock.now())


def test_a_note_ahead_is_refused(group: Group, koordinator: User) -> None:
    ahead = clock.local_date(clock.now()) + timedelta(days=1)

    with pytest.raises(DomainError, match="fremtiden"):
        services.add_note(group, kind=GroupNoteKind.OTHER, on_day=ahead, text="x", by=koordinator, at=clock.now())


def test_a_member_is_kept_two_years_at_most_and_ends_after_beginning(group: Group, koordinator: User) -> None:
    at = clock.now()
    today = clock.local_date(at)
    person = PersonFacts("Storebror", None, None, None, None, today + timedelta(days=30))
    days = {"from_day": today, "to_day": None, "role_note": None, "by": koordinator, "at": at}
    services.add_member(group, person, **days)  # type: ignore[arg-type]
    (member,) = queries.members_of(group.id)
    member = queries.get_member(group.id, member.id)
    late = PersonFacts("Storebror", None, None, None, None, today + timedelta(days=3650))

    with pytest.raises(DomainError, match="højst gemmes i to år"):
        services.change_member(member, late, **days)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="før den første"):
        services.change_member(member, person, **days | {"to_day": date(2000, 1, 1)})  # type: ignore[arg-type]
