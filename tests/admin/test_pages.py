"""Every page of the administration opens for those who may, and says what it is about."""

import pytest

from tests.browser import Browser
from tests.world import World

SECTIONS = {
    "brugere": "brugere",
    "enheder": "enheder",
    "bydele": "bydele",
    "skoler": "skoler",
    "fristregler": "regler",
    "rettigheder": "rettigheder",
    "drift": "drift",
}


@pytest.mark.parametrize("path", ["", "/brugere/ny", *(f"/{path}" for path in SECTIONS.values())])
def test_administrator_opens_every_section(client: Browser, world: World, path: str) -> None:
    client.sign_in(world.nord.administrator)

    page = client.get(f"/administration{path}")

    assert "Administration" in page.links


@pytest.mark.parametrize("path", ["/regler", "/rettigheder"])
def test_leader_reads_rules_and_rights_from_own_page(client: Browser, world: World, path: str) -> None:
    client.sign_in(world.nord.leder)

    assert f"/administration{path}" in client.get("/min-side").links.values()
    assert "Administration" not in client.get(f"/administration{path}").links


def test_index_leads_to_every_section(client: Browser, world: World) -> None:
    client.sign_in(world.nord.administrator)

    links = client.get("/administration").links

    assert [links[f"Åbn {name}"] for name in SECTIONS] == [f"/administration/{path}" for path in SECTIONS.values()]
