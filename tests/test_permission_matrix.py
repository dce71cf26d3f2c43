"""Who gets in where: every route, every role, every way of standing to what the address names.

Written out by hand and kept apart from the policy, so that a change of either is noticed by the other. A route that is
not listed fails the build.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app import PUBLIC
from app.access.models import User
from app.core import clock
from app.core.pages import UNPROCESSABLE
from tests.addresses import Addresses, relations_of, routes
from tests.browser import Browser
from tests.contents import TRACES, contents
from tests.databases import Database
from tests.factories import Make
from tests.page import Page
from tests.permission_rows import MATRIX, SEES_CASE, WORKS_ON_CASE, outcomes
from tests.world import MISSING, World

STATUS = {"F": 403, "-": 404}
LET_IN = frozenset({200, 302, 422})
DENIALS = text(
    "SELECT user_id, (details ->> 'status')::int FROM audit_events WHERE event = 'access.denied' ORDER BY id"
)


@pytest.fixture
def furnished(database: Database, make: Make, owner: Engine) -> Callable[[], Addresses]:
    """`furnished()`: a fresh small municipality, and addresses in it."""

    def furnish() -> Addresses:
        database.mark_used()
        database.renew()
        return Addresses(World.made(Make(owner), clock.local_date(clock.now())), make, owner)

    return furnish


def ask(browser: Browser, route: str, address: str) -> Page:
    """Send a request with nothing in it."""
    method, _ = route.split()
    return browser.get(address, status=None) if method == "GET" else browser.post(address, status=None)


def test_every_route_is_listed(app: Flask) -> None:
    assert {route for route in routes(app) if route.split()[1] not in PUBLIC} == set(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
def test_who_gets_in(
    app: Flask, browser: Callable[[], Browser], furnished: Callable[[], Addresses], owner: Engine, route: str
) -> None:
    for rule in routes(app)[route]:
        town = Town(furnished, browser, owner)
        for role, relation, letter in outcomes(MATRIX[route], relations_of(rule)):
            user = town.addresses.world.nord.of(role)
            address = town.addresses.of(rule, user, relation)
            where = f"{role} at {route}, {relation}: {address}"
            if letter == "o":
                town.assert_let_in(user, route, address, where)
            else:
                town.assert_denied(user, route, address, STATUS[letter], where)


class Town:
    """The small municipality of one route's test, with everybody signed in."""

    def __init__(self, furnished: Callable[[], Addresses], browser: Callable[[], Browser], owner: Engine) -> None:
        self._furnished, self._browser, self._owner = furnished, browser, owner
        self._move_in()

    def _move_in(self) -> None:
        self.addresses = self._furnished()
        self._browsers: dict[int, Browser] = {}

    def browser_of(self, user: User) -> Browser:
        """The user's browser, signed in."""
        if user.id not in self._browsers:
            self._browsers[user.id] = self._browser().sign_in(user)
        return self._browsers[user.id]

    def assert_let_in(self, user: User, route: str, address: str, where: str) -> None:
        """The view answers, whatever it says to a request with nothing in it."""
        page = ask(self.browser_of(user), route, address)
        assert page.status in LET_IN, f"{where} answered {page.status}"
        assert not page.response.headers.get("Location", "").startswith("/log-ind"), where
        if route.startswith("POST") and page.status != UNPROCESSABLE:
            self._move_in()

    def assert_denied(self, user: User, route: str, address: str, status: int, where: str) -> None:
        """Nothing changes but that the denial is recorded."""
        before, denials = contents(self._owner, but=TRACES), denied(self._owner)
        page = ask(self.browser_of(user), route, address)
        assert page.status == status, f"{where} answered {page.status}"
        assert denied(self._owner) == [*denials, (user.id, status)], where
        assert contents(self._owner, but=TRACES) == before, where


def denied(owner: Engine) -> list[tuple[int, int]]:
    """Who was denied what, so far."""
    with owner.connect() as connection:
        return [(user_id, status) for user_id, status in connection.execute(DENIALS)]


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(
    app: Flask, client: Browser, furnished: Callable[[], Addresses], owner: Engine
) -> None:
    addresses = furnished()
    for route in MATRIX:
        for rule in routes(app)[route]:
            address = addresses.of(rule, addresses.world.nord.leder, relations_of(rule)[0])
            before = contents(owner)

            page = ask(client, route, address)

            assert page.status == 302, route
            assert page.location.startswith("/log-ind"), route
            assert contents(owner) == before, route


@pytest.mark.parametrize("route", [route for route, row in MATRIX.items() if row in {SEES_CASE, WORKS_ON_CASE}])
def test_out_of_sight_looks_like_not_there(
    app: Flask, client: Browser, furnished: Callable[[], Addresses], route: str
) -> None:
    addresses, (rule,) = furnished(), routes(app)[route]
    user = addresses.world.nord.koordinator
    client.sign_in(user)
    missing = ask(client, route, addresses.of(rule, user, MISSING))
    for relation in ("elsewhere", "restricted", "ended", "barred"):
        hidden = ask(client, route, addresses.of(rule, user, relation))

        assert (hidden.status, missing.status) == (404, 404)
        assert hidden.main == missing.main
        assert len(hidden.html) == len(missing.html)
        assert sorted(hidden.response.headers.keys()) == sorted(missing.response.headers.keys())


HANGS_ON_A_CASE = {
    *("samraad_id", "party_id", "access_id", "incident_id", "assessment_id", "relation_id"),
    *("plan_id", "goal_id", "measure_id", "follow_up_id", "line_id", "point_id"),
}


def test_what_hangs_on_another_case_is_not_there(
    app: Flask, client: Browser, furnished: Callable[[], Addresses], owner: Engine
) -> None:
    """An address that names a case in sight, and a thing of one out of sight or of another one in sight."""
    addresses = furnished()
    user = addresses.world.nord.leder
    client.sign_in(user)
    for route, (rule, *_) in routes(app).items():
        for name in rule.arguments & HANGS_ON_A_CASE:
            for relation in ("elsewhere", "owner"):
                address = addresses.mixed(rule, user, "unit", {name: relation})
                before = contents(owner, but=TRACES)

                page = ask(client, route, address)

                assert page.status == 404, (route, relation)
                assert contents(owner, but=TRACES) == before
