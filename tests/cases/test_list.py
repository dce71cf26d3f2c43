"""The list of cases: what it shows to whom, filters, order, search, and what is left of it in the record."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from app.access.models import Role, User
from app.audit.models import Event
from app.cases import listing
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, cpr_of, events, running_deadline
from tests.conftest import Freeze
from tests.factories import Make
from tests.page import Page
from tests.world import World


def numbers(page: Page) -> list[str]:
    """The case numbers of the list, from the top."""
    return [row[0] for row in page.rows()]


def search(client: Browser, words: str, address: str = "/sager") -> Page:
    """Fill the search box and send it."""
    return client.submit(client.get(address), {"words": words}, form="Søg")


VISIBLE = {
    Role.MENTOR: {"named", "mentor", "restricted_named", "owner"},
    Role.KOORDINATOR: {"unit", "owner", "named", "mentor", "restricted_named"},
    Role.LEDER: {"unit", "owner", "named", "mentor", "restricted", "restricted_named"},
}


@pytest.mark.parametrize("role", VISIBLE, ids=str)
def test_everybody_finds_his_own_cases(client: Browser, world: World, owner: Engine, role: Role) -> None:
    page = client.sign_in(world.nord.of(role)).get("/sager")
    shown = {name for name, case in world.cases.items() if case.number in numbers(page)}
    assert shown == VISIBLE[role]
    [listed] = events(owner, Event.CASES_LISTED)
    assert set(listed.listed_case_ids) == {world.case_id(name) for name in shown}
    assert listed.details == {"list": "sager"}


@pytest.mark.parametrize("role", [Role.ANALYTIKER, Role.ADMINISTRATOR, Role.REVISOR])
def test_others_have_no_list(client: Browser, world: World, role: Role) -> None:
    client.sign_in(world.nord.of(role))
    client.get("/sager", status=403)
    client.post("/sager", {"words": "x"}, status=403)
    client.get("/frister", status=403)


@pytest.fixture
def by(make: Make) -> User:
    return make.user(Role.KOORDINATOR, name="Karen Holm")


@pytest.fixture
def cases(make: Make, by: User, owner: Engine, frozen: Freeze) -> dict[str, Case]:
    """Four cases of one unit that differ in all that the list filters and sorts by."""
    frozen(MORNING)
    lund = make.bydel("Lund")
    made = {
        "late": make.case(1, citizen=make.citizen("Ægir Bo", bydel=lund), owner=by, opened=date(2026, 1, 5)),
        "soon": make.case(2, citizen=make.citizen("Åse Aagaard"), unit=by.unit, opened=date(2026, 2, 5)),
        "calm": make.case(1, citizen=make.citizen("Zahra Yıldız-Holm"), owner=by, opened=date(2025, 3, 5)),
        "closed": make.case(
            2, citizen=make.citizen("Ali Åen"), owner=by, opened=date(2026, 4, 5), closed=date(2026, 9, 1)
        ),
    }
    running_deadline(make, owner, made["late"], TODAY - timedelta(days=2))
    running_deadline(make, owner, made["late"], TODAY + timedelta(days=20), subject_id=9_001)
    running_deadline(make, owner, made["soon"], TODAY + timedelta(days=1))
    return made


FILTERS = [
    ("", ["soon", "late", "calm"]),
    ("?status=afsluttet", ["closed"]),
    ("?status=alle", ["closed", "soon", "late", "calm"]),
    ("?niveau=2", ["soon"]),
    ("?niveau=2&status=alle", ["closed", "soon"]),
    ("?ansvarlig=0", ["soon"]),
    ("?ansvarlig=me", ["late", "calm"]),
    ("?over_fristen=y", ["late"]),
    ("?sorter=nummer&retning=op", ["calm", "late", "soon"]),
    ("?sorter=niveau", ["soon", "late", "calm"]),
    ("?sorter=niveau&retning=op", ["calm", "late", "soon"]),
    ("?sorter=oprettet", ["soon", "late", "calm"]),
    ("?sorter=oprettet&retning=op", ["calm", "late", "soon"]),
    ("?sorter=frist", ["late", "soon", "calm"]),
    ("?sorter=frist&retning=ned", ["soon", "late", "calm"]),
    ("?sorter=navn", ["calm", "late", "soon"]),
    ("?sorter=navn&status=alle", ["closed", "calm", "late", "soon"]),
    ("?sorter=navn&retning=ned", ["soon", "late", "calm"]),
    # What an address cannot mean is left out.
    ("?status=x&niveau=99&ansvarlig=abc&sorter=x&retning=x&side=x", ["soon", "late", "calm"]),
    ("?niveau=99999999999999999999&ansvarlig=-1&side=-1", ["soon", "late", "calm"]),
    ("?side=0", ["soon", "late", "calm"]),
    ("?status=afsluttet&sorter=frist", ["closed"]),
]


@pytest.mark.parametrize(("address", "expected"), FILTERS)
def test_filters_and_order(
    client: Browser, by: User, cases: dict[str, Case], address: str, expected: list[str]
) -> None:
    page = client.sign_in(by).get(f"/sager{address.replace('me', str(by.id))}")
    assert numbers(page) == [cases[name].number for name in expected]


def test_a_row_tells_what_presses(client: Browser, by: User, cases: dict[str, Case]) -> None:
    rows = {row[0]: row[1:] for row in client.sign_in(by).get("/sager").rows()}
    late, calm = cases["late"].number, cases["calm"].number
    assert rows[late] == [
        "Ægir Bo", "1", "Aktiv", "Karen Holm", "2 dage over fristen 18-11-2026", "Lund", "05-01-2026"
    ]  # fmt: skip
    assert rows[calm][4] == "–"


def test_headings_turn_the_order_and_keep_the_filters(client: Browser, by: User, cases: dict[str, Case]) -> None:
    page = client.sign_in(by).get("/sager?niveau=1&sorter=niveau")
    assert page.links["Niveau"] == "/sager?niveau=1&sorter=niveau&retning=op"
    assert page.links["Navn"] == "/sager?niveau=1&sorter=navn&retning=op"
    assert "Bydel" not in page.links
    assert [head.get("aria-sort") for head in page.all("th[@aria-sort]")] == ["descending"]
    assert "Næste frist" in page.links
    assert "Næste frist" not in client.get("/sager?status=alle").links


SEARCHES = [
    ("2026-0001", ["late"]),
    ("2026-1", ["late"]),
    ("2026-3", ["closed"]),
    ("2026-9999", []),
    ("cpr:late", ["late"]),
    ("cpr:closed", ["closed"]),
    ("cpr:plain", ["late"]),
    ("0101104321", []),
    ("ase", ["soon"]),
    ("Åse AAGAARD", ["soon"]),
    ("aaga", ["soon"]),
    ("bo", ["late"]),
    ("b", []),
    ("aegir", ["late"]),
    ("zahra", ["calm"]),
    ("holm yildiz", ["calm"]),
    ("zahra bo", []),
    ("ali", []),
    ("%", "error"),
    ("12", "error"),
    ("310210-4321", "error"),
]


@pytest.mark.parametrize(("words", "expected"), SEARCHES)
def test_search(client: Browser, by: User, cases: dict[str, Case], words: str, expected: list[str] | str) -> None:
    client.sign_in(by)
    kind, _, name = words.partition(":")
    if kind == "cpr":
        cpr = cpr_of(cases["late" if name == "plain" else name].citizen)
        words = cpr.digits if name == "plain" else cpr.formatted
    if expected == "error":
        page = client.post("/sager", {"words": words}, status=422)
        assert len(page.errors) == 1
        assert page.one("input[@name='words']").get("value") == words
        return
    page = search(client, words)
    assert numbers(page) == [cases[name].number for name in expected]


def test_a_search_keeps_filters_order_and_pages_and_the_words(
    client: Browser, by: User, cases: dict[str, Case]
) -> None:
    client.sign_in(by)
    page = search(client, "Ali", "/sager?niveau=2&status=alle&sorter=navn&side=4")
    assert numbers(page) == [cases["closed"].number]
    assert re.fullmatch(r"/sager\?status=alle&niveau=2&sorter=navn&soeg=[0-9a-f]{8}", page.url)
    assert page.one("input[@name='words']").get("value") == "Ali"
    again = client.submit(page, {"niveau": "1"}, form="Vis")
    assert numbers(again) == []
    assert "Ryd søgning" in again.links
    assert len(numbers(client.get(again.links["Ryd søgning"]))) == 2


def test_a_search_among_the_open_offers_the_closed(client: Browser, by: User, cases: dict[str, Case]) -> None:
    page = search(client.sign_in(by), "Ali")
    assert "Søg også i dem, der er afsluttet." in page.main
    assert numbers(client.get(page.links["Søg i alle sager"])) == [cases["closed"].number]


def test_the_words_stand_in_no_address_record_or_readable_row(
    client: Browser, by: User, cases: dict[str, Case], owner: Engine
) -> None:
    page = search(client.sign_in(by), "Zahra Yıldız")
    assert numbers(page) == [cases["calm"].number]
    assert "ahra" not in page.url
    [searched] = events(owner, Event.CASES_SEARCHED)
    assert (searched.listed_case_ids, searched.details) == ([cases["calm"].id], {"search": "navn"})
    with owner.connect() as connection:
        for table in ("web_sessions", "audit_events"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            assert not [row for row in rows if "ahra" in row]


def test_searches_of_two_windows_do_not_mix_and_end(client: Browser, by: User, cases: dict[str, Case]) -> None:
    client.sign_in(by)
    first, second = search(client, "zahra"), search(client, "bo")
    assert numbers(client.get(first.url)) == [cases["calm"].number]
    assert numbers(client.get(second.url)) == [cases["late"].number]
    for _ in range(5):
        search(client, "ase")
    page = client.get(first.url)
    assert "Søgningen gemmes kun kort." in page.main
    assert len(numbers(page)) == 3


def test_a_search_belongs_to_its_session(browser: Callable[[], Browser], by: User, cases: dict[str, Case]) -> None:
    address = search(browser().sign_in(by), "zahra").url
    assert "Søgningen gemmes kun kort." in browser().sign_in(by).get(address).main


@pytest.mark.parametrize("words", ["", "   ", "x" * 300, "a\x00b", "\x1f"])
def test_bad_words(client: Browser, by: User, words: str) -> None:
    assert len(client.sign_in(by).post("/sager", {"words": words}, status=422).errors) == 1


@pytest.mark.parametrize("words", ["number", "cpr", "name"])
@pytest.mark.parametrize("relation", ["elsewhere", "restricted", "barred"])
def test_no_search_finds_a_case_out_of_sight(client: Browser, world: World, words: str, relation: str) -> None:
    case = world.cases[relation]
    typed = {"number": case.number, "cpr": cpr_of(case.citizen).digits, "name": case.citizen.name}[words]
    page = search(client.sign_in(world.nord.koordinator), typed)
    assert case.number not in numbers(page)


def test_pages_of_fifty(client: Browser, make: Make, by: User) -> None:
    made = [make.case(1, owner=by) for _ in range(101)]
    wanted = [case.number for case in reversed(made)]
    client.sign_in(by)
    page, found = client.get("/sager?niveau=1"), []
    for first, last, more in ((1, 50, True), (51, 100, True), (101, 101, False)):
        found += numbers(page)
        assert f"Viser {first}–{last}" in page.main
        assert ("flere" in page.main) == more
        assert ("Næste" in page.links) == more
        page = client.get(page.links["Næste"]) if more else page
    assert found == wanted
    assert numbers(client.get(page.links["Forrige"])) == wanted[50:100]
    assert "Der er ikke flere sager" in client.get("/sager?side=4").main


@pytest.mark.parametrize("sort", ["", "?sorter=navn"])
def test_a_search_by_name_fills_its_pages(client: Browser, make: Make, by: User, sort: str) -> None:
    """Candidates share a code with those who are meant, and are read in batches."""
    meant = [make.case(1, citizen=make.citizen("Mohammed Bech"), owner=by) for _ in range(60)]
    for _ in range(60):
        make.case(1, citizen=make.citizen("Mohamad Bech"), owner=by)
    page = search(client.sign_in(by), "mohamm", f"/sager{sort}")
    rest = client.get(page.links["Næste"])
    assert len(numbers(page)) == 50
    assert {*numbers(page), *numbers(rest)} == {case.number for case in meant}


def test_too_many_to_sort_by_name(
    client: Browser, cases: dict[str, Case], by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_SORTED_BY_NAME", 2)
    page = client.sign_in(by).get("/sager?sorter=navn")
    assert "Afgræns først" in page.main
    assert numbers(page) == [cases[name].number for name in ("soon", "late", "calm")]
    assert numbers(client.get("/sager?sorter=navn&niveau=1")) == [cases[name].number for name in ("calm", "late")]


@pytest.mark.parametrize(
    ("role", "text"), [(Role.KOORDINATOR, "Opret den første"), (Role.MENTOR, "En koordinator giver dig adgang")]
)
def test_an_empty_list_says_what_to_do(client: Browser, make: Make, role: Role, text: str) -> None:
    assert text in client.sign_in(make.user(role)).get("/sager").main
