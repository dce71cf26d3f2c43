"""How a citizen can be reached."""

from datetime import date

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role
from app.audit.models import AuditEvent
from app.core.database import NOBODY, RowScope
from app.core.errors import DomainError, NotFoundError
from app.core.model import Base
from app.people import contacts, queries
from app.people.contacts import ContactFacts
from app.people.models import Citizen, ContactKind
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.samples import Sampler
from tests.scoped_rows import ids_seen
from tests.world import World

Db = scoped_session[Session]
NOON = at("2026-11-20")
PHONE = ContactFacts(ContactKind.PHONE, "20 30 40 50", "mors telefon", date(2026, 1, 1))
POINTS = Base.metadata.tables["citizen_contact_points"]
TODAY = date(2026, 3, 3)


def test_a_contact_point_lives_and_ends_and_is_recorded_on_every_case(
    world: World, make: Make, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    case, by = world.cases["unit"], world.nord.koordinator
    hidden = make.case(citizen=case.citizen, unit=world.syd.unit, closed=date(2026, 2, 1))
    acting_as(by)
    citizen = db_session.get_one(Citizen, case.citizen_id)

    point = contacts.add_contact_point(citizen, PHONE, by=by, at=NOON)
    ended = ContactFacts(ContactKind.PHONE, "20 30 40 51", None, date(2026, 1, 1), date(2026, 2, 1))
    assert contacts.change_contact_point(point, ended, by=by, at=NOON)
    assert not contacts.change_contact_point(point, ended, by=by, at=NOON)
    assert point.is_over(date(2026, 2, 2))
    assert not point.is_over(date(2026, 2, 1))
    contacts.void_contact_point(point, by=by, at=NOON)
    db_session.commit()

    assert queries.contact_points(citizen.id) == []
    assert [each.id for each in queries.contact_points(citizen.id, voided=True)] == [point.id]
    with pytest.raises(NotFoundError):
        queries.get_contact_point(citizen.id, point.id)
    with owner.connect() as connection:
        told = select(AuditEvent.case_id, AuditEvent.event).where(AuditEvent.event.like("citizen.contact-%"))
        assert sorted(connection.execute(told)) == sorted(
            (case_id, f"citizen.contact-{act}")
            for case_id in (case.id, hidden.id)
            for act in ("added", "changed", "voided")
        )
        raw = connection.execute(text("SELECT value, note FROM citizen_contact_points")).one()
    assert b"20 30" not in bytes(raw.value)


def test_an_end_before_the_beginning_is_refused(world: World, db_session: Db, acting_as: ActAs) -> None:
    acting_as(world.nord.koordinator)
    citizen = db_session.get_one(Citizen, world.cases["unit"].citizen_id)
    backwards = ContactFacts(ContactKind.EMAIL, "a@b.example", None, date(2026, 2, 2), date(2026, 2, 1))
    with pytest.raises(DomainError) as refused:
        contacts.add_contact_point(citizen, backwards, by=world.nord.koordinator, at=NOON)
    assert refused.value.field == "to_day"


@pytest.mark.parametrize("role", [*Role, None])
def test_contact_data_is_seen_with_the_citizen(make: Make, owner: Engine, web: Engine, role: Role | None) -> None:
    world = World.made(make, TODAY)
    sampler = Sampler(make, owner)
    points = {name: sampler.contact_point(case).id for name, case in world.cases.items()}
    scope = RowScope(world.nord.of(role).id, TODAY) if role else NOBODY

    citizens = ids_seen(web, Base.metadata.tables["citizens"], scope)
    seen = ids_seen(web, POINTS, scope)

    assert seen == {points[name] for name, case in world.cases.items() if case.citizen_id in citizens}
    assert bool(seen) is (role in {Role.MENTOR, Role.KOORDINATOR, Role.LEDER})


@pytest.mark.parametrize("relation", ["elsewhere", "barred", "restricted"])
def test_contact_data_out_of_sight_is_not_changed_blindly(
    make: Make, owner: Engine, web: Engine, world: World, relation: str
) -> None:
    point = Sampler(make, owner).contact_point(world.cases[relation])
    with web.connect() as connection:
        connection.execute(
            text("SELECT set_config('enkeltsag.user_id', :user, true), set_config('enkeltsag.today', :today, true)"),
            {"user": str(world.nord.koordinator.id), "today": TODAY.isoformat()},
        )
        changed = connection.execute(text("UPDATE citizen_contact_points SET to_day = '2026-01-01'"))
        assert changed.rowcount == 0
    assert point.to_day is None
