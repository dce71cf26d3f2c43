"""The functions that run as the owner, and so past the policies: they look for themselves whether the caller may."""

from datetime import date, timedelta

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role, User
from app.cases.models import AccessKind
from app.core.database import NOBODY, RowScope, set_settings
from tests.contents import contents
from tests.factories import Make
from tests.samples import Sampler
from tests.world import World

TODAY = date(2026, 3, 3)
ABOUT_ONESELF = {"ek_role", "ek_unit"}
CONCERNS_EVERYBODY = {"ek_unsent_mail"}
NOT_FOR_THE_PAGES = {
    "ek_cpr_in_use", "ek_move_citizen", "ek_join_membership", "ek_require_citizen_worker",
    "ek_relation_in_sight",
    "ek_record", "ek_require_case_worker", "ek_require_colleague", "ek_attach_citizen", "ek_remind_new_owner",
    "ek_begin_spell", "ek_keep_spells",
}  # fmt: skip
WORKERS = {Role.KOORDINATOR, Role.LEDER}
# The call, and the roles that it answers although the case is out of their sight.
CALLS: dict[str, tuple[str, set[Role]]] = {
    "ek_case_in_sight": ("SELECT ek_case_in_sight(:case)", set()),
    "ek_citizen_in_sight": ("SELECT ek_citizen_in_sight(:citizen)", set()),
    "ek_case_members": ("SELECT * FROM ek_case_members(:case)", set()),
    "ek_case_events": ("SELECT * FROM ek_case_events(:case, NULL, true, 0, 50)", set()),
    "ek_give_access": ("SELECT ek_give_access(:case, :user, 'member', '2026-03-03', NULL, '2026-03-03')", set()),
    "ek_end_access": ("SELECT ek_end_access(:access, '2026-03-03')", set()),
    "ek_assign_owner": ("SELECT ek_assign_owner(:case, :user, '2026-03-03')", set()),
    "ek_record_citizen_change": ("SELECT ek_record_citizen_change(:citizen, '{name}', '2026-03-03')", set()),
    "ek_record_contact_point": (
        "SELECT ek_record_contact_point(:citizen, 'citizen.contact-added', 1, '2026-03-03')",
        set(),
    ),
    "ek_set_cpr": ("SELECT ek_set_cpr(:citizen, 1, 'rettet', 'x', 'x', '2010-01-01', 'x', 'x', '2026-03-03')", set()),
    "ek_merge_citizens": (
        "SELECT ek_merge_citizens(:citizen, 1, :citizen, 1, false, 'x', false, 'x', 'x', '2026-03-03')",
        set(),
    ),
    "ek_reserve_case": ("SELECT * FROM ek_reserve_case(NULL, false, ARRAY[]::integer[], '2026-03-03')", WORKERS),
    "ek_cpr_taken": ("SELECT ek_cpr_taken('x', '2026-03-03', 10)", WORKERS),
    "ek_reserve_cases": (
        """SELECT * FROM ek_reserve_cases('[{"year": 2026, "restricted": false, "members": []}]', '2026-03-03')""",
        WORKERS,
    ),
    "ek_cprs_taken": ("SELECT cardinality(ek_cprs_taken(ARRAY['x'::bytea], '2026-03-03', 10))", WORKERS),
    "ek_case_doings": (
        "SELECT * FROM ek_case_doings(ARRAY[:case], ARRAY['2020-01-01'::timestamptz], ARRAY[]::text[])",
        set(),
    ),
    "ek_name_candidates": ("SELECT * FROM ek_name_candidates(ARRAY[]::smallint[], false)", {*WORKERS, Role.MENTOR}),
    "ek_open_cases": ("SELECT ek_open_cases(:user, NULL)", {Role.ADMINISTRATOR}),
    "ek_cpr_met": ("SELECT * FROM ek_cpr_met('2020-01-01')", set()),
    "ek_set_restriction": ("SELECT ek_set_restriction(:case, true, ARRAY[]::integer[], '2026-03-03')", set()),
    "ek_transfer_case": ("SELECT ek_transfer_case(:case, :unit, '2026-03-03')", set()),
    "ek_outbox_states": ("SELECT * FROM ek_outbox_states()", {Role.ADMINISTRATOR}),
}


def functions(owner: Engine, condition: str) -> set[str]:
    asked = f"SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND {condition}"
    with owner.connect() as connection:
        return set(connection.scalars(text(asked)))


def test_every_function_of_the_owner_is_known(owner: Engine) -> None:
    may_call = "prosecdef AND has_function_privilege('ek_test_app', oid, 'EXECUTE')"

    assert functions(owner, "prosecdef") == {*CALLS, *ABOUT_ONESELF, *CONCERNS_EVERYBODY, *NOT_FOR_THE_PAGES}
    assert functions(owner, may_call) == {*CALLS, *ABOUT_ONESELF, *CONCERNS_EVERYBODY}


