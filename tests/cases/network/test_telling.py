"""What the network tells elsewhere, and that people without a case are forgotten on their day."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import scheduler
from app.audit.models import AuditEvent, Event
from app.cases.groups.models import GroupMember
from app.cases.models import Case
from app.cases.network import telling
from app.cases.network.models import RelatedPerson, Relation, RelationKind
from app.core import clock
from tests.conftest import ActAs
from tests.factories import LONG_AGO, Make
from tests.samples import Sampler
from tests.world import World

DAY = date(2026, 6, 1)


@pytest.fixture
def case(world: World) -> Case:
    return world.cases["unit"]


@pytest.fixture
def sampler(make: Make, owner: Engine) -> Sampler:
    return Sampler(make, owner)


def person(make: Make, case: Case, delete_on: date) -> RelatedPerson:
    return make.add(
        RelatedPerson(
            case_id=case.id,
            name="Aya Ørsted",
            delete_on=delete_on,
            created_by_id=case.opened_by_id,
            created_at=LONG_AGO,
        )
    )


def related(sampler: Sampler, make: Make, case: Case, delete_on: date) -> Relation:
    return sampler.relation(case, other_citizen_id=None, person_id=person(make, case, delete_on).id)


def test_the_timeline_tells_of_beginning_and_end(
    app: Flask, case: Case, sampler: Sampler, acting_as: ActAs, world: World
) -> None:
    sampler.relation(case, to_day=DAY, kind=RelationKind.FRIEND)
    acting_as(world.nord.koordinator)
    with app.test_request_context():
        entries = list(telling.entries(case))

    assert [(entry.title, clock.local_date(entry.at)) for entry in entries] == [
        ("Relation: Ven", clock.local_date(LONG_AGO)),
        ("Relation slut: Ven", DAY),
    ]
    assert "Bor hos mosteren" in entries[0].text


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, ""),
        ({"from_day": DAY}, "fra 01-06-2026"),
        ({"to_day": DAY}, "til 01-06-2026"),
        ({"from_day": DAY, "to_day": DAY}, "01-06-2026 til 01-06-2026"),
    ],
)
def test_the_paper_has_a_table(
    case: Case, sampler: Sampler, acting_as: ActAs, world: World, facts: dict[str, date], days: str
) -> None:
    acting_as(world.nord.koordinator)
    assert telling.sections(case, DAY) == []

    sampler.relation(case, **facts)

    ((table,),) = ([block.rows for block in section.blocks] for section in telling.sections(case, DAY))  # type: ignore[union-attr]
    assert table == [("Storebror Ørsted", "Søskende", days, "Familien", "Bor hos mosteren")]


def test_the_paper_and_the_timeline_leave_out_who_is_out_of_sight(
    app: Flask, case: Case, sampler: Sampler, acting_as: ActAs, world: World
) -> None:
    sampler.relation(case, other_citizen_id=world.cases["barred"].citizen_id)
    acting_as(world.nord.koordinator)

    with app.test_request_context():
        assert list(telling.entries(case)) == []
        assert telling.sections(case, DAY) == []


def test_whoever_is_soon_deleted_is_asked_about(
    app: Flask, case: Case, sampler: Sampler, make: Make, acting_as: ActAs, world: World
) -> None:
    soon, later = DAY + timedelta(days=30), DAY + timedelta(days=31)
    related(sampler, make, case, soon)
    related(sampler, make, case, later)
    hidden = world.cases["elsewhere"]
    related(sampler, make, hidden, soon)
    acting_as(world.nord.koordinator)

    with app.test_request_context():
        asked = list(telling.forgettings([case.id, hidden.id], DAY))

    assert [(task.case_id, task.due_on) for task in asked] == [(case.id, soon)]
    assert asked[0].title == "Aya Ørsted slettes af netværket. Skal personen blive stående?"


def test_people_are_forgotten_on_their_day(
    job_app: Flask, case: Case, sampler: Sampler, make: Make, owner: Engine, world: World
) -> None:
    now = clock.now()
    today = clock.local_date(now)
    gone, kept = (related(sampler, make, case, today + timedelta(days=days)) for days in (0, 1))
    moved = related(sampler, make, world.cases["elsewhere"], today + timedelta(days=90))
    group = sampler.group(world.nord.unit, world.nord.leder)
    member = sampler.member(group.id, world.nord.leder)
    with Session(owner) as session:
        session.get_one(RelatedPerson, member.person_id).delete_on = today
        session.get_one(RelatedPerson, moved.person_id).became_citizen_id = case.citizen_id
        session.commit()

    run = scheduler.run(job_app, "forget-people", at=now)

    assert (run.error, run.done) == (None, 3)
    with Session(owner) as session:
        assert list(session.scalars(select(RelatedPerson.id))) == [kept.person_id]
        assert list(session.scalars(select(Relation.id))) == [kept.id]
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 0
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == Event.PEOPLE_FORGOTTEN))
        told = {(event.case_id, event.subject_id, tuple(event.details["people"])) for event in events}
    assert told == {
        (case.id, None, (gone.person_id,)),
        (moved.case_id, None, (moved.person_id,)),
        (None, group.id, (member.person_id,)),
    }
    assert scheduler.run(job_app, "forget-people", at=now).done == 0
