"""The letter to the home."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from app.access.models import User
from app.audit.models import Event
from app.cases.journal.letters import usual_recipient
from app.cases.models import Case
from app.people.models import AddressProtection
from tests.browser import Browser
from tests.cases.journal.conftest import Desk
from tests.cases.pages import events
from tests.factories import Make
from tests.page import Page
from tests.paper import words

FILLED: dict[str, object] = {
    "meeting_on": date(2026, 11, 27),
    "meeting_time": "14.30",
    "place": "Rådhuset, lokale 2",
    "contact": "Karin Kjær, 22 00 00 00",
}


def make_one(browse: Browser, home: str, **known: object) -> Page:
    return browse.submit(browse.get(f"{home}/brev"), FILLED | known)


def read(browse: Browser, page: Page) -> str:
    answer = browse.get(page.links["Hent brevet som PDF"])
    assert answer.response.mimetype == "application/pdf"
    return words(answer.response.get_data())


def test_an_invitation_says_when_and_where_and_nothing_of_the_concern(
    browse: Browser, home: str, case: Case, owner: Engine
) -> None:
    page = make_one(browse, home)
    assert page.h1 == "Indbydelse til samtale"
    letter = read(browse, page)
    for part in (
        "Forældremyndighedsindehaver for Fatima Yıldız",
        "fredag 27. november 2026 (uge 48)",
        "14.30",
        "Rådhuset, lokale 2",
        "Karin Kjær, 22 00 00 00",
        "bisidder",
    ):
        assert part in letter
    for secret in ("drenge", "kriminal", "politi", case.number, "170510", "bekymring"):
        assert secret not in letter.lower()
    assert [row.details["letter"] for row in events(owner, Event.LETTER_MADE)] == ["indbydelse"]


def test_a_conversation_that_was_held_is_thanked_for(browse: Browser, home: str) -> None:
    letter = read(browse, make_one(browse, home, meeting_on=date(2026, 11, 19)))
    assert "Tak for samtalen" in letter
    assert "aktindsigt" in letter
    assert "Kan du ikke komme" not in letter


def test_taking_the_letter_is_recorded_and_its_file_tells_nothing(
    browse: Browser, home: str, case: Case, owner: Engine
) -> None:
    page = make_one(browse, home)
    answer = browse.get(page.links["Hent brevet som PDF"])
    assert answer.response.headers["Content-Disposition"] == f'attachment; filename="brev-{case.number}.pdf"'
    (event,) = events(owner, Event.LETTER_READ)
    assert (event.case_id, event.basis) == (case.id, "owner")


def test_the_letter_stands_on_the_timeline(browse: Browser, home: str) -> None:
    page = make_one(browse, home)
    assert browse.get(home).links["Indbydelse til samtale"] == page.url


def test_what_is_missing_is_told(browse: Browser, home: str, owner: Engine) -> None:
    page = browse.submit(browse.get(f"{home}/brev"), {"recipient": "", "contact": ""}, status=422)
    assert page.errors == [
        "Skriv, hvem brevet er til.",
        "Skriv, hvilken dag samtalen er eller var.",
        "Skriv klokkeslættet.",
        "Skriv, hvor samtalen er eller var.",
        "Skriv navn og telefonnummer.",
    ]
    assert not events(owner, Event.LETTER_MADE)


def test_sending_the_form_twice_makes_one_letter(browse: Browser, home: str, owner: Engine) -> None:
    form = browse.get(f"{home}/brev")
    assert browse.submit(form, FILLED).url == browse.submit(form, FILLED).url
    assert len(events(owner, Event.LETTER_MADE)) == 1


@pytest.mark.parametrize(("age", "recipient"), [(17, "Forældremyndighedsindehaver for Bo"), (18, "Bo")])
def test_from_18_the_letter_is_to_the_citizen_alone(make: Make, age: int, recipient: str) -> None:
    case = make.case(citizen=make.citizen("Bo"))
    assert usual_recipient(case, age=age) == recipient


@pytest.mark.parametrize(
    ("protection", "warned"),
    [(AddressProtection.NO, False), (AddressProtection.YES, True), (AddressProtection.UNKNOWN, True)],
)
def test_a_protected_address_is_warned_of(
    browse: Browser,
    make: Make,
    koordinator: User,
    protection: AddressProtection,
    warned: bool,
) -> None:
    case = make.case(owner=koordinator, citizen=make.citizen(address_protection=protection))
    page = browse.get(f"/sager/{case.id}/journal/brev")
    assert ("Navne- og adressebeskyttelse" in page.main) == warned


@pytest.mark.parametrize("note", ["x", "999999", "٣", "-1"])
def test_an_address_that_names_no_note_gives_an_empty_form(browse: Browser, home: str, note: str) -> None:
    page = browse.get(f"{home}/brev", {"notat": note})
    assert page.one("input[@name='meeting_on-dag']").get("value") in {None, ""}


def test_a_note_of_another_case_fills_in_nothing(browse: Browser, desk: Desk, make: Make) -> None:
    note = desk.note()
    other = make.case(owner=desk.by)
    desk.session.commit()
    page = browse.get(f"/sager/{other.id}/journal/brev", {"notat": str(note.id)})
    assert page.one("input[@name='meeting_on-dag']").get("value") in {None, ""}


def test_a_letter_stays_as_it_was_made(browse: Browser, home: str, owner: Engine, case: Case) -> None:
    page = make_one(browse, home)
    browse.submit(browse.get(f"/sager/{case.id}/borger"), {"name": "Fatima Holm"}, form="Gem")
    assert "Fatima Yıldız" in read(browse, page)
    with owner.connect() as connection:
        assert b"Fatima" not in bytes(connection.scalar(text("SELECT recipient FROM journal_letters")) or b"")
