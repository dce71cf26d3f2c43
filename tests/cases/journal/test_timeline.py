"""The tab Journal: all that happened in a case, narrowed down and searched in."""

from collections.abc import Callable
from datetime import date, time, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine

from app.access.models import Role
from app.audit.models import Event
from app.cases import services as case_services
from app.cases.journal.listing import EXCERPT, excerpt, narrowed
from app.cases.models import AccessKind, Case
from app.cases.queries import get_case
from app.cases.timeline import Entry
from app.deadlines.models import StopOutcome
from app.deadlines.services import reopen_deadline, start_deadline, stop_deadline
from tests.browser import Browser
from tests.cases.journal.conftest import NOW, TODAY, Desk
from tests.cases.pages import events, statements
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.page import Page

TIMELINE = "ol[@class='timeline no-max-width']/li"


def titles(page: Page) -> list[str]:
    """What stands on the timeline, from the top."""
    return page.texts(f"{TIMELINE}/p[@class='timeline-title']")


def search(browse: Browser, page: Page, words: str) -> Page:
    return browse.submit(page, {"words": words}, form="Søg")


def test_a_new_case_has_its_opening(browse: Browser, home: str) -> None:
    page = browse.get(home)
    assert titles(page) == ["Sagen blev oprettet"]
    assert "Henvendelse fra politi: Ses med ældre drenge" in page.main


def test_newest_first_and_only_the_day_where_no_time_is_known(browse: Browser, home: str, desk: Desk) -> None:
    desk.note("Den gamle", happened_on=date(2026, 11, 2), happened_time=None)
    desk.note("Den nye", happened_on=date(2026, 11, 3), happened_time=time(8, 5))
    desk.session.commit()
    page = browse.get(home)
    assert page.texts(f"{TIMELINE}/p[@class='timeline-when']/time") == [
        "03-11-2026 kl. 08.05",
        "02-11-2026",
        "05-01-2026",
    ]


def test_access_and_owner_stand_there_with_who_gave_it(
    browse: Browser, home: str, desk: Desk, make: Make, acting_as: ActAs
) -> None:
    mentor = make.user(Role.MENTOR, desk.by.unit, name="Kenan Yilmaz")
    other = make.user(unit=desk.by.unit, name="Ali Aydin")
    case_services.give_access(
        desk.case, user_id=mentor.id, kind=AccessKind.MENTOR, from_day=TODAY, to_day=TODAY, by=desk.by, at=NOW
    )
    case_services.assign_owner(get_case(desk.case.id), owner_id=other.id, by=desk.by, at=NOW + timedelta(minutes=1))
    desk.session.commit()
    page = browse.get(home)
    assert titles(page)[:2] == ["Ansvarlig: Ali Aydin", "Kenan Yilmaz fik adgang som mentor"]
    assert "Fra 20-11-2026 til 20-11-2026" in page.main
    assert "Adgang til sagen · Karin Kjær" in page.main


def test_deadlines_as_they_begin_stop_and_run_on(browse: Browser, home: str, desk: Desk) -> None:
    begun = at("2026-11-05 09.00")
    clock = start_deadline(
        case_id=desk.case.id, rule_code="netv_indkald", subject=("sample", 1), started_at=begun, by=desk.by, at=begun
    )
    stopped = at("2026-11-18 09.00")
    stop_deadline(clock, outcome=StopOutcome.MET, stopped_at=stopped, reason="Ferie", by=desk.by, at=stopped)
    desk.session.commit()
    page = browse.get(home)
    assert titles(page)[:2] == [f"Frist stoppede: {clock.rule.title}", f"Frist begyndte: {clock.rule.title}"]
    assert "Opfyldt for sent Ferie" in page.main
    assert "Sidste dag 12-11-2026" in page.main
    reopen_deadline(clock, by=desk.by, at=NOW)
    desk.session.commit()
    assert titles(browse.get(home))[0] == f"Frist begyndte at løbe igen: {clock.rule.title}"


def test_by_kind(browse: Browser, home: str, desk: Desk) -> None:
    desk.note()
    desk.letter()
    desk.session.commit()
    page = browse.get(home)
    assert set(titles(page)) == {"Telefonsamtale", "Indbydelse til samtale", "Sagen blev oprettet"}
    narrow = browse.submit(page, {"slags": "brev"}, form="Vis")
    assert titles(narrow) == ["Indbydelse til samtale"]
    assert titles(browse.get(home, {"slags": "ukendt"})) == titles(page)


def test_by_person(browse: Browser, home: str, desk: Desk, make: Make, acting_as: ActAs) -> None:
    mine = desk.note()
    other = make.user(unit=desk.by.unit, name="Ali Aydin")
    acting_as(other, TODAY)
    desk.by = other
    desk.note("Alis notat", kind=next(kind for kind in type(mine.kind) if kind.value == "moede"))
    desk.session.commit()
    everybody = browse.get(home)
    assert everybody.texts("select[@name='person']/option") == ["Alle", "Ali Aydin", "Karin Kjær"]
    code = next(option.get("value", "") for option in everybody.all("option") if option.text == "Ali Aydin")
    page = browse.submit(everybody, {"person": code}, form="Vis")
    assert titles(page) == ["Møde"]
    assert "ali" not in code
    assert titles(browse.get(home, {"person": "999999"})) == titles(everybody)


