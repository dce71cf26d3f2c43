"""Changing what is known: two people on one case, and whatever is typed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.access.models import Role
from app.audit.models import Event
from app.cases.models import Referrer
from tests.browser import Browser
from tests.cases.pages import MORNING, events, stored
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World


def test_why_there_is_a_case_can_be_changed(client: Browser, world: World, owner: Engine) -> None:
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/rediger")
    page = client.submit(page, {"referrer": "klub", "concern": "Ny bekymring"})
    assert "Ændringerne er gemt." in page.main
    assert "Ny bekymring" in page.main
    assert "Der var ingen ændringer" in client.submit(client.get(f"/sager/{case.id}/rediger")).main
    [changed] = events(owner, Event.CASE_CHANGED)
    assert changed.details == {"fields": ["referrer", "concern"]}


def test_the_citizen_can_be_changed_and_each_case_tells_also_out_of_sight(
    client: Browser, world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["unit"]
    older = make.case(1, citizen=case.citizen, unit=world.nord.unit, closed=date(2026, 3, 1))
    hidden = make.case(3, citizen=case.citizen, unit=world.syd.unit)
    school = make.school("Øster Skole")
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/borger")
    page = client.submit(page, {"name": "Nyt Navn", "school": school.id, "address_protection": "ja"})
    assert "Nyt Navn" in page.main
    assert "Øster Skole" in page.main
    recorded = events(owner, Event.CITIZEN_CHANGED)
    assert sorted(event.case_id for event in recorded) == sorted([case.id, older.id, hidden.id])
    for event in recorded:
        assert (event.user_id, event.subject_type, event.subject_id) == (
            world.nord.koordinator.id, "citizen", case.citizen_id,
        )  # fmt: skip
        assert event.details == {"fields": ["name", "school_id", "address_protection"]}
    client.get(f"/sager/{hidden.id}/historik", status=404)
    client.sign_in(world.syd.leder)
    assert "Rettede borgerens oplysninger" in client.get(f"/sager/{hidden.id}/historik").main


CHANGES = [
    ("rediger", {"concern": "Min udgave"}, {"concern": "Din udgave"}, "Hvad er bekymringen?"),
    ("borger", {"name": "Min Udgave"}, {"name": "Din Udgave"}, "Navn"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0])
def test_of_two_who_change_the_same_one_wins_and_the_other_is_told(
    browser: Callable[[], Browser],
    world: World,
    make: Make,
    owner: Engine,
    frozen: Freeze,
    change: tuple[str, dict[str, str], dict[str, str], str],
) -> None:
    page_name, mine, yours, label = change
    frozen(MORNING)
    other = make.user(Role.KOORDINATOR, world.nord.unit, name="Mette Holm")
    url = f"/sager/{world.case_id('unit')}/{page_name}"
    one, two = browser().sign_in(world.nord.koordinator), browser().sign_in(other)
    page = one.get(url)
    two.submit(two.get(url), yours)
    refused = one.submit(page, mine, status=422)
    [typed], [stored] = mine.values(), yours.values()
    assert "Mette Holm rettede" in refused.main
    assert "20-11-2026 kl. 10.00" in refused.main
    assert [label, stored, typed] in refused.rows()
    assert typed in refused.html
    assert stored in one.get(f"/sager/{world.case_id('unit')}").main
    assert typed in one.submit(refused).main


def test_of_two_who_save_at_the_same_instant_one_wins(
    client: Browser, world: World, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's change comes between reading and saving."""
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{case.id}/rediger")

    def change_meanwhile(*_: Any) -> None:
        with owner.begin() as connection:
            connection.execute(text("UPDATE cases SET version = version + 1, referrer = 'bolig'"))

    monkeypatch.setattr("app.cases.routes.case.require_same_version", change_meanwhile)
    refused = client.submit(page, {"concern": "Min udgave"}, status=422)
    assert "Der er en fejl, og intet er gemt" in refused.main
    assert ["Hvem henvender sig?", Referrer("bolig").label, Referrer.POLICE.label] in refused.rows()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "999"])
def test_a_version_that_nobody_was_shown(client: Browser, world: World, version: str) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.get(f"/sager/{world.case_id('unit')}/rediger")
    client.submit(page, {"concern": "Min udgave", "version": version}, status=422)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("rediger", {"concern": ""}, "Skriv kort"),
    ("rediger", {"concern": "x" * 5000}, "4.000"),
    ("rediger", {"concern": "a\x00"}, "kan ikke gemmes"),
    ("rediger", {"referrer": "x"}, "Vælg en af mulighederne."),
    ("borger", {"name": ""}, "Skriv borgerens navn."),
    ("borger", {"name": "x" * 500}, "150"),
    ("borger", {"name": "a\x00"}, "kan ikke gemmes"),
    ("borger", {"sex": ""}, "Vælg køn."),
    ("borger", {"bydel": "99999"}, "Vælg en af mulighederne."),
    ("borger", {"school": "99999"}, "Vælg en af mulighederne."),
    ("borger", {"address_protection": ""}, "Ved ikke"),
    ("ansvarlig", {"owner": "99999"}, "Vælg en af mulighederne."),
    ("ansvarlig", {"owner": "mentor"}, "Vælg en af mulighederne."),
    ("ansvarlig", {"owner": "elsewhere"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"user": ""}, "Vælg en medarbejder."),
    ("adgang/ny", {"user": "elsewhere"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"user": "99999"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"kind": "owner"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"kind": "break_glass"}, "Vælg en af mulighederne."),
    ("adgang/ny", {"from_day": ""}, "Skriv den første dag."),
    ("adgang/ny", {"from_day": "2026-02-30"}, ""),
    ("adgang/ny", {"from_day": "2020-01-01"}, "tidligst begynde i dag"),
    ("adgang/ny", {"to_day": "2020-01-01"}, "før den første"),
]


@pytest.mark.parametrize("refusal", BAD, ids=lambda refusal: f"{refusal[0]} {str(refusal[1])[:30]}")
def test_bad_input_gives_the_form_back(
    client: Browser, world: World, owner: Engine, refusal: tuple[str, dict[str, Any], str]
) -> None:
    name, values, message = refusal
    people = {"elsewhere": world.syd.koordinator.id, "mentor": world.nord.mentor.id}
    filled = {
        "version": 1,
        "submission": "8d1ec1a2-0c9f-4ac1-9a0c-0d7a5e7c0a11",
        "concern": "Bekymring",
        "referrer": "skole",
        "name": "Nyt Navn",
        "sex": "mand",
        "address_protection": "ja",
        "user": world.nord.mentor.id,
        "kind": "mentor",
        "from_day": "2099-01-01",
    }
    data = filled | {field: people.get(value, value) for field, value in values.items()}
    before = stored(owner)
    page = client.sign_in(world.nord.koordinator).post(f"/sager/{world.case_id('unit')}/{name}", data, status=422)
    assert any(message in error for error in page.errors), page.errors
    assert stored(owner) == before


@pytest.mark.parametrize("name", ["rediger", "borger", "ansvarlig", "adgang/ny"])
@pytest.mark.parametrize("relation", ["elsewhere", "restricted"])
def test_nothing_is_changed_out_of_sight(
    client: Browser, world: World, owner: Engine, name: str, relation: str
) -> None:
    before = stored(owner)
    client.sign_in(world.nord.koordinator)
    client.post(f"/sager/{world.case_id(relation)}/{name}", {"concern": "x", "version": 1}, status=404)
    assert stored(owner) == before
