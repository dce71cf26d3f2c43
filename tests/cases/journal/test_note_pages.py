"""The pages of notes."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.journal import services
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.journal.conftest import TODAY, Desk
from tests.cases.pages import events
from tests.factories import Make
from tests.page import Page

WRITTEN = {"kind": "telefon", "parties": "Moren", "text": "Moren er bekymret.\nHun ringer igen."}


def write(browse: Browser, home: str, **known: object) -> Page:
    return browse.submit(browse.get(f"{home}/nyt"), WRITTEN | known)


def test_a_note_is_written_for_now_and_stands_on_top(browse: Browser, home: str, case: Case) -> None:
    form = browse.get(f"{home}/nyt")
    page = browse.submit(form, WRITTEN)
    assert page.url == home
    assert "Notatet er gemt." in page.main
    first = page.texts("ol[@class='timeline no-max-width']/li")[0]
    assert first == (
        "20-11-2026 kl. 10.00 Journalnotater · Karin Kjær Telefonsamtale Med: Moren Moren er bekymret. Hun ringer igen."
    )


def test_sending_a_note_twice_keeps_one(browse: Browser, home: str, owner: Engine) -> None:
    form = browse.get(f"{home}/nyt")
    browse.submit(form, WRITTEN)
    browse.submit(form, WRITTEN)
    assert len(events(owner, Event.NOTE_ADDED)) == 1


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({"text": ""}, "Skriv notatet."),
        ({"kind": None}, "Vælg, hvad du noterer."),
        ({"happened_on": date(2026, 11, 21)}, "Datoen ligger i fremtiden."),
        ({"happened_time": "11.00"}, "Et notat handler om det, der er sket. Tidspunktet ligger i fremtiden."),
        ({"happened_on": date(2026, 3, 29), "happened_time": "02.30"}, "Det klokkeslæt findes ikke den nat"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(
    browse: Browser, home: str, owner: Engine, known: dict[str, object], message: str
) -> None:
    filled = {name: value for name, value in (WRITTEN | known).items() if value is not None}
    page = browse.submit(browse.get(f"{home}/nyt"), filled, status=422)
    assert any(message in error for error in page.errors), page.errors
    assert ("Moren er bekymret" in page.html) == bool(filled["text"])
    assert not events(owner, Event.NOTE_ADDED)


def test_a_correction_leaves_the_old_version_to_be_read(browse: Browser, home: str) -> None:
    page = write(browse, home)
    note = browse.get(page.links["Telefonsamtale"])
    assert "Tidligere udgaver" not in note.main
    corrected = browse.submit(browse.get(note.links["Ret notat"]), {"text": "Faren er bekymret."})
    assert "Rettelsen er gemt." in corrected.main
    assert corrected.url == note.url
    assert "Faren er bekymret." in corrected.main
    assert "Tidligere udgaver Skrevet 20-11-2026 kl. 10.00 af Karin Kjær" in corrected.main
    assert "Moren er bekymret." in corrected.main
    timeline = browse.get(home)
    assert "Telefonsamtale (rettet)" in timeline.links
    assert "Moren er bekymret." not in timeline.main


def test_correcting_nothing_says_so(browse: Browser, home: str) -> None:
    note = browse.get(write(browse, home).links["Telefonsamtale"])
    page = browse.submit(browse.get(note.links["Ret notat"]), {})
    assert "Der var ingen ændringer at gemme." in page.main


def test_whoever_corrects_what_another_has_corrected_is_told(
    browse: Browser, home: str, make: Make, koordinator: User, browser: Callable[[], Browser]
) -> None:
    other = browser().sign_in(make.user(unit=koordinator.unit, name="Ali Aydin"))
    note = browse.get(write(browse, home).links["Telefonsamtale"])
    mine = browse.get(note.links["Ret notat"])
    other.submit(other.get(note.links["Ret notat"]), {"text": "Skolen er bekymret"})
    refused = browse.submit(mine, {"text": "Faren er bekymret"}, status=422)
    assert "Ali Aydin rettede notatet 20-11-2026 kl. 10.00" in refused.main
    assert ["Notat", "Skolen er bekymret", "Faren er bekymret"] in refused.rows()
    saved = browse.submit(refused, {})
    assert "Faren er bekymret" in saved.main
    assert saved.main.count("Skrevet 20-11-2026") == 2


def test_a_mentor_reads_anothers_note_and_cannot_correct_it(
    browse: Browser, home: str, desk: Desk, make: Make, browser: Callable[[], Browser]
) -> None:
    mentor = make.user(Role.MENTOR, desk.by.unit)
    make.access(desk.case, mentor)
    note_id = desk.note().id
    desk.session.commit()
    at_work = browser().sign_in(mentor)
    page = at_work.get(f"{home}/{note_id}")
    assert "Ret notat" not in page.links
    back = at_work.follow(at_work.get(f"{home}/{note_id}/ret", status=302))
    assert services.NOT_YOURS in back.main


def test_reading_a_note_is_recorded(browse: Browser, home: str, owner: Engine, case: Case) -> None:
    note = write(browse, home).links["Telefonsamtale"]
    before = len(events(owner, Event.CASE_READ))
    browse.get(note)
    read = events(owner, Event.CASE_READ)[before:]
    assert [(row.case_id, row.details) for row in read] == [(case.id, {"tab": "journal"})]


def test_a_note_of_another_case_is_not_found_here(browse: Browser, desk: Desk, make: Make, home: str) -> None:
    other = make.case(owner=desk.by)
    note_id = desk.note().id
    desk.session.commit()
    browse.get(f"/sager/{other.id}/journal/{note_id}", status=404)
    browse.get(f"{home}/{note_id}")


def test_the_address_names_the_first_revision(browse: Browser, desk: Desk, home: str) -> None:
    first = desk.note()
    second = desk.correct(first, text="Rettet")
    desk.session.commit()
    browse.get(f"{home}/{second.id}", status=404)
    assert "Rettet" in browse.get(f"{home}/{first.id}").main


def test_history_tells_what_was_noted(browse: Browser, home: str, case: Case) -> None:
    write(browse, home)
    rows = browse.get(f"/sager/{case.id}/historik?vis=handlinger").rows()
    assert rows[0][1:] == ["Karin Kjær", "Skrev journalnotat", "telefonsamtale"]


def test_a_bekymringssamtale_leads_to_the_note_which_offers_a_letter(browse: Browser, home: str) -> None:
    page = write(browse, home, kind="bekymringssamtale", happened_on=TODAY, happened_time="09.00")
    letter = browse.get(page.links["Lav brev til hjemmet"])
    assert letter.one("input[@name='meeting_time']").get("value") == "09.00"
    assert letter.one("input[@name='meeting_on-dag']").get("value") == "20"
