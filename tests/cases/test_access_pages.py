"""Who answers for the case and who sees it by name."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, select

from app.access.models import Role
from app.audit.models import Event
from app.cases.models import AccessKind, CaseAccess
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, events, stored
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World


def test_an_owner_is_chosen(browser: Callable[[], Browser], world: World, make: Make) -> None:
    case, other = world.cases["unit"], make.user(Role.KOORDINATOR, world.nord.unit, name="Mette Holm")
    client = browser().sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/ansvarlig")
    assert "Mette Holm · Ansvarlig" not in client.get(f"/sager/{case.id}").main
    client.submit(page, {"owner": other.id})
    assert "Mette Holm · Ansvarlig" in client.get(f"/sager/{case.id}").main
    refused = client.submit(page, {"owner": world.nord.koordinator.id}, status=422)
    assert ["Ansvarlig", "Mette Holm (koordinator)", f"{world.nord.koordinator.name} (koordinator)"] in refused.rows()


def test_giving_away_a_restricted_case_can_put_it_out_of_sight(browser: Callable[[], Browser], make: Make) -> None:
    by = make.user(Role.KOORDINATOR)
    other = make.user(Role.KOORDINATOR, by.unit)
    case = make.case(3, owner=by)
    client = browser().sign_in(by)
    page = client.submit(client.get(f"/sager/{case.id}/ansvarlig"), {"owner": other.id})
    assert page.h1 == "Sager"
    assert "Du kan ikke længere se sagen." in page.main
    client.get(f"/sager/{case.id}", status=404)
    browser().sign_in(other).get(f"/sager/{case.id}")


def test_a_mentor_is_given_access_for_some_days_and_it_is_ended(
    browser: Callable[[], Browser], world: World, frozen: Freeze, owner: Engine
) -> None:
    clock = frozen(MORNING)
    case, mentor = world.cases["unit"], world.nord.mentor
    client = browser().sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang/ny")
    page = client.submit(page, {"user": mentor.id, "to_day": TODAY + timedelta(days=30)})
    assert page.rows() == [[mentor.name, "Mentor", "20-11-2026", "20-12-2026", f"Afslut adgang for {mentor.name}"]]
    browser().sign_in(mentor).get(f"/sager/{case.id}")
    clock.shift(timedelta(days=3))
    client = browser().sign_in(world.nord.koordinator)
    ending = client.get(client.get(f"/sager/{case.id}/adgang").links[f"Afslut adgang for {mentor.name}"])
    assert f"Skal {mentor.name} ikke længere kunne se sagen som mentor?" in ending.main
    page = client.submit(ending)
    assert [mentor.name, "Mentor", "20-11-2026", "22-11-2026"] in page.rows()
    browser().sign_in(mentor).get(f"/sager/{case.id}", status=404)
    assert "allerede gemt" in client.submit(ending).main
    assert len(events(owner, Event.CASE_ACCESS_ENDED)) == 1


def test_access_that_is_ended_twice(client: Browser, world: World, make: Make) -> None:
    case, mentor = world.cases["unit"], world.nord.mentor
    address = f"/sager/{case.id}/adgang/{make.access(case, mentor).id}/afslut"
    client.sign_in(world.nord.koordinator)
    first, second = client.get(address), client.get(address)
    assert "Adgangen er afsluttet." in client.submit(first).main
    assert "Adgangen er allerede afsluttet." in client.submit(second).main


def test_access_that_began_today_leaves_nothing_when_it_is_ended(client: Browser, world: World, frozen: Freeze) -> None:
    frozen(MORNING)
    case, mentor = world.cases["unit"], world.nord.mentor
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get(f"/sager/{case.id}/adgang/ny"), {"user": mentor.id})
    address = page.links[f"Afslut adgang for {mentor.name}"]
    ending = client.get(address)
    assert "Adgangen er afsluttet." in client.submit(ending).main
    assert "allerede gemt" in client.submit(ending).main
    client.get(address, status=404)


def test_only_access_of_this_case_given_by_hand_is_ended(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["unit"]
    own = make.access(case, world.nord.koordinator, AccessKind.OWNER)
    others = make.access(world.cases["elsewhere"], world.nord.mentor, AccessKind.MENTOR)
    client.sign_in(world.nord.koordinator)
    before = stored(owner)
    for access_id in (own.id, others.id, 99_999):
        url = f"/sager/{case.id}/adgang/{access_id}/afslut"
        client.get(url, status=404)
        client.post(url, {"submission": f"8d1ec1a2-0c9f-4ac1-9a0c-{access_id:012}"}, status=404)
    assert stored(owner) == before


def test_ending_ones_own_access_says_what_it_means(client: Browser, world: World, make: Make) -> None:
    case = world.cases["restricted_named"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang")
    page = client.submit(client.get(page.links[f"Afslut adgang for {world.nord.koordinator.name}"]))
    assert page.h1 == "Sager"
    assert "Du kan ikke længere se sagen." in page.main


def test_a_double_click_gives_access_once(client: Browser, world: World, owner: Engine) -> None:
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/adgang/ny")
    for _ in range(2):
        client.submit(page, {"user": world.nord.mentor.id})
    with owner.connect() as connection:
        assert len(connection.scalars(select(CaseAccess.id).where(CaseAccess.case_id == case.id)).all()) == 1
