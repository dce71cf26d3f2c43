"""Of a group everybody sees the members who are in sight to him, and no trace of the others."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.access.models import Role
from app.audit.models import AuditEvent
from app.cases.groups.models import Group, GroupMember, GroupNote
from app.cases.journal.models import JournalNote
from app.cases.models import Case
from app.cases.network.models import RelatedPerson
from app.core import clock
from app.core.database import RowScope, set_settings
from app.core.model import Base
from tests.browser import Browser
from tests.factories import Make
from tests.samples import Sampler
from tests.world import World

HIDDEN = ("elsewhere", "restricted", "ended", "coming", "barred")
READERS = (Role.KOORDINATOR, Role.LEDER)
CHANGING = re.compile(r'(name="(csrf_token|submission)"[^>]*value|value|content)="[^"]{20,}"')


@pytest.fixture
def group(world: World, make: Make, owner: Engine) -> Group:
    return Sampler(make, owner).group(world.nord.unit, world.nord.leder)


def seen_as(client: Browser, url: str) -> str:
    return CHANGING.sub("", client.get(url).html)


def is_hidden_from(role: Role, relation: str) -> bool:
    return relation != "restricted" or role is not Role.LEDER


@pytest.mark.parametrize("role", READERS)
def test_pages_are_as_if_the_member_were_not_there(
    world: World, make: Make, owner: Engine, client: Browser, group: Group, role: Role
) -> None:
    sampler, reader = Sampler(make, owner), world.nord.of(role)
    sampler.member(group.id, reader, citizen_id=world.cases["unit"].citizen_id)
    client.sign_in(reader)
    one = f"/grupper/{group.id}"
    pages = ("/grupper", one, f"{one}/journal", f"{one}/henvendelser", f"/sager/{world.case_id('unit')}")
    before = {url: seen_as(client, url) for url in pages}
    assert world.cases["unit"].citizen.name in before[one]
    assert "Med i 1 gruppe" in before[pages[-1]]

    for relation in HIDDEN:
        if is_hidden_from(role, relation):
            sampler.member(group.id, world.syd.koordinator, citizen_id=world.cases[relation].citizen_id)

    assert {url: seen_as(client, url) for url in pages} == before


@pytest.mark.parametrize("role", READERS)
def test_acting_on_all_acts_on_those_in_sight(
    world: World, make: Make, owner: Engine, client: Browser, group: Group, role: Role
) -> None:
    sampler, reader = Sampler(make, owner), world.nord.of(role)
    sampler.member(group.id, reader, citizen_id=world.cases["unit"].citizen_id)
    hidden = sampler.member(group.id, reader, citizen_id=world.cases["barred"].citizen_id)
    client.sign_in(reader)
    form = client.get(f"/grupper/{group.id}/journal")
    assert len(form.all("input[@name='members']")) == 1

    # Also when somebody sends what the form did not offer.
    refused = client.post(f"/grupper/{group.id}/journal", {"members": [str(hidden.id)], "text": "x"}, status=422)
    assert world.cases["barred"].citizen.name not in refused.html
    told = client.submit(form, {"text": "Talt med alle"}, status=200)

    assert len(told.rows()) == 1
    with Session(owner) as session:
        assert list(session.scalars(select(JournalNote.case_id))) == [world.case_id("unit")]


@pytest.mark.parametrize("role", Role)
def test_which_groups_exist_for_whom(world: World, make: Make, owner: Engine, web: Engine, role: Role) -> None:
    sampler, reader, clerk = Sampler(make, owner), world.nord.of(role), world.syd.koordinator
    made = {
        "unit": sampler.group(world.nord.unit, clerk),
        "elsewhere": sampler.group(world.syd.unit, clerk, named_ids=[reader.id]),
        "restricted": sampler.group(world.nord.unit, clerk, restricted=True),
        "named": sampler.group(world.nord.unit, clerk, restricted=True, named_ids=[reader.id]),
        "created": sampler.group(world.nord.unit, reader, restricted=True),
    }
    for group in made.values():
        sampler.member(group.id, clerk)
        note = {"group_id": group.id, "on_day": group.opened_on, "kind": "andet", "author_id": clerk.id}
        make.add(GroupNote(**note, text="x", at=group.created_at))
    seen = {Role.KOORDINATOR: {"unit", "named", "created"}, Role.LEDER: {"unit", "restricted", "named", "created"}}
    expected = {made[name].id for name in seen.get(role, set())}

    with web.connect() as connection:
        connection.execute(set_settings(RowScope(reader.id, clock.local_date(clock.now()))))
        assert set(connection.scalars(select(Group.id))) == expected
        for model in (GroupMember, GroupNote, RelatedPerson):
            assert set(connection.scalars(select(model.group_id))) == expected
        changed = connection.execute(text("UPDATE groups SET status = 'aktiv'"))
        assert changed.rowcount == len(expected)


@pytest.mark.parametrize("model", [GroupMember, GroupNote])
def test_nothing_is_added_to_a_group_out_of_sight(
    world: World, make: Make, owner: Engine, web: Engine, model: type[Base]
) -> None:
    reader = world.nord.koordinator
    group = Sampler(make, owner).group(world.nord.unit, world.nord.leder, restricted=True)
    columns = {
        GroupMember: "(group_id, citizen_id, from_day, added_by_id, added_at, version)"
        f" VALUES ({group.id}, {world.cases['unit'].citizen_id}, '2026-01-01', {reader.id}, '2026-01-01', 1)",
        GroupNote: "(group_id, on_day, kind, text, author_id, at)"
        f" VALUES ({group.id}, '2026-01-01', 'andet', '', {reader.id}, '2026-01-01')",
    }
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(reader.id, clock.local_date(clock.now()))))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text(f"INSERT INTO {model.__tablename__} {columns[model]}"))


def test_the_record_of_a_case_names_no_group(
    world: World, make: Make, owner: Engine, client: Browser, browser: Callable[[], Browser]
) -> None:
    """A case's readers need not see the group: its record says that the case stood in a list, and nothing else."""
    case: Case = world.cases["unit"]
    leader = browser().sign_in(world.nord.leder)
    group = leader.submit(leader.get("/grupper/ny"), {"title": "Torvet", "concern": "Uro", "restricted": True})
    page = leader.submit(leader.get(f"{group.url}/medlemmer/ny"), {"name": case.citizen.name}, status=422)
    leader.submit(page, {"existing": str(case.citizen_id)})
    client.sign_in(world.nord.koordinator)

    record = client.get(f"/sager/{case.id}/historik")

    assert "gruppe" not in record.main.lower()
    assert "Torvet" not in record.html
    assert "gruppe" not in client.get(f"/sager/{case.id}").main.lower()
    with Session(owner) as session:
        about = AuditEvent.event.like("group.%") & AuditEvent.case_id.is_not(None)
        assert session.scalar(select(func.count()).where(about)) == 0
