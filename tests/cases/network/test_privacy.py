"""Nothing tells of somebody out of sight: no relation, word, count, picture, row or line of the record.

The yardstick is the page as it would be if the hidden one had never been recorded.
"""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.access.models import Role, User
from app.audit.models import AuditEvent, Event
from app.cases.models import AccessKind, Case
from app.cases.network.models import RelatedPerson, Relation, RelationKind
from app.core import clock
from app.core.database import RowScope, set_settings
from tests.browser import Browser
from tests.databases import Database
from tests.factories import Make
from tests.samples import Sampler
from tests.world import World

HIDDEN = ("elsewhere", "restricted", "ended", "coming", "barred")
READERS = (Role.MENTOR, Role.KOORDINATOR, Role.LEDER)
# What differs between two requests for the same page.
CHANGING = re.compile(r'(name="(csrf_token|submission)"[^>]*value|value|content)="[^"]{20,}"')

Write = Callable[[World, Sampler, str], object]


def near_is_hidden(world: World, sampler: Sampler, relation: str) -> object:
    """A relation of the case in sight to a citizen out of sight."""
    hidden = world.cases[relation].citizen_id
    return sampler.relation(world.cases["owner"], other_citizen_id=hidden, kind=RelationKind.CO_OFFENDER)


def recorded_out_of_sight(world: World, sampler: Sampler, relation: str) -> object:
    """A relation to the citizen in sight, recorded in a case out of sight."""
    seen = world.cases["owner"].citizen_id
    return sampler.relation(world.cases[relation], other_citizen_id=seen, kind=RelationKind.FRIEND)


def far_is_hidden(world: World, sampler: Sampler, relation: str) -> object:
    """In the second degree."""
    hidden = world.cases[relation].citizen_id
    return sampler.relation(world.cases["named"], other_citizen_id=hidden, kind=RelationKind.GANG)


def of_hidden_case(world: World, sampler: Sampler, relation: str) -> object:
    """Somebody without a case, known in a case out of sight."""
    return sampler.relation(world.cases[relation])


def seen_as(client: Browser, url: str) -> str:
    return CHANGING.sub("", client.get(url).html)


def is_hidden_from(role: Role, relation: str) -> bool:
    """The leader sees the restricted cases of the unit; a mentor sees no more than the names say."""
    return relation != "restricted" or role is not Role.LEDER


CASES = [(role, relation) for role in READERS for relation in HIDDEN if is_hidden_from(role, relation)]


@pytest.mark.parametrize("write", [near_is_hidden, recorded_out_of_sight, far_is_hidden, of_hidden_case])
@pytest.mark.parametrize("role", READERS)
def test_the_tab_is_as_if_there_were_nobody(
    world: World, make: Make, owner: Engine, client: Browser, role: Role, write: Write
) -> None:
    sampler = Sampler(make, owner)
    sampler.relation(world.cases["owner"], other_citizen_id=world.cases["named"].citizen_id, kind=RelationKind.FRIEND)
    client.sign_in(world.nord.of(role))
    tab = f"/sager/{world.case_id('owner')}/netvaerk"
    before = seen_as(client, tab)
    assert world.cases["named"].citizen.name in before

    for relation in HIDDEN:
        if is_hidden_from(role, relation):
            write(world, sampler, relation)

            assert seen_as(client, tab) == before, relation


@pytest.mark.parametrize("role", [Role.KOORDINATOR, Role.LEDER])
def test_nor_does_the_record_of_the_case(
    world: World, make: Make, owner: Engine, client: Browser, browser: Callable[[], Browser], role: Role
) -> None:
    """Somebody who sees both ends writes, corrects and ends the relation; the reader sees one end."""
    case, hidden = world.cases["owner"], make.case(unit=world.syd.unit, citizen=make.citizen("Skjult Ven"))
    both = make.user(Role.KOORDINATOR, world.syd.unit)
    make.access(case, both)
    reader = client.sign_in(world.nord.of(role))
    tab = f"/sager/{case.id}/netvaerk"
    before = what_was_done(reader, case)
    writer = browser().sign_in(both)
    page = writer.submit(writer.get(f"{tab}/ny"), {"name": "Skjult Ven", "kind": "ven", "source": "egen"}, status=422)
    page = writer.submit(page, {"existing": str(hidden.citizen_id)})
    page = writer.submit(writer.get(page.links["Ret relationen til Skjult Ven"]), {"note": "Ses på torvet"})
    writer.submit(writer.get(page.links["Afslut relationen til Skjult Ven"]))

    assert "Skjult Ven" in writer.get(tab).main
    assert "Tilføjede relation" in writer.get(f"/sager/{case.id}/historik").main
    assert what_was_done(reader, case) == before
    assert "Skjult Ven" not in reader.get(tab).html


