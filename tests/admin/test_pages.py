"""Every page of the administration opens for those who may, and says what it is about."""

import pytest

from tests.browser import Browser
from tests.world import World

ADMINISTRATORS = ["", "/brugere", "/brugere/ny", "/enheder", "/bydele", "/skoler", "/regler", "/rettigheder"]


@pytest.mark.parametrize("path", ADMINISTRATORS)
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

    assert {
        links[f"Åbn {name}"] for name in ("brugere", "enheder", "bydele", "skoler", "fristregler", "rettigheder")
    } == {
        f"/administration{path}" for path in ("/brugere", "/enheder", "/bydele", "/skoler", "/regler", "/rettigheder")
    }
