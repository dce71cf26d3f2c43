"""The whole case, or a part of it, as one PDF."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.access.models import Role
from app.audit.models import Event
from app.cases import decisions, filing, services
from app.cases.codes import DecisionKind, Result
from app.cases.handovers import hand_over
from app.cases.levels.models import LevelChange
from app.cases.models import AccessKind, Case
from app.cases.review.services import mark_reviewed
from app.deadlines.services import start_deadline
from app.people.contacts import ContactFacts, add_contact_point, void_contact_point
from app.people.models import AddressProtection, ContactKind, ContactPoint
from tests.browser import Browser
from tests.cases.journal.conftest import NOW, TODAY, Desk
from tests.cases.pages import events
from tests.factories import Make
from tests.paper import words


def file(browse: Browser, case: Case, parts: list[str] | None = None) -> str:
    page = browse.get(f"/sager/{case.id}/pdf")
    answer = browse.submit(page, {} if parts is None else {"parts": parts}, form="Hent PDF", status=200)
    assert answer.response.headers["Content-Disposition"] == f'attachment; filename="sag-{case.number}.pdf"'
    return words(answer.response.get_data())


def test_all_parts_are_chosen_at_first(browse: Browser, case: Case) -> None:
    page = browse.get(f"/sager/{case.id}/pdf")
    boxes = page.all("input[@name='parts']")
    assert len(boxes) == len(filing.of(browse.app))
    assert all("checked" in box.attrib for box in boxes)


def test_the_whole_case(browse: Browser, case: Case, desk: Desk) -> None:
    first = desk.note("Moren ringede")
    desk.correct(first, text="Faren ringede", now=NOW + timedelta(minutes=5))
    desk.note("Skolen ringede", parties=None, happened_time=None)
    desk.letter()
    start_deadline(case_id=case.id, rule_code="netv_indkald", subject=("sample", 1), started_at=NOW, by=desk.by, at=NOW)
    desk.session.commit()
    text = file(browse, case)
    for part in (
        f"Sag {case.number}",
        "Hele sagen",
        "Udskrevet 20-11-2026 kl. 10.00 af Karin Kjær",
        "Fatima Yıldız",
        "17-05-2010",
        "(16 år)",
        "Ses med ældre drenge",
        "Faren ringede",
        "Tidligere udgave, skrevet 20-11-2026 kl. 10.00",
        "Moren ringede",
        "Skolen ringede",
        "Indbydelse til samtale",
        "27-11-2026",
    ):
        assert part in text, part
    assert text.index("Faren ringede") < text.index("Moren ringede")


def test_a_part_says_that_it_is_one(browse: Browser, case: Case, desk: Desk, owner: Engine) -> None:
    desk.note("Moren ringede")
    desk.session.commit()
    text = file(browse, case, ["journal"])
    assert "Uddrag af sagen: Journalnotater og breve" in text
    assert "Moren ringede" in text
    assert "Ses med ældre drenge" not in text
    (event,) = events(owner, Event.CASE_FILED)
    assert (event.case_id, event.basis, event.details) == (case.id, "owner", {"parts": ["journal"]})
    rows = browse.get(f"/sager/{case.id}/historik?vis=opslag").rows()
    assert ["Karin Kjær", "Hentede sagen som PDF", "journalnotater og breve, som ansvarlig"] in [r[1:] for r in rows]


def test_choosing_nothing_is_told(browse: Browser, case: Case, owner: Engine) -> None:
    page = browse.submit(browse.get(f"/sager/{case.id}/pdf"), {"parts": []}, form="Hent PDF", status=422)
    assert page.errors == ["Vælg mindst én del."]
    assert not events(owner, Event.CASE_FILED)


def test_a_part_that_there_is_not_is_refused(browse: Browser, case: Case, owner: Engine) -> None:
    browse.post(f"/sager/{case.id}/pdf", {"parts": ["hemmeligt"]}, status=422)
    assert not events(owner, Event.CASE_FILED)


def test_typed_markup_stays_text(browse: Browser, case: Case, desk: Desk) -> None:
    desk.note('#read("/etc/passwd") *ikke fed* $x$ <script>')
    desk.session.commit()
    assert '#read("/etc/passwd") *ikke fed* $x$ <script>' in file(browse, case, ["journal"])


def test_an_empty_case_can_be_filed(browse: Browser, make: Make, desk: Desk) -> None:
    case = make.case(owner=desk.by, concern="Kort")
    assert "Kort" in file(browse, case)
    assert "Sag" in file(browse, case, ["frister"])


def test_what_was_decided_and_each_change_of_level_are_filed(browse: Browser, case: Case, desk: Desk) -> None:
    desk.session.add(
        LevelChange(
            case_id=case.id, from_niveau=1, to_niveau=2, reasons="Ny sigtelse", on_day=TODAY, by_id=desk.by.id, at=NOW
        )
    )
    decisions.record(
        desk.case,
        DecisionKind.CLOSED,
        reasons="Han er i lære og ses ikke mere med gruppen",
        result=Result.GOALS_MET,
        told="Forældrene",
        risk_view="Lav",
        by=desk.by,
        at=NOW,
    )
    desk.session.commit()
    text = file(browse, case, ["afgoerelser"])
    for part in (
        "Afgørelse: Afsluttet",
        "Karin Kjær, 20-11-2026",
        "Målene er nået",
        "Forældrene",
        "Han er i lære",
        "Seneste syn på risikoen",
        "Fra 1 til 2",
        "Ny sigtelse",
    ):
        assert part in text, part


def contact(desk: Desk, kind: ContactKind, value: str, **known: Any) -> ContactPoint:
    return add_contact_point(desk.case.citizen, ContactFacts(kind, value, **known), by=desk.by, at=NOW)


@pytest.mark.parametrize(
    ("protection", "warning"),
    [
        (AddressProtection.YES, "Adressen er beskyttet. Sig den ikke videre"),
        (AddressProtection.UNKNOWN, "Det er ikke afklaret, om adressen er beskyttet"),
        (AddressProtection.NO, None),
    ],
)
def test_how_the_citizen_is_reached_is_filed_with_the_warning(
    browse: Browser, case: Case, desk: Desk, protection: AddressProtection, warning: str | None
) -> None:
    desk.case.citizen.address_protection = protection
    contact(desk, ContactKind.PHONE, "22 33 44 55", note="Efter kl. 15")
    contact(desk, ContactKind.ADDRESS, "Lindealle 4", from_day=TODAY, to_day=TODAY + timedelta(days=9))
    void_contact_point(contact(desk, ContactKind.EMAIL, "forkert@example.dk"), by=desk.by, at=NOW)
    desk.session.commit()
    text = file(browse, case, ["kontakt"])
    for part in ("22 33 44 55", "Efter kl. 15", "Indtil videre", "Lindealle 4", "29-11-2026"):
        assert part in text, part
    assert "forkert@" not in text
    assert (warning in text) if warning else ("beskyttet" not in text)


def test_who_sees_the_case_and_who_has_had_it_are_filed(browse: Browser, make: Make, case: Case, desk: Desk) -> None:
    mentor, taker = (
        make.user(Role.MENTOR, unit=desk.by.unit, name="Mads Mentor"),
        make.user(unit=desk.by.unit, name="Tove Bo"),
    )
    services.give_access(
        desk.case, user_id=mentor.id, kind=AccessKind.MENTOR, from_day=TODAY, to_day=TODAY, by=desk.by, at=NOW
    )
    hand_over(desk.case, owner_id=taker.id, note="Moren vil helst ringes op", by=desk.by, at=NOW)
    desk.session.commit()
    text = file(browse, case, ["adgang"])
    for part in (
        f"Sagen ses af lederen og koordinatorerne i {desk.by.unit.name if desk.by.unit else ''}",
        "Mads Mentor Mentor 20-11-2026 20-11-2026",
        "Tove Bo Ansvarlig 20-11-2026 Indtil videre",
        "20-11-2026 kl. 10.00 Karin Kjær Tove Bo Moren vil helst ringes op Karin Kjær",
    ):
        assert part in text, part


def test_who_sees_a_restricted_case_is_told_as_it_is(browse: Browser, make: Make, desk: Desk) -> None:
    case = make.case(3, owner=desk.by)
    assert "Sagen er begrænset: den ses af lederen" in file(browse, case, ["adgang"])


def test_what_the_teams_meetings_said_is_filed(browse: Browser, case: Case, desk: Desk) -> None:
    mark_reviewed(desk.case, note="Skolen ringer mandag", by=desk.by, at=NOW)
    desk.session.commit()
    text = file(browse, case, ["gennemgang"])
    assert "20-11-2026 Skolen ringer mandag Karin Kjær" in text


def test_parts_of_which_there_is_nothing_take_no_room(browse: Browser, case: Case) -> None:
    text = file(browse, case)
    for heading in ("Kontaktoplysninger", "Overdragelser", "Gennemgang"):
        assert heading not in text
