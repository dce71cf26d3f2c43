"""What the case's timeline and its PDF tell of netværkssamråd."""

from datetime import date

from app.cases.models import Case
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Exemption
from tests.browser import Browser
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED, Desk, MoveTo
from tests.page import Page
from tests.paper import words
from tests.samples import Sampler

TIMELINE = "ol[@class='timeline no-max-width']/li"


def told(browse: Browser, case: Case) -> list[str]:
    """The steps on the timeline, from the top, each with its moment."""
    page: Page = browse.get(f"/sager/{case.id}/journal", {"slags": "netvaerkssamraad"})
    whens = page.texts(f"{TIMELINE}/p[@class='timeline-when']/time")
    return [
        f"{when} {title}"
        for when, title in zip(whens, page.texts(f"{TIMELINE}/p[@class='timeline-title']"), strict=True)
    ]


def test_each_step_stands_at_the_moment_that_it_is_about(browse: Browser, desk: Desk, case: Case) -> None:
    samraad = desk.register(now=at("2026-03-03 15.00"))
    desk.parent(samraad)
    desk.summon(samraad, at("2026-03-05 09.00"), now=at("2026-03-06 09.00"))
    services.record_not_held(samraad, reason="Familien udeblev", by=desk.by, at=at("2026-03-12 08.00"))
    services.record_held(samraad, held_on=date(2026, 3, 17), by=desk.by, at=at("2026-03-18 08.00"))
    desk.session.commit()
    assert told(browse, case) == [
        "17-03-2026 Netværkssamråd holdt",
        "12-03-2026 kl. 08.00 Netværkssamrådet blev ikke holdt",
        "05-03-2026 kl. 09.00 Indkaldt til netværkssamråd (Digital Post)",
        "03-03-2026 kl. 10.00 Dokumentation fra politiet: Politiets liste eller ungerapport",
    ]
    page = browse.get(f"/sager/{case.id}/journal")
    assert "Netværkssamråd · Karin Kjær" in page.main
    assert "Familien udeblev" in page.main
    assert page.links["Netværkssamråd holdt"] == f"/sager/{case.id}/netvaerkssamraad/{samraad.id}"


def test_what_was_undone_stands_there_with_why(browse: Browser, desk: Desk, case: Case, move_to: MoveTo) -> None:
    samraad = desk.register()
    now = at("2026-03-04 08.00")
    services.exempt(samraad, exemption=Exemption.OTHER, reason="Flyttet", by=desk.by, at=now)
    later = at("2026-03-05 08.00")
    services.undo_exemption(samraad, reason="De flyttede ikke", by=desk.by, at=later)
    desk.session.commit()
    assert told(browse, case)[:2] == [
        "05-03-2026 kl. 08.00 Fortrød at der ikke skulle indkaldes",
        "04-03-2026 kl. 08.00 Undtog fra netværkssamråd",
    ]
    assert "De flyttede ikke" in browse.get(f"/sager/{case.id}/journal").main


def test_one_that_the_record_does_not_know_is_told_of_all_the_same(
    browse: Browser, case: Case, make: object, owner: object
) -> None:
    Sampler(make, owner).samraad(case)  # type: ignore[arg-type]
    (only,) = told(browse, case)
    assert only.endswith("Dokumentation fra politiet: Sigtelse")


def test_it_is_filed_with_its_parties(browse: Browser, desk: Desk, case: Case) -> None:
    samraad = desk.summoned()
    services.record_held(samraad, held_on=date(2026, 3, 3), by=desk.by, at=RECEIVED)
    desk.session.commit()
    page = browse.get(f"/sager/{case.id}/pdf")
    answer = browse.submit(page, {"parts": ["netvaerkssamraad"]}, form="Hent PDF", status=200)
    text = words(answer.response.get_data())
    for part in (
        "Netværkssamråd: dokumentation 03-03-2026",
        "Københavns Vestegns Politi",
        "Røveri med kniv",
        "15 år",
        "Digital Post",
        "Fatima Yıldız",
        "Mona Holm",
        "Forældremyndighedsindehaver",
        "Holdt",
    ):
        assert part in text, part


def test_one_without_a_summons_is_filed_as_it_stands(browse: Browser, desk: Desk, case: Case) -> None:
    desk.register()
    desk.session.commit()
    page = browse.get(f"/sager/{case.id}/pdf")
    answer = browse.submit(page, {"parts": ["netvaerkssamraad"]}, form="Hent PDF", status=200)
    assert "Ikke indkaldt" in words(answer.response.get_data())