def test_words_are_searched_for_in_everything_and_stand_in_no_address(
    browse: Browser, home: str, desk: Desk, owner: Engine
) -> None:
    desk.note("Han blev set ved Ørestadens Boldklub", parties="Træneren")
    desk.note("Ingenting")
    desk.session.commit()
    found = search(browse, browse.get(home), "boldklub oerestad")
    assert titles(found) == ["Telefonsamtale"]
    assert "boldklub" not in found.url.lower()
    assert titles(search(browse, found, "træner")) == ["Telefonsamtale"]
    assert titles(search(browse, found, "ældre drenge")) == ["Sagen blev oprettet"]
    nothing = search(browse, found, "motorcykel")
    assert "Intet i sagen passer" in nothing.main
    assert titles(browse.get(nothing.links["Ryd søgning"])) == titles(browse.get(home))
    assert all("boldklub" not in str(row.details).lower() for row in events(owner, Event.CASE_READ))


def test_filter_and_search_go_together(browse: Browser, home: str, desk: Desk) -> None:
    desk.note("Om drenge")
    desk.session.commit()
    narrow = browse.submit(browse.get(home), {"slags": "note"}, form="Vis")
    found = search(browse, narrow, "drenge")
    assert titles(found) == ["Telefonsamtale"]
    both = browse.submit(found, {"slags": ""}, form="Vis")
    assert titles(both) == ["Telefonsamtale", "Sagen blev oprettet"]


def test_a_search_that_is_no_longer_kept_is_told(browse: Browser, home: str) -> None:
    page = browse.get(home, {"soeg": "ffffffff"})
    assert "Søgningen gemmes kun kort. Skriv den igen." in page.main
    assert titles(page)


def test_searching_for_nothing_asks_for_words(browse: Browser, home: str) -> None:
    page = browse.submit(browse.get(home), {"words": ""}, form="Søg", status=422)
    assert page.errors == ["Skriv, hvad du vil søge efter."]


def test_pages_of_fifty_cost_no_more_than_one(browse: Browser, home: str, desk: Desk) -> None:
    desk.note("Nr. 0")
    desk.session.commit()
    with statements() as few:
        browse.get(home)
    for number in range(1, 210):
        desk.note(f"Nr. {number}", happened_on=TODAY - timedelta(days=number))
    desk.session.commit()
    with statements() as many:
        page = browse.get(home)
    assert len(titles(page)) == 50
    assert "Viser 1–50, flere" in page.main
    assert len(many) == len(few)
    assert len(many) <= 15, many
    last = browse.get(home, {"side": "5"})
    assert len(titles(last)) == 211 - 200
    assert "flere" not in last.one("nav[@class='pager']").itertext()
    assert "Der er ikke mere" in browse.get(home, {"side": "6"}).main


def test_a_long_note_is_cut_and_can_be_read_whole(browse: Browser, home: str, desk: Desk) -> None:
    note = desk.note("Et langt notat " * 100)
    desk.session.commit()
    page = browse.get(home)
    assert page.main.count("Et langt notat") < 40
    link = page.one(f"{TIMELINE}//a[@aria-label='Læs hele: Telefonsamtale, 20-11-2026 kl. 09.30']")
    assert browse.get(link.get("href", "")).main.count("Et langt notat") == 100
    assert urlsplit(link.get("href", "")).path.endswith(f"/{note.id}")


@pytest.mark.parametrize("words", ["x" * 1000, "to ord " * 100, "kort", "", "a" * EXCERPT])
def test_an_excerpt_is_a_beginning(words: str) -> None:
    cut = excerpt(words)
    assert words.startswith(cut.removesuffix(" …"))
    assert len(cut) <= EXCERPT + 2
    assert (cut == words) == (len(words) <= EXCERPT)


@pytest.mark.parametrize(
    ("words", "finds"),
    [("skole", True), ("SKÖLE", True), ("klubben skole", True), ("klubben mor", False), ("  ", True), ("kar", True)],
)
def test_all_words_must_be_found_also_within_longer_ones(words: str, finds: bool) -> None:
    entry = Entry(NOW, "note", "Samtale", "Folkeskolen og klubben", "Karin Kjær")
    assert bool(narrowed([entry], kind=None, who=None, words=words)) == finds


def test_a_mentor_sees_the_timeline_and_files_nothing(
    desk: Desk, home: str, make: Make, browser: Callable[[], Browser]
) -> None:
    mentor = make.user(Role.MENTOR, desk.by.unit)
    make.access(desk.case, mentor)
    desk.note()
    desk.session.commit()
    page = browser().sign_in(mentor).get(home)
    assert "Telefonsamtale" in titles(page)
    assert "Nyt notat" in page.links
    assert not {"Brev til hjemmet", "Hent sagen som PDF"} & set(page.links)


def test_kinds_are_offered_only_where_there_is_something(browse: Browser, home: str, case: Case) -> None:
    page = browse.get(home)
    assert page.texts("select[@name='slags']/option") == ["Alt", "Sagen"]
