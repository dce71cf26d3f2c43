"""Two citizens become one, and nothing is lost."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.audit.models import AuditEvent, Event
from app.cases.models import Case
from app.core.errors import ChangedMeanwhileError, DomainError, NotFoundError
from app.core.model import Base
from app.people import queries
from app.people.likeness import Described, alike
from app.people.merging import BOTH_OPEN, HIDDEN, MergedFacts, merge_citizens
from app.people.models import AddressProtection, Citizen, Merge, Sex
from tests.conftest import ActAs
from tests.factories import LONG_AGO, Make
from tests.moments import at
from tests.samples import Sampler
from tests.world import World

Db = scoped_session[Session]
NOON = at("2026-11-20")
BORN = date(2010, 5, 17)
CLOSED = date(2026, 3, 3)
FACTS = MergedFacts(
    name="Fatima Yıldız", sex=Sex.FEMALE, address_protection=AddressProtection.NO, bydel_id=None, school_id=None
)
# Every column that names a citizen, and what becomes of it. A new foreign key to citizens fails the test below until it
# stands here and a row of it is made in `one_of_each`.
MOVED = {
    "cases.citizen_id",
    "citizen_contact_points.citizen_id",
    "citizen_cpr_changes.citizen_id",
    "citizen_merges.kept_id",
    "citizens.merged_into_id",
    "group_members.citizen_id",
    "related_people.became_citizen_id",
    "relations.citizen_id",
    "relations.other_citizen_id",
}
STAYS = {"citizen_merges.gone_id"}

MERGED_EARLIER = (
    "INSERT INTO citizen_merges (kept_id, gone_id, reasons, snapshot, moved, merged_by_id, merged_at)"
    " VALUES (:id, :other, '', '', '{}', :by, :at)"
)
NUMBER_KNOWN = (
    "INSERT INTO citizen_cpr_changes (citizen_id, kind, reasons, changed_by_id, changed_at)"
    " VALUES (:id, 'kendt', '', :by, :at)"
)
_KEYS = text(
    "SELECT con.conrelid::regclass || '.' || att.attname FROM pg_constraint con"
    " JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = ANY (con.conkey)"
    " WHERE con.contype = 'f' AND con.confrelid = 'citizens'::regclass"
)


@pytest.fixture
def pair(make: Make, world: World) -> tuple[Case, Case]:
    """A closed case on the one who stays, and an open one on the one who goes; both of the unit."""
    kept = make.citizen("Fatima Yildiz", cpr=make.cpr(BORN))
    gone = make.citizen("Fatima Yıldız", cpr=make.cpr(BORN))
    unit = world.nord.unit
    return make.case(citizen=kept, unit=unit, closed=CLOSED), make.case(citizen=gone, unit=unit)


def merge(db_session: Db, pair: tuple[Case, Case], by: User, facts: MergedFacts = FACTS) -> Citizen:
    kept, gone = (db_session.get_one(Citizen, case.citizen_id) for case in pair)
    merge_citizens(kept, gone, facts, reasons="Samme mor og adresse", by=by, at=NOON)
    return kept


def naming(owner: Engine, citizen_id: int) -> dict[str, int]:
    """How many rows of each column name the citizen."""
    with owner.connect() as connection:
        keys = sorted(connection.scalars(_KEYS))
        counts = {
            key: connection.scalar(
                text(f"SELECT count(*) FROM {key.partition('.')[0]} WHERE {key} = :id"), {"id": citizen_id}
            )
            for key in keys
        }
    return {key: count for key, count in counts.items() if count}


def one_of_each(make: Make, owner: Engine, world: World, case: Case, other: Citizen) -> None:
    """A row in every column that names the citizen of the case."""
    sampler, by = Sampler(make, owner), world.nord.leder
    sampler.contact_point(case)
    sampler.relation(case)
    sampler.relation(make.case(citizen=other, unit=world.nord.unit, closed=CLOSED), other_citizen_id=case.citizen_id)
    sampler.member(sampler.group(world.nord.unit, by).id, by, citizen_id=case.citizen_id)
    person = sampler.related_person(case)
    earlier = make.citizen(cpr=make.cpr(date(2009, 1, 1)))
    values = {"id": case.citizen_id, "other": earlier.id, "by": by.id, "at": LONG_AGO, "person": person.id}
    with owner.begin() as connection:
        for statement in (
            "UPDATE related_people SET became_citizen_id = :id WHERE id = :person",
            "UPDATE citizens SET merged_into_id = :id WHERE id = :other",
            MERGED_EARLIER,
            NUMBER_KNOWN,
        ):
            connection.execute(text(statement), values)


def test_every_column_that_names_a_citizen_is_known(owner: Engine) -> None:
    with owner.connect() as connection:
        assert set(connection.scalars(_KEYS)) == MOVED | STAYS


def test_every_column_that_should_name_a_citizen_does() -> None:
    """A plain number would escape the catalogue, and so the merge."""
    named_so = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("citizen_id")
    }
    assert named_so <= MOVED | STAYS


def test_whatever_names_the_one_names_the_other_afterwards(
    make: Make, owner: Engine, world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs
) -> None:
    kept, gone = pair
    one_of_each(make, owner, world, gone, make.citizen("En Ven", cpr=make.cpr(date(2008, 2, 2))))
    before = naming(owner, gone.citizen_id)
    assert set(before) == MOVED
    acting_as(world.nord.leder)

    merge(db_session, pair, world.nord.leder)
    db_session.commit()

    assert naming(owner, gone.citizen_id) == {"citizen_merges.gone_id": 1}
    after = naming(owner, kept.citizen_id)
    # One more of each kind where the merge itself writes a row.
    expected = {
        key: count
        + (
            key
            in {
                "cases.citizen_id",
                "citizen_cpr_changes.citizen_id",
                "citizen_merges.kept_id",
                "citizens.merged_into_id",
            }
        )
        for key, count in before.items()
    }
    assert after == expected


def test_the_record_tells_all_that_was_known(
    make: Make, owner: Engine, world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs
) -> None:
    kept, gone = pair
    point = Sampler(make, owner).contact_point(gone)
    acting_as(world.nord.koordinator)
    merge(db_session, pair, world.nord.koordinator)
    db_session.commit()

    (record,) = queries.merges_into(kept.citizen_id)
    told = json.loads(record.snapshot)
    assert record.reasons == "Samme mor og adresse"
    assert record.moved["moved"] == {
        "cases.citizen_id": [gone.id],
        "citizen_contact_points.citizen_id": [point.id],
    }
    assert (told["gone"]["name"], told["gone"]["cpr"]) == ("Fatima Yıldız", gone.citizen.cpr)
    assert (told["kept"]["name"], told["kept"]["birth_date"]) == ("Fatima Yildiz", "2010-05-17")
    assert told["gone"]["contact_points"][0]["value"] == point.value
    with owner.connect() as connection:
        raw = connection.execute(text("SELECT snapshot, moved::text FROM citizen_merges")).one()
        events = select(AuditEvent.case_id, AuditEvent.user_id).where(AuditEvent.event == Event.CITIZENS_MERGED.value)
        assert sorted(connection.execute(events)) == [(case.id, world.nord.koordinator.id) for case in pair]
    assert b"Fatima" not in bytes(raw.snapshot)


def test_the_one_who_goes_is_found_no_more(
    world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs
) -> None:
    kept, gone = pair
    acting_as(world.nord.koordinator)
    merge(db_session, pair, world.nord.koordinator)
    db_session.commit()
    db_session.expunge_all()

    with pytest.raises(NotFoundError):
        queries.get_citizen(gone.citizen_id)
    assert queries.merged_into(gone.citizen_id) == kept.citizen_id
    described = Described("Fatima Yıldız", BORN)
    assert [citizen.id for citizen in alike(described)] == [kept.citizen_id]
    for number in (kept.citizen.number, gone.citizen.number):
        assert number is not None
        found = queries.find_by_cpr(number)
        assert found is not None
        assert found.id == kept.citizen_id


def test_a_number_that_was_wrong_is_free_again(
    world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs
) -> None:
    gone = pair[1].citizen
    acting_as(world.nord.koordinator)
    merge(db_session, pair, world.nord.koordinator, replace(FACTS, other_cpr_is_wrong=True))
    assert gone.number is not None
    assert queries.find_by_cpr(gone.number) is None
    (change,) = queries.cpr_changes(pair[0].citizen_id)
    assert change.former_cpr == gone.cpr


CHOICES: list[tuple[bool, bool, bool, str]] = [
    (True, True, False, "kept"),
    (True, True, True, "gone"),
    (True, False, False, "kept"),
    (False, True, False, "gone"),
    (False, False, False, "none"),
    (False, False, True, "none"),
]


@pytest.mark.parametrize(("kept_has", "gone_has", "take", "whose"), CHOICES)
def test_which_number_holds(
    make: Make,
    world: World,
    db_session: Db,
    acting_as: ActAs,
    kept_has: bool,
    gone_has: bool,
    take: bool,
    whose: str,
) -> None:
    by = world.nord.koordinator
    numbers = {"kept": make.cpr(BORN), "gone": make.cpr(date(2011, 1, 2)), "none": None}
    kept, gone = (
        make.citizen(cpr=numbers[name], created_by=by) if has else make.citizen(born=born, created_by=by)
        for name, has, born in (("kept", kept_has, BORN), ("gone", gone_has, date(2011, 1, 2)))
    )
    acting_as(by)
    mine, other = db_session.get_one(Citizen, kept.id), db_session.get_one(Citizen, gone.id)

    merge_citizens(mine, other, replace(FACTS, take_cpr=take, take_birth_date=take), reasons="Samme", by=by, at=NOON)
    db_session.commit()

    assert mine.number == numbers[whose]
    born = numbers[whose].birth_date if numbers[whose] else (date(2011, 1, 2) if take else BORN)  # type: ignore[union-attr]
    assert (mine.birth_date, mine.birth_month) == (born, born.replace(day=1))
    assert mine.name == FACTS.name


def refused(message: str, act: Callable[[], Any]) -> None:
    with pytest.raises(DomainError) as caught:
        act()
    assert caught.value.message == message


def test_two_open_cases_are_not_merged(
    make: Make, world: World, db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    pair = make.case(unit=world.nord.unit), make.case(unit=world.nord.unit)
    acting_as(world.nord.koordinator)
    refused(BOTH_OPEN, lambda: merge(db_session, pair, world.nord.koordinator))
    db_session.rollback()
    assert naming(owner, pair[1].citizen_id) == {"cases.citizen_id": 1}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("hidden", ["elsewhere", "restricted"])
def test_a_case_out_of_sight_stands_in_the_way(
    make: Make, world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs, hidden: str, which: int
) -> None:
    unit = world.syd.unit if hidden == "elsewhere" else world.nord.unit
    make.case(citizen=pair[which].citizen, unit=unit, restricted=hidden == "restricted", closed=CLOSED)
    acting_as(world.nord.koordinator)
    refused(HIDDEN, lambda: merge(db_session, pair, world.nord.koordinator))


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_was_changed_meanwhile_is_not_merged(
    world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs, owner: Engine, which: int
) -> None:
    acting_as(world.nord.koordinator)
    shown = [db_session.get_one(Citizen, case.citizen_id) for case in pair]
    with owner.begin() as connection:
        values = {"id": pair[which].citizen_id}
        connection.execute(text("UPDATE citizens SET version = version + 1 WHERE id = :id"), values)
    with pytest.raises(ChangedMeanwhileError):
        merge(db_session, pair, world.nord.koordinator)
    assert [citizen.merged_into_id for citizen in shown] == [None, None]


def test_what_cannot_stand_beside_the_other_is_kept_in_the_record(
    make: Make, owner: Engine, world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs
) -> None:
    """A relation to oneself, and a second membership at the same time."""
    kept, gone = pair
    sampler, by = Sampler(make, owner), world.nord.leder
    relation = sampler.relation(gone, other_citizen_id=kept.citizen_id)
    group = sampler.group(world.nord.unit, by).id
    sampler.member(group, by, citizen_id=kept.citizen_id, from_day=date(2026, 2, 1))
    sampler.member(group, by, citizen_id=gone.citizen_id, from_day=date(2026, 1, 1), to_day=date(2026, 3, 1))
    sampler.member(group, by, citizen_id=gone.citizen_id, from_day=date(2025, 1, 1), to_day=date(2025, 2, 1))
    acting_as(by)

    merge(db_session, pair, by)
    db_session.commit()

    with owner.connect() as connection:
        members = select(text("from_day, to_day")).select_from(text("group_members")).order_by(text("from_day"))
        assert [tuple(row) for row in connection.execute(members)] == [
            (date(2025, 1, 1), date(2025, 2, 1)),
            (date(2026, 1, 1), None),
        ]
        assert connection.scalar(text("SELECT count(*) FROM relations")) == 0
    dropped = db_session.scalars(select(Merge)).one().moved["dropped"]
    assert [(row["table"], row["row"]["id"]) for row in dropped if row["table"] == "relations"] == [
        ("relations", relation.id)
    ]
    assert {row["table"] for row in dropped} == {"relations", "group_members"}


def test_a_form_made_of_either_is_outdated_afterwards(
    world: World, pair: tuple[Case, Case], db_session: Db, acting_as: ActAs, owner: Engine
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE citizens SET version = 7 WHERE id = :id"), {"id": pair[1].citizen_id})
    acting_as(world.nord.koordinator)
    kept = merge(db_session, pair, world.nord.koordinator)
    assert kept.version > 7
    assert (kept.attached, kept.in_active_case) == (True, True)
