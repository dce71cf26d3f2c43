"""What the leader sees of CPR numbers that somebody met out of his sight; the mail about it names nobody."""

from collections.abc import Callable

from tests.browser import Browser
from tests.world import World


def test_the_leader_sees_who_met_a_number_out_of_sight(world: World, browser: Callable[[], Browser]) -> None:
    asker = world.nord.koordinator
    citizen = world.cases["elsewhere"].citizen
    asking = browser().sign_in(asker)
    page = asking.get("/sager/ny")
    values = {"cpr": citizen.cpr, "name": "En Anden", "address_protection": "nej", "referrer": "politi"}
    asking.submit(page, {**values, "concern": "Uro", "suitable": "Følges tæt", "niveau": "1"}, status=422)

    mine = browser().sign_in(world.nord.leder).get("/medarbejdere")
    assert any(row[1:] == [asker.name] for row in mine.rows())
    assert str(citizen.cpr) not in mine.html
    theirs = browser().sign_in(world.syd.leder).get("/medarbejdere")
    assert "CPR-numre i brug" not in theirs.text