def what_was_done(reader: Browser, case: Case) -> list[list[str]]:
    rows = reader.get(f"/sager/{case.id}/historik").rows()
    return [row for row in rows if "relation" in " ".join(row).lower()]


@pytest.mark.parametrize(("role", "relation"), CASES)
def test_the_database_gives_no_row(
    world: World, make: Make, owner: Engine, web: Engine, role: Role, relation: str
) -> None:
    sampler = Sampler(make, owner)
    written = [write(world, sampler, relation) for write in (near_is_hidden, recorded_out_of_sight, of_hidden_case)]
    for row in written:
        record(owner, row, world.cases["owner"])  # type: ignore[arg-type]
    reader = world.nord.of(role)

    with web.connect() as connection:
        connection.execute(set_settings(scope(reader)))
        assert connection.scalar(select(func.count()).select_from(Relation)) == 0
        assert connection.scalar(select(func.count()).select_from(RelatedPerson)) == 0
        about = AuditEvent.subject_type == "relation"
        assert connection.scalar(select(func.count()).where(about)) == 0
        told = text(
            "SELECT count(*) FROM ek_case_events(:case, NULL, true, 0, 50) WHERE event = 'network.relation-added'"
        )
        assert connection.scalar(told, {"case": world.case_id("owner")}) == 0
        changed = connection.execute(text("UPDATE relations SET note = NULL"))
        assert changed.rowcount == 0


def test_both_ends_in_sight_give_the_row_and_its_event(world: World, make: Make, owner: Engine, web: Engine) -> None:
    row = Sampler(make, owner).relation(
        world.cases["owner"], other_citizen_id=world.cases["named"].citizen_id, kind=RelationKind.FRIEND
    )
    record(owner, row, world.cases["owner"])

    with web.connect() as connection:
        connection.execute(set_settings(scope(world.nord.koordinator)))
        assert connection.scalar(select(func.count()).select_from(Relation)) == 1
        assert connection.scalar(select(func.count()).where(AuditEvent.subject_type == "relation")) == 1
        told = text(
            "SELECT count(*) FROM ek_case_events(:case, NULL, true, 0, 50) WHERE event = 'network.relation-added'"
        )
        assert connection.scalar(told, {"case": world.case_id("owner")}) == 1


def scope(reader: User) -> RowScope:
    return RowScope(reader.id, clock.local_date(clock.now()))


def record(owner: Engine, relation: Relation, case: Case) -> None:
    with Session(owner) as session:
        kind, subject_id = relation.subject
        session.execute(
            AuditEvent.__table__.insert().inline(),  # type: ignore[attr-defined]
            {
                "at": clock.now(),
                "event": Event.RELATION_ADDED.value,
                "system": "test",
                "case_id": case.id if kind == "relation" else relation.case_id,
                "subject_type": kind,
                "subject_id": subject_id,
                "details": {},
            },
        )
        session.commit()


@pytest.mark.parametrize("relation", HIDDEN)
def test_a_number_out_of_sight_is_answered_like_any_other(
    world: World, make: Make, owner: Engine, client: Browser, relation: str
) -> None:
    number = make.cpr()
    hidden = make.citizen("Skjult Borger", cpr=number)
    like = world.cases[relation]
    case = make.case(unit=like.unit, restricted=like.restricted, citizen=hidden)
    if relation == "barred":
        make.access(case, world.nord.koordinator, AccessKind.BARRED)
    client.sign_in(world.nord.koordinator)
    tab = f"/sager/{world.case_id('unit')}/netvaerk"
    typed = {"kind": "ven", "source": "egen"}
    answers = [
        client.submit(client.get(f"{tab}/ny"), typed | {"name": "Skjult Borger", "cpr": cpr.digits}).rows()[-1]
        for cpr in (number, make.cpr())
    ]

    assert answers[0] == answers[1]
    with Session(owner) as session:
        assert session.scalar(select(func.count()).where(AuditEvent.event == Event.CASES_SEARCHED)) == 0


def test_a_citizen_who_goes_out_of_sight_takes_the_relation_along(
    world: World, make: Make, owner: Engine, client: Browser, database: Database
) -> None:
    friend = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    Sampler(make, owner).relation(world.cases["unit"], other_citizen_id=friend.citizen_id, kind=RelationKind.FRIEND)
    client.sign_in(world.nord.koordinator)
    tab = f"/sager/{world.case_id('unit')}/netvaerk"
    assert "Bilal Sahin" in client.get(tab).main

    make.access(friend, world.nord.koordinator, AccessKind.BARRED)

    assert "Bilal Sahin" not in client.get(tab).html
    assert "Ingen relationer endnu" in client.get(tab).main
