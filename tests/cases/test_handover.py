"""A case changes hands: one at a time, or all of an employee's at once."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select

from app.access.models import Role, User
from app.audit.models import Event
from app.cases import handovers
from app.cases.handovers import Handover
from app.cases.models import AccessKind, Case
from app.core.errors import DomainError
from tests.browser import Browser
from tests.cases.acting import NOON, TODAY, Db, access_of
from tests.cases.pages import events
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import World


@pytest.fixture
def leaving(make: Make, world: World) -> User:
    """A coordinator with three open cases, one of them restricted, and a closed one."""
    user = make.user(Role.KOORDINATOR, world.nord.unit, name="Lone Lund")
    for niveau in (1, 2, 3):
        make.case(niveau, owner=user)
    make.case(1, owner=user, closed=date(2026, 2, 2))
    return user


def owners(owner: Engine) -> dict[int, int | None]:
    with owner.connect() as connection:
        return {row.id: row.owner_id for row in connection.execute(select(Case.id, Case.owner_id))}


def stored(owner: Engine) -> list[tuple[int, int | None, int | None, int]]:
    with owner.connect() as connection:
        rows = select(Handover.case_id, Handover.from_id, Handover.to_id, Handover.by_id).order_by(Handover.id)
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(rows)]


def test_a_change_of_owner_takes_a_note_along(browser: Callable[[], Browser], world: World, make: Make) -> None:
    case, other = (
        make.case(owner=world.nord.koordinator),
        make.user(Role.KOORDINATOR, world.nord.unit, name="Mette Holm"),
    )
    client = browser().sign_in(world.nord.leder)

    client.submit(client.get(f"/sager/{case.id}/ansvarlig"), {"owner": other.id, "note": "Moderen ringer om fredagen"})

    taker = browser().sign_in(other)
    for address in ("adgang", "journal"):
        shown = taker.get(f"/sager/{case.id}/{address}").main
        assert "Moderen ringer om fredagen" in shown
        assert "til Mette Holm" in shown


def test_a_note_to_nobody_new_is_refused(
    browser: Callable[[], Browser], world: World, make: Make, owner: Engine
) -> None:
    case = make.case(owner=world.nord.koordinator)
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/sager/{case.id}/ansvarlig")
    page = client.submit(page, {"note": "Til hvem?"}, status=422)
    assert page.errors == ["Vælg en anden ansvarlig, eller slet det, du har skrevet."]
    assert stored(owner) == []


def test_the_note_stands_although_the_case_goes_out_of_sight(
    world: World, acting_as: ActAs, db_session: Db, make: Make, owner: Engine
) -> None:
    by, other = make.user(Role.KOORDINATOR, world.nord.unit), make.user(Role.KOORDINATOR, world.nord.unit)
    case_id = make.case(3, owner=by).id
    acting_as(by, TODAY)

    assert handovers.hand_over(db_session.get_one(Case, case_id), owner_id=other.id, note="Pas på", by=by, at=NOON)
    db_session.commit()

    assert db_session.get(Case, case_id, populate_existing=True) is None
    assert handovers.handovers_of(case_id) == []
    acting_as(other, TODAY)
    [line] = handovers.handovers_of(case_id)
    assert (line.giver, line.taker, line.note, line.who) == (by.name, other.name, "Pas på", by.name)
    assert stored(owner) == [(case_id, by.id, other.id, by.id)]


def test_all_cases_are_handed_over_at_once(
    browser: Callable[[], Browser], world: World, make: Make, leaving: User, owner: Engine
) -> None:
    first, second = (make.user(Role.KOORDINATOR, world.nord.unit, name=name) for name in ("Bo Dal", "Ida Holm"))
    mine = [case_id for case_id, user_id in owners(owner).items() if user_id == leaving.id]
    client = browser().sign_in(world.nord.leder)

    page = client.get(client.get("/medarbejdere").links[f"Overdrag sager fra {leaving.name}"])
    assert "Lone Lund er ansvarlig for 3 åbne sager" in page.main
    preview = client.submit(
        page, {"taker": first.id, f"sag_{mine[1]}": second.id, "note": "Rejser 1. december"}, status=200
    )
    assert preview.h1 == "Overdrag sagerne?"
    assert "2 sager til Bo Dal og 1 sag til Ida Holm" in preview.main
    assert stored(owner) == []
    done = client.submit(preview, {"confirmed": "ja"})

    assert "Overdraget fra Lone Lund: 2 sager til Bo Dal og 1 sag til Ida Holm." in done.text
    assert [owners(owner)[case_id] for case_id in mine[:3]] == [first.id, second.id, first.id]
    assert [user_id for *_, user_id in stored(owner)] == [world.nord.leder.id] * 3
    assert (first.id, "owner") in {(row[0], row[1]) for row in access_of(owner, mine[2])}
    assert "ikke ansvarlig for åbne sager" in client.get(f"/medarbejdere/{leaving.id}/overdrag").main
    assert events(owner, Event.CASES_LISTED)[0].details["list"] == "overdragelse"


def test_the_distribution_can_be_corrected(
    browser: Callable[[], Browser], world: World, make: Make, leaving: User, owner: Engine
) -> None:
    taker = make.user(Role.KOORDINATOR, world.nord.unit, name="Bo Dal")
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/medarbejdere/{leaving.id}/overdrag")
    preview = client.submit(page, {"taker": taker.id, "note": "Rejser"}, status=200)

    back = client.submit(preview, {"confirmed": "ret"}, status=200)

    assert back.h1 == "Overdrag sager"
    assert back.one("main//select[@name='taker']/option[@selected]").get("value") == str(taker.id)
    assert stored(owner) == []


def test_everybody_needs_a_taker_and_a_note(browser: Callable[[], Browser], world: World, leaving: User) -> None:
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/medarbejdere/{leaving.id}/overdrag")
    page = client.submit(page, {"note": "Rejser"}, status=422)
    assert page.errors[0].startswith("Vælg, hvem der overtager ")
    page = client.submit(page, {"note": ""}, status=422)
    assert page.errors == ["Skriv, hvad den, der overtager, skal vide."]


def test_all_or_none_are_handed_over(
    browser: Callable[[], Browser], world: World, make: Make, leaving: User, owner: Engine
) -> None:
    taker = make.user(Role.KOORDINATOR, world.nord.unit, name="Bo Dal")
    last = make.case(1, owner=leaving)
    make.access(last, taker, AccessKind.BARRED)
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/medarbejdere/{leaving.id}/overdrag")
    preview = client.submit(page, {"taker": taker.id, "note": "Rejser"}, status=200)

    refused = client.submit(preview, {"confirmed": "ja"}, status=422)

    assert refused.errors == [f"Sag {last.number}: Medarbejderen kan ikke få ansvaret for sagen. Vælg en anden."]
    assert stored(owner) == []


def test_a_case_that_came_meanwhile_is_not_handed_over_unseen(
    browser: Callable[[], Browser], world: World, make: Make, leaving: User, owner: Engine
) -> None:
    taker = make.user(Role.KOORDINATOR, world.nord.unit, name="Bo Dal")
    client = browser().sign_in(world.nord.leder)
    page = client.get(f"/medarbejdere/{leaving.id}/overdrag")
    preview = client.submit(page, {"taker": taker.id, "note": "Rejser"}, status=200)
    make.case(1, owner=leaving)

    refused = client.submit(preview, {"confirmed": "ja"}, status=422)

    assert refused.errors == ["Medarbejderens sager har ændret sig, mens du så på siden. Se listen igennem igen."]
    assert stored(owner) == []


def test_nobody_hands_over_to_the_one_who_leaves(
    world: World, acting_as: ActAs, db_session: Db, leaving: User, owner: Engine
) -> None:
    acting_as(world.nord.leder, TODAY)
    ids = [case.id for case in handovers.open_cases_of(leaving.id, TODAY)]
    takers = dict.fromkeys(ids, leaving.id)

    with pytest.raises(DomainError, match="Vælg en anden end medarbejderen selv"):
        handovers.hand_over_all(leaving, takers=takers, note="x", seen=ids, by=world.nord.leder, at=NOON)


def test_an_employee_with_cases_cannot_be_closed_before(
    browser: Callable[[], Browser], world: World, leaving: User
) -> None:
    client = browser().sign_in(world.nord.administrator)
    page = client.post(f"/administration/brugere/{leaving.id}/luk", status=None)
    text = page.text if not page.is_redirect else client.follow(page).text
    assert "Lone Lund er ansvarlig for 3 åbne sager. Lad først lederen overdrage dem under Medarbejdere." in text