def test_functions_of_the_owner_are_closed_to_the_other_roles(owner: Engine) -> None:
    for role in ("ek_test_job", "ek_test_stat"):
        assert functions(owner, f"prosecdef AND has_function_privilege('{role}', oid, 'EXECUTE')") == set()


def test_functions_of_the_owner_look_nowhere_else(owner: Engine) -> None:
    pinned = "prosecdef AND proconfig @> ARRAY['search_path=public, pg_temp']"

    assert functions(owner, pinned) == functions(owner, "prosecdef")


@pytest.mark.parametrize("function", ["ek_user_id", "ek_today"])
def test_who_asks_and_when_cannot_be_given_another_meaning(owner: Engine, function: str) -> None:
    """Types of the session itself come before those of the system, unless the body was resolved beforehand."""
    scope = RowScope(7, TODAY)
    with owner.connect() as connection:
        connection.execute(set_settings(scope))
        for name in ("int4", "date"):
            connection.execute(text(f"CREATE DOMAIN pg_temp.{name} AS text CHECK (false)"))
        assert connection.scalar(text(f"SELECT {function}()")) in {7, TODAY}


@pytest.mark.parametrize("function", CALLS)
def test_function_tells_and_does_nothing_out_of_sight(
    world: World, web: Engine, owner: Engine, make: Make, function: str
) -> None:
    call, answered = CALLS[function]
    values = _out_of_sight(world, owner, make)
    before = contents(owner)
    for role in (None, *Role):
        if role not in answered:
            user = world.nord.of(role) if role else None
            scope = RowScope(user.id, TODAY) if user else NOBODY
            assert _told(web, scope, call, values) == [], role

    assert contents(owner) == before


def _told(web: Engine, scope: RowScope, call: str, values: dict[str, int]) -> list[object]:
    """What the function answers, if it answers; what it does stands."""
    with web.connect() as connection:
        connection.execute(set_settings(scope))
        try:
            rows = connection.execute(text(call), values).all()
            connection.commit()
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            return []
    return [row for row in rows if row[0] not in {False, None}]


def _out_of_sight(world: World, owner: Engine, make: Make) -> dict[str, int]:
    case, user = world.cases["elsewhere"], world.syd.koordinator
    Sampler(make, owner).hang_on(case)
    access = make.access(case, user)
    return {
        "case": case.id,
        "citizen": case.citizen_id,
        "user": user.id,
        "access": access.id,
        "unit": world.nord.unit.id,
    }


GIVEN = {
    "owner": "SELECT ek_assign_owner(:case, :user, '2026-03-03')",
    "owner of a new case": "SELECT * FROM ek_reserve_case(:user, false, ARRAY[]::integer[], '2026-03-03')",
    "member": "SELECT ek_give_access(:case, :user, 'member', '2026-03-03', NULL, '2026-03-03')",
    "mentor": "SELECT ek_give_access(:case, :user, 'mentor', '2026-03-03', NULL, '2026-03-03')",
    "member of a new case": "SELECT * FROM ek_reserve_case(NULL, true, ARRAY[:user], '2026-03-03')",
}


@pytest.mark.parametrize("given", GIVEN)
def test_a_case_is_given_only_to_those_who_work_with_cases_in_its_unit(
    world: World, web: Engine, make: Make, given: str
) -> None:
    case, nord = world.cases["unit"], world.nord
    closed = [make.user(role, nord.unit, active=False) for role in (Role.KOORDINATOR, Role.LEDER, Role.MENTOR)]

    taken = {
        user.id
        for user in [*nord, *world.syd, *closed]
        if _is_done(web, nord.leder, GIVEN[given], {"case": case.id, "user": user.id})
    }

    owners = {nord.koordinator.id, nord.leder.id}
    assert taken == (owners if given.startswith("owner") else {*owners, nord.mentor.id})


def test_a_case_is_not_given_to_an_owner_who_is_barred_from_it(world: World, web: Engine, make: Make) -> None:
    case, user = world.cases["unit"], world.nord.koordinator
    make.access(case, user, AccessKind.BARRED, to_day=TODAY - timedelta(days=1))
    values = {"case": case.id, "user": user.id}
    assert _is_done(web, world.nord.leder, GIVEN["owner"], values)

    make.access(case, user, AccessKind.BARRED, to_day=TODAY)

    assert not _is_done(web, world.nord.leder, GIVEN["owner"], values)


@pytest.mark.parametrize("role", Role)
def test_a_change_to_a_citizen_is_recorded_by_those_who_may_change_it(world: World, web: Engine, role: Role) -> None:
    case = world.cases["restricted_named"]
    values = {"case": case.id, "citizen": case.citizen_id}

    assert _is_done(web, world.nord.of(role), CALLS["ek_record_citizen_change"][0], values) is (role in WORKERS)


def _is_done(web: Engine, by: User, call: str, values: dict[str, int]) -> bool:
    """Whether the database does it; it is taken back."""
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(by.id, TODAY)))
        try:
            connection.execute(text(call), values)
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            return False
    return True
