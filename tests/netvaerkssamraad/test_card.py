"""The card of Min dag, and the way to a netværkssamråd from elsewhere."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine, text

from app.access.models import Role, User
from app.cases.models import Case
from app.deadlines import resolvers
from tests.browser import Browser
from tests.factories import Make
from tests.netvaerkssamraad.conftest import TYPED, MoveTo
from tests.page import Page, text_of

TITLE = "Netværkssamråd i gang"


def card(page: Page) -> list[str] | None:
    """The lines of the card; None when it is not shown."""
    for section in page.all("main//section"):
        if TITLE in text_of(section):
            return [text_of(line) for line in section.iter("li")]
    return None


def test_worst_comes_first_and_meetings_to_come_last(
    browse: Browser, move_to: MoveTo, make: Make, koordinator: User, samraad_url: str
) -> None:
    earlier, summoned = (
        make.case(owner=koordinator, citizen=make.citizen(name, created_by=koordinator))
        for name in ("Bo Bech", "Åse Aa")
    )
    late = {"received_on-dag": "1"}
    browse.submit(browse.get(f"/sager/{earlier.id}/netvaerkssamraad/ny"), TYPED | late)
    shown = browse.submit(browse.get(f"/sager/{summoned.id}/netvaerkssamraad/ny"), TYPED | late)
    browse.submit(browse.get(shown.links["Registrér indkaldelsen"]), {"no_custody_holder": "Død"})
    move_to("2026-03-09 08.00")

    lines = card(browse.get("/"))

    assert lines is not None
    assert [line.split(" · ")[1] for line in lines] == [
        "Bo Bech Karin Kjær 1 dag over fristen 08-03-2026",
        "Fatima Yıldız Karin Kjær I morgen 10-03-2026",
        "Åse Aa Karin Kjær Indkaldt, afventer møde",
    ]
    assert samraad_url.startswith(browse.get("/").links[lines[1].split(" Karin")[0]])


def test_nothing_under_way_is_said_to_those_who_start_it(
    browse: Browser, browser: Callable[[], Browser], make: Make, case: Case
) -> None:
    mentor = browser().sign_in(make.user(Role.MENTOR, case.unit))
    analyst = browser().sign_in(make.user(Role.ANALYTIKER, case.unit))

    assert card(browse.get("/")) == []
    assert card(mentor.get("/")) is None
    assert card(analyst.get("/")) is None


def test_another_unit_sees_nothing_of_it(samraad_url: str, browser: Callable[[], Browser], make: Make) -> None:
    assert samraad_url
    assert card(browser().sign_in(make.user(Role.LEDER)).get("/")) == []


def test_whose_cases_were_shown_is_recorded(browse: Browser, samraad_url: str, owner: Engine, case: Case) -> None:
    browse.get("/")

    listed = text("SELECT listed_case_ids FROM audit_events WHERE details ->> 'list' = 'min-dag'")
    with owner.connect() as connection:
        assert connection.execute(listed).scalars().all() == [[case.id]]


def test_mail_about_the_clock_leads_to_the_tab(app: Flask, tab: str, case: Case) -> None:
    assert resolvers.addresses(app)("netvaerkssamraad", case.id).endswith(tab)
