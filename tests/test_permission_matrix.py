"""Who gets in where: every route, every role, every way of standing to what the address names.

Written out by hand and kept apart from the policy, so that a change of either is noticed by the other. A route that is
not listed fails the build.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app import PUBLIC
from app.access.models import Role, User
from app.core import clock
from app.core.pages import UNPROCESSABLE
from tests.addresses import Addresses, relations_of, routes
from tests.browser import Browser
from tests.contents import TRACES, contents
from tests.databases import Database
from tests.factories import Make
from tests.page import Page
from tests.world import MISSING, World

# One word per role: mentor, koordinator, leder, analytiker, administrator, revisor. One letter per relation, or one for
# all of them:  o let in   F 403, seen but not allowed   - 404, does not exist for the one who asks.
#
# Relations to a case: unit, elsewhere, owner, named, mentor, restricted, restricted_named, ended, coming, barred,
# missing (tests/world.py says what each is). To a person or an absence: self, colleague, elsewhere, missing. To a
# place: there, missing. Whoever is not signed in is sent to the sign-in page, everywhere but at PUBLIC.
SEES_CASE = "--ooo-o---- o-ooo-o---- o-ooooo---- - - -"
WORKS_ON_CASE = "--FFF-F---- o-ooo-o---- o-ooooo---- - - -"
# Of a group: unit, elsewhere, restricted, restricted_named (by name), missing.
SEES_GROUP = "- o--o- o-oo- - - -"
LEADS_CASE = "--FFF-F---- F-FFF-F---- o-ooooo---- - - -"
CASE_WORKERS = "F o o F F F"
CASE_ROLES = "o o o F F F"
EVERYBODY = "o o o o o o"
# Of an import: own, other, missing.
OWN_IMPORT = "--- o-- o-- --- --- ---"
ADMINISTRATOR = "F F F F o F"
ADMINISTRATOR_OF_ONE = "F- F- F- F- o- F-"

MATRIX = {
    "GET front_page.show": EVERYBODY,
    "GET own_page.show": EVERYBODY,
    "GET own_page.password": EVERYBODY,
    "POST own_page.password": EVERYBODY,
    "GET own_page.absence": EVERYBODY,
    "POST own_page.absence": EVERYBODY,
    "POST own_page.remove": "o--- o--- o--- o--- o--- o---",
    "GET employees.index": "F F o F F F",
    "GET cases.hand_over": "FF-- FF-- oo-- FF-- FF-- FF--",
    "POST cases.hand_over": "FF-- FF-- oo-- FF-- FF-- FF--",
    "GET review.index": CASE_WORKERS,
    "GET review.paper": CASE_WORKERS,
    "GET review.case_review": WORKS_ON_CASE,
    "POST review.case_review": WORKS_ON_CASE,
    "GET imports.index": CASE_WORKERS,
    "POST imports.upload": CASE_WORKERS,
    "GET imports.template": CASE_WORKERS,
    "GET imports.show": OWN_IMPORT,
    "POST imports.run": OWN_IMPORT,
    "GET imports.how_far": OWN_IMPORT,
    "GET imports.failed_as_xlsx": OWN_IMPORT,
    "GET imports.failed_as_csv": OWN_IMPORT,
    "GET imports.discard": OWN_IMPORT,
    "POST imports.discard": OWN_IMPORT,
    "GET employees.absence": "FF-- FF-- oo-- FF-- FF-- FF--",
    "POST employees.absence": "FF-- FF-- oo-- FF-- FF-- FF--",
    "POST employees.remove": "FF-- FF-- oo-- FF-- FF-- FF--",
    "GET cases.index": CASE_ROLES,
    "POST cases.search": CASE_ROLES,
    "GET cases.deadlines": CASE_ROLES,
    "GET cases.new": CASE_WORKERS,
    "POST cases.new": CASE_WORKERS,
    "GET citizens.index": CASE_ROLES,
    "POST citizens.search": CASE_ROLES,
    "POST citizens.look_alike": CASE_WORKERS,
    "GET citizens.show": SEES_CASE,
    "GET citizens.add_contact": WORKS_ON_CASE,
    "POST citizens.add_contact": WORKS_ON_CASE,
    "GET citizens.change_contact": WORKS_ON_CASE,
    "POST citizens.change_contact": WORKS_ON_CASE,
    "GET citizens.remove_contact": WORKS_ON_CASE,
    "POST citizens.remove_contact": WORKS_ON_CASE,
    "GET citizens.change_cpr": WORKS_ON_CASE,
    "POST citizens.change_cpr": WORKS_ON_CASE,
    "GET citizens.choose_other": WORKS_ON_CASE,
    "POST citizens.search_other": WORKS_ON_CASE,
    "GET citizens.merge": WORKS_ON_CASE,
    "POST citizens.merge": WORKS_ON_CASE,
    "GET cases.show": SEES_CASE,
    "GET cases.case_deadlines": SEES_CASE,
    "GET cases.case_history": WORKS_ON_CASE,
    "GET cases.edit": WORKS_ON_CASE,
    "POST cases.edit": WORKS_ON_CASE,
    "GET cases.edit_citizen": WORKS_ON_CASE,
    "POST cases.edit_citizen": WORKS_ON_CASE,
    "GET assessments.index": SEES_CASE,
    "GET assessments.show": SEES_CASE,
    "GET assessments.compare": SEES_CASE,
    "POST assessments.start": WORKS_ON_CASE,
    "GET assessments.edit": WORKS_ON_CASE,
    "POST assessments.edit": WORKS_ON_CASE,
    "POST assessments.autosave": WORKS_ON_CASE,
    "GET assessments.sign": WORKS_ON_CASE,
    "POST assessments.sign": WORKS_ON_CASE,
    "POST assessments.rest_unknown": WORKS_ON_CASE,
    "GET assessments.discard": WORKS_ON_CASE,
    "POST assessments.discard": WORKS_ON_CASE,
    "GET incidents.index": SEES_CASE,
    "GET incidents.register": WORKS_ON_CASE,
    "POST incidents.register": WORKS_ON_CASE,
    "GET incidents.change": WORKS_ON_CASE,
    "POST incidents.change": WORKS_ON_CASE,
    "GET incidents.void": WORKS_ON_CASE,
    "POST incidents.void": WORKS_ON_CASE,
    "GET incidents.review": WORKS_ON_CASE,
    "POST incidents.review": WORKS_ON_CASE,
    "GET cases.access": WORKS_ON_CASE,
    "GET cases.owner": WORKS_ON_CASE,
    "POST cases.owner": WORKS_ON_CASE,
    "GET cases.give_access": WORKS_ON_CASE,
    "POST cases.give_access": WORKS_ON_CASE,
    "GET cases.end_access": WORKS_ON_CASE,
    "POST cases.end_access": WORKS_ON_CASE,
    "GET journal.index": SEES_CASE,
    "POST journal.search": SEES_CASE,
    "GET journal.new": SEES_CASE,
    "POST journal.new": SEES_CASE,
    "GET journal.show": SEES_CASE,
    "GET journal.correct": SEES_CASE,
    "POST journal.correct": SEES_CASE,
    "GET journal.new_letter": WORKS_ON_CASE,
    "POST journal.new_letter": WORKS_ON_CASE,
    "GET journal.show_letter": SEES_CASE,
    "GET journal.letter_file": SEES_CASE,
    "GET journal.file_case": WORKS_ON_CASE,
    "POST journal.file_case": WORKS_ON_CASE,
    "GET intake.index": CASE_WORKERS,
    "GET intake.new": CASE_WORKERS,
    "POST intake.new": CASE_WORKERS,
    "GET intake.day_report": CASE_WORKERS,
    "POST intake.day_report": CASE_WORKERS,
    "GET intake.visitation": SEES_CASE,
    "POST intake.take": WORKS_ON_CASE,
    "GET intake.accept": WORKS_ON_CASE,
    "POST intake.accept": WORKS_ON_CASE,
    "GET intake.reject": WORKS_ON_CASE,
    "POST intake.reject": WORKS_ON_CASE,
    "GET intake.close": WORKS_ON_CASE,
    "POST intake.close": WORKS_ON_CASE,
    "GET intake.reopen": WORKS_ON_CASE,
    "POST intake.reopen": WORKS_ON_CASE,
    "GET intake.transfer": WORKS_ON_CASE,
    "POST intake.transfer": WORKS_ON_CASE,
    "GET intake.restrict": WORKS_ON_CASE,
    "POST intake.restrict": WORKS_ON_CASE,
    "GET intake.lift": LEADS_CASE,
    "POST intake.lift": LEADS_CASE,
    "GET levels.change": WORKS_ON_CASE,
    "POST levels.change": WORKS_ON_CASE,
    "GET niveauer.index": ADMINISTRATOR,
    "POST niveauer.index": ADMINISTRATOR,
    "GET niveauer.edit": ADMINISTRATOR_OF_ONE,
    "POST niveauer.edit": ADMINISTRATOR_OF_ONE,
    "POST niveauer.close": ADMINISTRATOR_OF_ONE,
    "POST niveauer.reopen": ADMINISTRATOR_OF_ONE,
    "GET netvaerkssamraad.index": SEES_CASE,
    "GET netvaerkssamraad.show": SEES_CASE,
    "GET netvaerkssamraad.register": WORKS_ON_CASE,
    "POST netvaerkssamraad.register": WORKS_ON_CASE,
    "GET netvaerkssamraad.summon": WORKS_ON_CASE,
    "POST netvaerkssamraad.summon": WORKS_ON_CASE,
    "GET netvaerkssamraad.exempt": WORKS_ON_CASE,
    "POST netvaerkssamraad.exempt": WORKS_ON_CASE,
    "GET netvaerkssamraad.meeting": WORKS_ON_CASE,
    "POST netvaerkssamraad.meeting": WORKS_ON_CASE,
    "GET netvaerkssamraad.undo_summons": WORKS_ON_CASE,
    "POST netvaerkssamraad.undo_summons": WORKS_ON_CASE,
    "GET netvaerkssamraad.undo_meeting": WORKS_ON_CASE,
    "POST netvaerkssamraad.undo_meeting": WORKS_ON_CASE,
    "GET netvaerkssamraad.undo_exemption": WORKS_ON_CASE,
    "POST netvaerkssamraad.undo_exemption": WORKS_ON_CASE,
    "GET netvaerkssamraad.change_measures": WORKS_ON_CASE,
    "POST netvaerkssamraad.change_measures": WORKS_ON_CASE,
    "GET netvaerkssamraad.add_party": WORKS_ON_CASE,
    "POST netvaerkssamraad.add_party": WORKS_ON_CASE,
    "GET netvaerkssamraad.change_party": WORKS_ON_CASE,
    "POST netvaerkssamraad.change_party": WORKS_ON_CASE,
    "GET netvaerkssamraad.remove_party": WORKS_ON_CASE,
    "POST netvaerkssamraad.remove_party": WORKS_ON_CASE,
    "GET handleplan.index": SEES_CASE,
    "GET handleplan.show": SEES_CASE,
    "GET handleplan.citizens_pdf": SEES_CASE,
    "GET handleplan.start": WORKS_ON_CASE,
    "POST handleplan.start": WORKS_ON_CASE,
    "GET handleplan.edit": WORKS_ON_CASE,
    "POST handleplan.edit": WORKS_ON_CASE,
    "GET handleplan.close": WORKS_ON_CASE,
    "POST handleplan.close": WORKS_ON_CASE,
    "GET handleplan.add_goal": WORKS_ON_CASE,
    "POST handleplan.add_goal": WORKS_ON_CASE,
    "GET handleplan.change_goal": WORKS_ON_CASE,
    "POST handleplan.change_goal": WORKS_ON_CASE,
    "GET handleplan.add_measure": WORKS_ON_CASE,
    "POST handleplan.add_measure": WORKS_ON_CASE,
    "GET handleplan.change_measure": WORKS_ON_CASE,
    "POST handleplan.change_measure": WORKS_ON_CASE,
    "GET handleplan.end_measure": WORKS_ON_CASE,
    "POST handleplan.end_measure": WORKS_ON_CASE,
    "GET handleplan.plan_follow_up": WORKS_ON_CASE,
    "POST handleplan.plan_follow_up": WORKS_ON_CASE,
    "GET handleplan.move_follow_up": WORKS_ON_CASE,
    "POST handleplan.move_follow_up": WORKS_ON_CASE,
    "GET handleplan.hold_follow_up": WORKS_ON_CASE,
    "POST handleplan.hold_follow_up": WORKS_ON_CASE,
    "GET handleplan.cancel_follow_up": WORKS_ON_CASE,
    "POST handleplan.cancel_follow_up": WORKS_ON_CASE,
    "GET handleplan.add_line": WORKS_ON_CASE,
    "POST handleplan.add_line": WORKS_ON_CASE,
    "GET handleplan.change_line": WORKS_ON_CASE,
    "POST handleplan.change_line": WORKS_ON_CASE,
    "POST handleplan.start_acute": WORKS_ON_CASE,
    "POST handleplan.reopen": WORKS_ON_CASE,
    "POST handleplan.reopen_measure": WORKS_ON_CASE,
    "POST handleplan.line_done": WORKS_ON_CASE,
    "POST handleplan.line_not_needed": WORKS_ON_CASE,
    "POST handleplan.line_again": WORKS_ON_CASE,
    "GET network.index": SEES_CASE,
    "GET network.add": WORKS_ON_CASE,
    "POST network.add": WORKS_ON_CASE,
    "GET network.change": WORKS_ON_CASE,
    "POST network.change": WORKS_ON_CASE,
    "GET network.end": WORKS_ON_CASE,
    "POST network.end": WORKS_ON_CASE,
    "GET network.remove": WORKS_ON_CASE,
    "POST network.remove": WORKS_ON_CASE,
    "GET groups.of_case": SEES_CASE,
    "GET groups.index": CASE_WORKERS,
    "GET groups.new": CASE_WORKERS,
    "POST groups.new": CASE_WORKERS,
    "GET groups.show": SEES_GROUP,
    "GET groups.edit": SEES_GROUP,
    "POST groups.edit": SEES_GROUP,
    "POST groups.close": SEES_GROUP,
    "POST groups.reopen": SEES_GROUP,
    "GET groups.add_note": SEES_GROUP,
    "POST groups.add_note": SEES_GROUP,
    "GET groups.add_member": SEES_GROUP,
    "POST groups.add_member": SEES_GROUP,
    "GET groups.change_member": SEES_GROUP,
    "POST groups.change_member": SEES_GROUP,
    "GET groups.remove_member": SEES_GROUP,
    "POST groups.remove_member": SEES_GROUP,
    "GET groups.write_journal": SEES_GROUP,
    "POST groups.write_journal": SEES_GROUP,
    "GET groups.open_referrals": SEES_GROUP,
    "POST groups.open_referrals": SEES_GROUP,
    "GET statistics.index": "F F o o F F",
    "GET statistics.measures": "F F o o F F",
    "GET statistics.download": "F F o o F F",
    "GET administration.index": ADMINISTRATOR,
    "GET policy.index": "F F o F o o",
    "GET rules.index": "F o o F o F",
    "GET users.index": ADMINISTRATOR,
    "GET users.invite": ADMINISTRATOR,
    "POST users.invite": ADMINISTRATOR,
    "GET users.edit": "FFF- FFF- FFF- FFF- ooo- FFF-",
    "POST users.edit": "FFF- FFF- FFF- FFF- ooo- FFF-",
    "POST users.close": "FFF- FFF- FFF- FFF- ooo- FFF-",
    "POST users.reopen": "FFF- FFF- FFF- FFF- ooo- FFF-",
    "POST users.send_link": "FFF- FFF- FFF- FFF- ooo- FFF-",
    "GET operations.show": ADMINISTRATOR,
    "GET units.index": ADMINISTRATOR,
    "POST units.index": ADMINISTRATOR,
    "GET units.edit": ADMINISTRATOR_OF_ONE,
    "POST units.edit": ADMINISTRATOR_OF_ONE,
    "POST units.close": ADMINISTRATOR_OF_ONE,
    "POST units.reopen": ADMINISTRATOR_OF_ONE,
    "GET checklists.index": ADMINISTRATOR,
    "GET checklists.show": ADMINISTRATOR_OF_ONE,
    "GET checklists.renew": ADMINISTRATOR,
    "POST checklists.renew": ADMINISTRATOR,
    "GET bydele.index": ADMINISTRATOR,
    "POST bydele.index": ADMINISTRATOR,
    "GET bydele.edit": ADMINISTRATOR_OF_ONE,
    "POST bydele.edit": ADMINISTRATOR_OF_ONE,
    "POST bydele.close": ADMINISTRATOR_OF_ONE,
    "POST bydele.reopen": ADMINISTRATOR_OF_ONE,
    "GET measures.index": ADMINISTRATOR,
    "POST measures.index": ADMINISTRATOR,
    "GET measures.edit": ADMINISTRATOR_OF_ONE,
    "POST measures.edit": ADMINISTRATOR_OF_ONE,
    "POST measures.close": ADMINISTRATOR_OF_ONE,
    "POST measures.reopen": ADMINISTRATOR_OF_ONE,
    "GET schools.index": ADMINISTRATOR,
    "POST schools.index": ADMINISTRATOR,
    "GET schools.edit": ADMINISTRATOR_OF_ONE,
    "POST schools.edit": ADMINISTRATOR_OF_ONE,
    "POST schools.close": ADMINISTRATOR_OF_ONE,
    "POST schools.reopen": ADMINISTRATOR_OF_ONE,
}
STATUS = {"F": 403, "-": 404}
LET_IN = frozenset({200, 302, 422})
DENIALS = text(
    "SELECT user_id, (details ->> 'status')::int FROM audit_events WHERE event = 'access.denied' ORDER BY id"
)


def outcomes(row: str, relations: tuple[str, ...]) -> Iterator[tuple[Role, str, str]]:
    """The row, one letter at a time."""
    words = row.split()
    assert len(words) == len(Role)
    for role, word in zip(Role, words, strict=True):
        letters = word * len(relations) if len(word) == 1 else word
        assert len(letters) == len(relations), f"{word} has not {len(relations)} letters"
        yield from ((role, relation, letter) for relation, letter in zip(relations, letters, strict=True))


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


def test_what_hangs_on_another_case_is_not_there(
    app: Flask, client: Browser, furnished: Callable[[], Addresses], owner: Engine
) -> None:
    """An address that names a case in sight, and a thing of one out of sight or of another one in sight."""
    addresses = furnished()
    user = addresses.world.nord.leder
    client.sign_in(user)
    for route, (rule, *_) in routes(app).items():
        for name in rule.arguments & {
            "samraad_id",
            "party_id",
            "access_id",
            "incident_id",
            "assessment_id",
            "plan_id",
            "goal_id",
            "point_id",
        } | {"measure_id", "follow_up_id", "line_id", "relation_id"}:
            for relation in ("elsewhere", "owner"):
                address = addresses.mixed(rule, user, "unit", {name: relation})
                before = contents(owner, but=TRACES)

                page = ask(client, route, address)

                # Somebody whose access is not found has lost it already, which is said kindly.
                assert page.status == (302 if name == "access_id" else 404), (route, relation)
                changed = TRACES | ({"form_submissions"} if name == "access_id" else set())
                assert contents(owner, but=changed) == {k: v for k, v in before.items() if k not in changed}
