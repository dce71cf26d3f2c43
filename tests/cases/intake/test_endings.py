"""Closing, reopening, moving and restricting a case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role
from app.cases import queries, restriction
from app.cases.codes import Result, Theme
from app.cases.intake import services
from app.cases.models import AccessKind, Case, CaseStatus
from app.core.errors import ChangedMeanwhileError, DomainError
from app.deadlines.models import Deadline
from tests.cases.acting import NOON, TODAY, Db, access_of, events_of, new_citizen, open_one, sees
from tests.cases.intake.conftest import decided, refer, spells
from tests.cases.pages import running_deadline
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import Team, World

TOMORROW = TODAY + timedelta(days=1)


def close(case: Case, team: Team) -> None:
    services.close_case(
        case, reasons="Går i skole", result=Result.GOALS_MET, risk_view="Lav", by=team.koordinator, at=NOON
    )


def test_closing_keeps_why_how_and_the_last_view(team: Team, db_session: Db, owner: Engine) -> None:
    case = open_one(team.koordinator)
    close(case, team)
    db_session.commit()

    assert (case.status, case.closed_on, case.is_open) == (CaseStatus.CLOSED, TODAY, False)
    assert decided(owner, case.id) == [("closed", None, "Går i skole")]
    assert events_of(owner, case.id)[-1] == ("case.closed", team.koordinator.id, {"result": "maal_naaet"})
    assert spells(owner, case.id) == [("afsluttet", 1, TODAY, None)]


@pytest.mark.parametrize("status", ["henvendelse", "afvist", "afsluttet"])
def test_only_an_active_case_is_closed(team: Team, status: str) -> None:
    case = refer(team.koordinator) if status != "afsluttet" else open_one(team.koordinator)
    if status == "afvist":
        services.reject(case, reasons="x", told="y", by=team.koordinator, at=NOON)
    if status == "afsluttet":
        close(case, team)

    with pytest.raises(DomainError, match="Kun en aktiv sag"):
        close(case, team)


def test_a_running_clock_is_named_and_never_stopped_silently(
    team: Team, db_session: Db, make: Make, owner: Engine
) -> None:
    case = open_one(team.koordinator)
    db_session.commit()
    clock = running_deadline(make, owner, case, TOMORROW)

    with pytest.raises(DomainError, match=r"sidste dag 21-11-2026\)\. Stop den først"):
        close(case, team)

    assert db_session.scalar(select(Deadline.stopped_at).where(Deadline.id == clock.id)) is None
    assert case.status is CaseStatus.ACTIVE


def test_a_reopened_case_is_active_again(team: Team, acting_as: ActAs, db_session: Db, owner: Engine) -> None:
    case = open_one(team.koordinator)
    acting_as(team.koordinator, TODAY + timedelta(days=10))
    later = NOON + timedelta(days=10)
    by = team.koordinator
    services.close_case(case, reasons="x", result=Result.MOVED, risk_view="y", by=by, at=later)
    acting_as(by, TODAY + timedelta(days=30))
    services.reopen_case(case, reasons="Er flyttet tilbage", by=by, at=NOON + timedelta(days=30))
    db_session.commit()

    assert (case.status, case.closed_on, case.accepted_on) == (CaseStatus.ACTIVE, None, TODAY)
    day10, day30 = TODAY + timedelta(days=10), TODAY + timedelta(days=30)
    assert spells(owner, case.id) == [
        ("aktiv", 1, TODAY, day10),
        ("afsluttet", 1, day10, day30),
        ("aktiv", 1, day30, None),
    ]


def test_closed_and_reopened_the_same_day_leaves_one_spell(team: Team, db_session: Db, owner: Engine) -> None:
    case = open_one(team.koordinator)
    close(case, team)
    services.reopen_case(case, reasons="Fejl", by=team.koordinator, at=NOON)
    db_session.commit()

    assert spells(owner, case.id) == [("aktiv", 1, TODAY, None)]


def test_a_rejected_referral_is_reopened_for_visitation(team: Team) -> None:
    case = refer(team.koordinator)
    services.reject(case, reasons="x", told="y", by=team.koordinator, at=NOON)
    services.reopen_case(case, reasons="Nye oplysninger", by=team.koordinator, at=NOON)

    assert (case.status, case.closed_on) == (CaseStatus.VISITATION, None)


def test_an_open_case_is_not_reopened(team: Team) -> None:
    with pytest.raises(DomainError, match="Sagen er åben"):
        services.reopen_case(open_one(team.koordinator), reasons="x", by=team.koordinator, at=NOON)


def test_a_case_is_not_reopened_beside_an_open_one(team: Team) -> None:
    case = open_one(team.koordinator)
    close(case, team)
    other = refer(team.koordinator, case.citizen)

    with pytest.raises(DomainError, match=f"allerede en åben sag, {other.number}"):
        services.reopen_case(case, reasons="x", by=team.koordinator, at=NOON)


def test_an_owner_whose_account_is_closed_no_longer_answers(
    team: Team, acting_as: ActAs, db_session: Db, make: Make
) -> None:
    left = make.user(Role.KOORDINATOR, team.unit, active=False)
    case_id = make.case(unit=team.unit, owner=left, closed=date(2026, 3, 1)).id
    case = queries.get_case(case_id)
    services.reopen_case(case, reasons="x", by=team.koordinator, at=NOON)

    assert case.owner_id is None


def test_a_moved_case_belongs_to_the_other_unit_alone(
    world: World, team: Team, acting_as: ActAs, db_session: Db, owner: Engine
) -> None:
    case = open_one(team.koordinator, niveau=3, member_ids=[team.mentor.id])
    case_id, version = case.id, case.version
    db_session.commit()
    acting_as(team.koordinator, TOMORROW)
    case = queries.get_case(case_id)
    later = NOON + timedelta(days=1)
    services.transfer_case(case, unit_id=world.syd.unit.id, reasons="Flyttet", by=team.koordinator, at=later)
    db_session.commit()

    for user in team:
        acting_as(user, TOMORROW)
        db_session.expunge_all()
        assert queries.find_case(case_id) is None
    acting_as(world.syd.leder, TOMORROW)
    moved = queries.get_case(case_id)
    assert (moved.unit_id, moved.owner_id, moved.restricted) == (world.syd.unit.id, None, True)
    assert moved.version > version
    assert {to_day for *_, to_day in access_of(owner, case_id)} == {TODAY}
    assert decided(owner, case_id) == [("transferred", None, "Flyttet")]
    event = events_of(owner, case_id)[-1]
    assert event == ("case.transferred", team.koordinator.id, {"from_unit": team.unit.id, "to_unit": world.syd.unit.id})


def test_whoever_is_barred_stays_barred_after_a_move(
    world: World, team: Team, make: Make, acting_as: ActAs, db_session: Db
) -> None:
    made = make.case(unit=team.unit)
    make.access(made, world.syd.leder, AccessKind.BARRED)
    case_id, case = made.id, queries.get_case(made.id)
    services.transfer_case(case, unit_id=world.syd.unit.id, reasons="x", by=team.koordinator, at=NOON)
    db_session.commit()

    assert not sees(acting_as, db_session, world.syd.leder, case_id)


@pytest.mark.parametrize("unit", ["own", "closed", "missing"])
def test_a_case_is_moved_to_another_open_unit(team: Team, make: Make, owner: Engine, unit: str) -> None:
    closed = make.unit("Nedlagt")
    with owner.begin() as connection:
        connection.exec_driver_sql(f"UPDATE units SET active = false WHERE id = {closed.id}")
    unit_id = {"own": team.unit.id, "closed": closed.id, "missing": 99_999}[unit]

    with pytest.raises(DomainError) as refused:
        services.transfer_case(open_one(team.koordinator), unit_id=unit_id, reasons="x", by=team.koordinator, at=NOON)

    assert refused.value.field == "unit"


@pytest.mark.parametrize(
    ("role", "active", "niveau", "taken"),
    [
        (None, True, 1, False),
        (Role.MENTOR, True, 1, False),
        (Role.KOORDINATOR, False, 1, False),
        (Role.KOORDINATOR, True, 1, True),
        (Role.KOORDINATOR, True, 3, False),
        (Role.LEDER, False, 3, False),
        (Role.LEDER, True, 3, True),
    ],
)
def test_a_case_is_not_moved_to_where_nobody_would_see_it(
    team: Team, make: Make, db_session: Db, role: Role | None, active: bool, niveau: int, taken: bool
) -> None:
    unit = make.unit()
    if role is not None:
        make.user(role, unit, active=active)
    case = open_one(team.koordinator, niveau=niveau)

    def move() -> None:
        services.transfer_case(case, unit_id=unit.id, reasons="x", by=team.koordinator, at=NOON)

    if taken:
        move()
        return
    with pytest.raises(DomainError, match="ville kunne se sagen") as refused:
        move()
    assert refused.value.field == "unit"
    with pytest.raises(ProgrammingError, match=f"nobody of unit {unit.id} would see case"):
        db_session.execute(select(func.ek_transfer_case(case.id, unit.id, NOON)))


def test_a_restricted_case_is_not_moved_to_a_leader_who_is_barred(
    world: World, team: Team, make: Make, db_session: Db
) -> None:
    made = make.case(3, owner=team.koordinator)
    make.access(made, world.syd.leder, AccessKind.BARRED)

    with pytest.raises(DomainError, match="kan ikke overføres til den enhed"), db_session.begin_nested():
        services.transfer_case(
            queries.get_case(made.id), unit_id=world.syd.unit.id, reasons="x", by=team.koordinator, at=NOON
        )

    assert queries.get_case(made.id).unit_id == team.unit.id


def test_a_closed_case_is_not_moved(world: World, team: Team) -> None:
    case = open_one(team.koordinator)
    close(case, team)

    with pytest.raises(DomainError, match="Genåbn den først"):
        services.transfer_case(case, unit_id=world.syd.unit.id, reasons="x", by=team.koordinator, at=NOON)


def test_restricted_for_the_named_and_lifted_by_the_leader(
    team: Team, make: Make, acting_as: ActAs, db_session: Db, owner: Engine
) -> None:
    other = make.user(Role.KOORDINATOR, team.unit)
    case = open_one(team.koordinator)
    restriction.restrict(case, reasons="Trusler", member_ids=[team.mentor.id], by=team.koordinator, at=NOON)
    db_session.commit()
    case_id = case.id
    assert sees(acting_as, db_session, team.mentor, case_id)
    assert not sees(acting_as, db_session, other, case_id)

    acting_as(team.koordinator, TODAY)
    with pytest.raises(DomainError, match="Kun enhedens leder"):
        restriction.lift_restriction(queries.get_case(case_id), reasons="x", by=team.koordinator, at=NOON)

    acting_as(team.leder, TODAY)
    restriction.lift_restriction(queries.get_case(case_id), reasons="Roligt", by=team.leder, at=NOON)
    db_session.commit()
    assert sees(acting_as, db_session, other, case_id)
    assert decided(owner, case_id) == [("restricted", None, "Trusler"), ("unrestricted", None, "Roligt")]


def test_what_demands_a_restriction_keeps_it(team: Team, acting_as: ActAs, db_session: Db) -> None:
    on_3 = open_one(team.koordinator, niveau=3).id
    feared = refer(team.koordinator, new_citizen(team.koordinator, 2), themes=[Theme.EXTREMISM]).id
    db_session.commit()
    acting_as(team.leder, TODAY)
    for case_id, words in ((on_3, "På niveau 3"), (feared, "handler om ekstremisme")):
        with pytest.raises(DomainError, match=words):
            restriction.lift_restriction(queries.get_case(case_id), reasons="x", by=team.leder, at=NOON)


def test_restricting_twice_or_lifting_nothing_is_refused(team: Team) -> None:
    case = open_one(team.koordinator)
    with pytest.raises(DomainError, match="ikke begrænset"):
        restriction.lift_restriction(case, reasons="x", by=team.koordinator, at=NOON)
    restriction.restrict(case, reasons="x", member_ids=[], by=team.koordinator, at=NOON)
    with pytest.raises(DomainError, match="allerede begrænset"):
        restriction.restrict(case, reasons="x", member_ids=[], by=team.koordinator, at=NOON)


@pytest.mark.parametrize("act", ["close", "reopen", "transfer", "restrict", "lift"])
def test_whoever_looks_at_an_older_case_does_not_overrule(world: World, team: Team, db_session: Db, act: str) -> None:
    case = open_one(team.koordinator)
    db_session.commit()
    stale = queries.get_case(case.id)
    db_session.expunge(stale)
    close(queries.get_case(case.id), team)
    by = team.koordinator
    acts = {
        "close": lambda: close(stale, team),
        "reopen": lambda: services.reopen_case(stale, reasons="x", by=by, at=NOON),
        "transfer": lambda: services.transfer_case(stale, unit_id=world.syd.unit.id, reasons="x", by=by, at=NOON),
        "restrict": lambda: restriction.restrict(stale, reasons="x", member_ids=[], by=by, at=NOON),
        "lift": lambda: restriction.lift_restriction(stale, reasons="x", by=by, at=NOON),
    }

    with pytest.raises(ChangedMeanwhileError):
        acts[act]()
