"""What exists for whom in the two tables, past the application."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.models import Case
from app.netvaerkssamraad.models import Netvaerkssamraad, Party
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED
from tests.world import World

NOW = at("2026-03-03 12.00")


def samraad_in(make: Make, case: Case, by: User, received_at: datetime = RECEIVED) -> Netvaerkssamraad:
    samraad = Netvaerkssamraad(
        case_id=case.id,
        documentation="politiets_liste",
        received_at=received_at,
        received_from="Politiet",
        why_serious="Røveri",
        age=15,
        registered_by_id=by.id,
        registered_at=NOW,
    )
    made = make.add(samraad)
    make.add(Party(samraad_id=made.id, case_id=case.id, role="den_unge", name="Fatima"))
    return made


@pytest.fixture
def in_every_case(make: Make, world: World) -> dict[str, int]:
    """A netværkssamråd with one party in each case of the world: relation to id."""
    by = world.nord.koordinator
    return {relation: samraad_in(make, case, by).id for relation, case in world.cases.items()}


@pytest.mark.parametrize("role", ["mentor", "koordinator", "leder", "analytiker", "administrator", "revisor"])
def test_both_tables_follow_the_sight_of_the_case(
    role: str, world: World, in_every_case: dict[str, int], db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    acting_as(getattr(world.nord, role))
    cases = set(db_session.scalars(select(Case.id)))
    in_sight = {in_every_case[relation] for relation, case in world.cases.items() if case.id in cases}

    assert set(db_session.scalars(select(Netvaerkssamraad.id))) == in_sight
    assert set(db_session.scalars(select(Party.samraad_id))) == in_sight
    assert bool(in_sight) == (role in {"mentor", "koordinator", "leder"})


def test_without_a_user_nothing_exists(in_every_case: dict[str, int], db_session: scoped_session[Session]) -> None:
    assert db_session.scalar(select(func.count()).select_from(Netvaerkssamraad)) == 0
    assert db_session.scalar(select(func.count()).select_from(Party)) == 0


def test_mentor_changes_nothing_whatever_the_statement(
    world: World, in_every_case: dict[str, int], db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    acting_as(world.nord.mentor)
    seen = in_every_case["mentor"]
    changed = update(Netvaerkssamraad).where(Netvaerkssamraad.id == seen).values(held_on=None)

    assert db_session.get(Netvaerkssamraad, seen) is not None
    assert db_session.execute(changed).rowcount == 0  # type: ignore[attr-defined]  # a cursor's result
    assert db_session.execute(update(Party).values(summoned=True)).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(ProgrammingError, match="row-level security"):
        db_session.execute(
            insert(Party).values(samraad_id=seen, case_id=world.case_id("mentor"), role="netvaerk", name="x", version=1)
        )


def test_nothing_is_added_to_a_case_out_of_sight(
    world: World, in_every_case: dict[str, int], db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    acting_as(world.nord.koordinator)
    elsewhere = {"samraad_id": in_every_case["elsewhere"], "case_id": world.case_id("elsewhere")}

    with pytest.raises(ProgrammingError, match="row-level security"):
        db_session.execute(insert(Party).values(**elsewhere, role="netvaerk", name="x", version=1, summoned=False))


def test_party_hangs_on_the_case_of_its_samraad(make: Make, world: World, in_every_case: dict[str, int]) -> None:
    stray = Party(samraad_id=in_every_case["unit"], case_id=world.case_id("owner"), role="netvaerk", name="x")

    with pytest.raises(IntegrityError, match="fk_netvaerkssamraad_parties"):
        make.add(stray)


@pytest.mark.parametrize(
    "column", ["case_id = case_id", "received_at = received_at", "why_serious = why_serious", "age = 1"]
)
def test_what_was_received_is_never_changed(
    column: str, world: World, in_every_case: dict[str, int], db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    acting_as(world.nord.koordinator)

    with pytest.raises(ProgrammingError, match="permission denied"):
        db_session.execute(text(f"UPDATE netvaerkssamraad SET {column}"))


@pytest.mark.parametrize("table", ["netvaerkssamraad", "netvaerkssamraad_parties"])
def test_nothing_is_deleted(
    table: str, world: World, in_every_case: dict[str, int], db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    acting_as(world.nord.leder)

    with pytest.raises(ProgrammingError, match="permission denied"):
        db_session.execute(text(f"DELETE FROM {table}"))


def test_statistics_read_dates_and_codes(world: World, in_every_case: dict[str, int], stat: Engine) -> None:
    columns = "case_id, documentation, received_on, summoned_on, means, outcome, exemption, held_on"
    with stat.connect() as connection:
        rows = connection.execute(text(f"SELECT {columns} FROM netvaerkssamraad")).all()

    assert len(rows) == len(in_every_case)
    assert {(row.documentation, row.received_on) for row in rows} == {("politiets_liste", date(2026, 3, 3))}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("netvaerkssamraad", name) for name in ("received_from", "why_serious", "documentation_other", "reason")),
        ("netvaerkssamraad", "no_custody_holder"),
        *(("netvaerkssamraad_parties", name) for name in ("id", "name", "contact", "organisation", "role")),
    ],
)
def test_statistics_read_no_text_and_no_party(table: str, column: str, stat: Engine) -> None:
    with stat.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"SELECT {column} FROM {table}"))


@pytest.mark.parametrize("table", ["netvaerkssamraad", "netvaerkssamraad_parties"])
def test_scheduler_reads_neither(table: str, job: Engine) -> None:
    with job.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"SELECT 1 FROM {table}"))


def test_names_and_texts_are_stored_encrypted(make: Make, world: World, owner: Engine) -> None:
    made = samraad_in(make, world.cases["unit"], world.nord.koordinator)
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM netvaerkssamraad WHERE id = :id"), {"id": made.id}).one()
        party = connection.execute(
            text("SELECT * FROM netvaerkssamraad_parties WHERE samraad_id = :id"), {"id": made.id}
        ).one()

    assert made.why_serious == "Røveri"
    assert isinstance(row.why_serious, bytes)
    assert "Røveri".encode() not in row.why_serious
    assert b"Politiet" not in row.received_from
    assert b"Fatima" not in party.name
