"""What exists for whom: the policies of the database, its owner-side function, and the permission table agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role, Unit, User
from app.access.policy import Reader
from app.cases.models import AccessKind, Case
from app.core.database import NOBODY, RowScope, set_settings
from app.core.model import Base
from app.people.models import Citizen
from tests.factories import Make
from tests.samples import SAMPLES, Sampler
from tests.scoped_rows import NOT_BY_SIGHT, assert_sight_agrees, case_tables, ids_seen
from tests.world import World

TODAY = date(2026, 3, 3)
CITIZENS = Base.metadata.tables[Citizen.__tablename__]


@dataclass(frozen=True)
class Named:
    """Somebody is named on a case: the reader or another, from and to days counted from today."""

    reader: bool
    kind: AccessKind
    start: int
    length: int | None


@dataclass(frozen=True)
class Drawn:
    """A case as hypothesis draws it."""

    own_unit: bool
    restricted: bool
    named: tuple[Named, ...]


NAMED = st.builds(
    Named,
    reader=st.booleans(),
    kind=st.sampled_from(AccessKind),
    start=st.integers(-3, 2),
    length=st.none() | st.integers(0, 3),
)
DRAWN = st.builds(Drawn, own_unit=st.booleans(), restricted=st.booleans(), named=st.lists(NAMED, max_size=3).map(tuple))


@pytest.fixture
def sampler(make: Make, owner: Engine) -> Sampler:
    return Sampler(make, owner)


@pytest.fixture
def units(make: Make) -> tuple[Unit, Unit]:
    return make.unit("Egen"), make.unit("Anden")


@pytest.fixture
def full_world(make: Make, sampler: Sampler) -> World:
    """The world with a row of each kind on each case."""
    world = World.made(make, TODAY)
    for case in world.cases.values():
        sampler.hang_on(case)
    return world


def realised(make: Make, drawn: Drawn, units: tuple[Unit, Unit], reader: User, other: User) -> Case:
    case = make.case(restricted=drawn.restricted, unit=units[0] if drawn.own_unit else units[1])
    for named in drawn.named:
        start = TODAY + timedelta(days=named.start)
        end = None if named.length is None else start + timedelta(days=named.length)
        make.access(case, reader if named.reader else other, named.kind, start, end)
    return case


@given(role=st.sampled_from(Role), in_unit=st.booleans(), active=st.booleans(), drawn=st.lists(DRAWN, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_exists_exactly_when_the_case_may_be_read(
    make: Make,
    web: Engine,
    sampler: Sampler,
    units: tuple[Unit, Unit],
    role: Role,
    in_unit: bool,
    active: bool,
    drawn: list[Drawn],
) -> None:
    reader = make.user(role, units[0], active=active) if in_unit else make.add(_without_unit(role, active, make))
    other = make.user(Role.KOORDINATOR, units[0])
    cases = [realised(make, one, units, reader, other) for one in drawn]
    for case in cases:
        sampler.hang_on(case)

    seen = assert_sight_agrees(web, Reader.of(reader, TODAY), cases)

    citizens = ids_seen(web, CITIZENS, RowScope(reader.id, TODAY))
    assert citizens & {case.citizen_id for case in cases} == {case.citizen_id for case in cases if case.id in seen}
    about = {row.id for case in cases for row in case.access if row.user_id == reader.id}
    assert ids_seen(web, Base.metadata.tables["case_access"], RowScope(reader.id, TODAY)) == about


def _without_unit(role: Role, active: bool, make: Make) -> User:
    user = make.user(role, active=active)
    return User(
        name=user.name,
        email=f"uden-{user.id}@kommune.example",
        role=role,
        unit_id=None,
        active=active,
        created_at=user.created_at,
        disabled_at=user.disabled_at,
    )


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_what_it_should_in_the_small_world(full_world: World, web: Engine, role: Role) -> None:
    reader = Reader.of(full_world.nord.of(role), TODAY)

    seen = assert_sight_agrees(web, reader, list(full_world.cases.values()))

    assert {name for name, case in full_world.cases.items() if case.id in seen} == {
        Role.MENTOR: {"owner", "named", "mentor", "restricted_named"},
        Role.KOORDINATOR: {"unit", "owner", "named", "mentor", "restricted_named"},
        Role.LEDER: {"unit", "owner", "named", "mentor", "restricted", "restricted_named"},
    }.get(role, set())


@pytest.mark.parametrize("table", case_tables(), ids=lambda table: table.name)
def test_table_of_a_case_is_scoped_and_sampled(owner: Engine, table: str) -> None:
    name = str(table)
    assert name in SAMPLES or name in NOT_BY_SIGHT or name == "case_access", "add a sample to scoped_rows.py"
    with owner.connect() as connection:
        enabled = connection.scalar(
            text("SELECT relrowsecurity FROM pg_class WHERE oid = CAST(:name AS regclass)"), {"name": name}
        )
        policies = connection.scalar(
            text("SELECT count(*) FROM pg_policies WHERE tablename = :name AND 'ek_test_app' = ANY (roles)"),
            {"name": name},
        )
    assert enabled
    assert policies


@pytest.mark.parametrize("scope", [NOBODY, RowScope(None, TODAY), RowScope(1, None), RowScope(99_999, TODAY)])
def test_without_a_user_and_a_day_no_case_exists(full_world: World, web: Engine, scope: RowScope) -> None:
    for name in [*SAMPLES, "cases", "citizens", "case_access"]:
        if scope.today is None and name == "case_access":
            continue
        assert not ids_seen(web, Base.metadata.tables[name], scope), name


def test_connection_that_was_told_nothing_sees_nothing(full_world: World, web: Engine) -> None:
    with web.connect() as connection:
        for name in [*SAMPLES, "cases", "citizens", "case_access"]:
            assert connection.scalar(select(func.count()).select_from(Base.metadata.tables[name])) == 0, name


def test_new_citizen_is_seen_by_its_creator_until_it_has_a_case(
    make: Make, web: Engine, units: tuple[Unit, Unit]
) -> None:
    creator, colleague = make.user(Role.KOORDINATOR, units[0]), make.user(Role.KOORDINATOR, units[0])
    citizen = make.citizen(created_by=creator)

    assert citizen.id in ids_seen(web, CITIZENS, RowScope(creator.id, TODAY))
    assert citizen.id not in ids_seen(web, CITIZENS, RowScope(colleague.id, TODAY))

    make.case(citizen=citizen, unit=units[1])

    assert citizen.id not in ids_seen(web, CITIZENS, RowScope(creator.id, TODAY))


DEFECTS = {
    "barred no longer shut out": "DROP POLICY cases_not_barred ON cases",
    "named no longer let in": "DROP POLICY cases_read ON cases",
    "everybody sees every case": "CREATE POLICY gap ON cases FOR SELECT TO ek_test_app USING (true)",
    "cases without a scope": "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
    "parties without a scope": "ALTER TABLE netvaerkssamraad_parties DISABLE ROW LEVEL SECURITY",
    "deadlines out of sight": "DROP POLICY deadlines_read ON deadlines",
    "the record of every case": "CREATE POLICY gap ON audit_events FOR SELECT TO ek_test_app USING (case_id > 0)",
    "a function that forgets the date": (
        "CREATE OR REPLACE FUNCTION ek_today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT DATE '2000-01-01' $$"
    ),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_the_check_itself_finds_a_gap(full_world: World, web: Engine, owner: Engine, defect: str) -> None:
    cases = list(full_world.cases.values())
    with owner.begin() as connection:
        connection.execute(text(defect))

    with pytest.raises((AssertionError, ProgrammingError)):
        _all_agree(web, full_world.nord, cases)


def _all_agree(web: Engine, users: Iterable[User], cases: list[Case]) -> None:
    for user in users:
        assert_sight_agrees(web, Reader.of(user, TODAY), cases)


BLIND_WRITES = {
    "cases": "UPDATE cases SET niveau = 2",
    "citizens": "UPDATE citizens SET sex = 'ukendt'",
    "netvaerkssamraad": "UPDATE netvaerkssamraad SET means = 'brev', summoned_at = '2026-03-04'",
    "netvaerkssamraad_parties": "UPDATE netvaerkssamraad_parties SET role = 'andet'",
    "deadlines": "UPDATE deadlines SET next_reminder_on = '2026-03-04'",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("table", BLIND_WRITES)
def test_a_write_without_a_condition_reaches_only_what_is_in_sight(
    full_world: World, web: Engine, table: str, role: Role
) -> None:
    """A SELECT policy does not bind an UPDATE that reads nothing; the UPDATE policy must do it alone."""
    scope = RowScope(full_world.nord.of(role).id, TODAY)
    in_sight = len(ids_seen(web, Base.metadata.tables[table], scope))
    with web.connect() as connection:
        connection.execute(set_settings(scope))
        changed = connection.execute(text(BLIND_WRITES[table])).rowcount

    assert changed <= in_sight


INSERT_CASE = text(
    "INSERT INTO cases (id, number, citizen_id, unit_id, restricted, niveau, opened_niveau, status, referrer, concern,"
    " received_on, opened_on, accepted_on, opened_by_id, opened_at, version)"
    " VALUES (9999, '2026-9999', :citizen, :unit, false, 1, 1, 'aktiv', 'politi', '', '2026-03-03',"
    " '2026-03-03', '2026-03-03', :user, now(), 1)"
)


def test_a_case_is_not_opened_on_a_citizen_out_of_sight(full_world: World, make: Make, web: Engine) -> None:
    user = full_world.nord.koordinator
    values = {"unit": user.unit_id, "user": user.id}
    own = make.citizen(created_by=user)
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(user.id, TODAY)))
        connection.execute(INSERT_CASE, values | {"citizen": own.id})
        connection.rollback()
        connection.execute(set_settings(RowScope(user.id, TODAY)))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(INSERT_CASE, values | {"citizen": full_world.cases["elsewhere"].citizen_id})
