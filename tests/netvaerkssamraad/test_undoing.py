"""Taking back what was registered by mistake."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from app.audit.models import Event
from app.core.errors import DomainError
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Exemption, Netvaerkssamraad, Stage
from tests.browser import Browser
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED, Desk, MoveTo
from tests.page import Page

NOW = at("2026-03-05 12.00")
LATE = at("2026-03-20 12.00")


def undone(samraad: Netvaerkssamraad) -> str:
    return samraad.undone or ""


def newest_events(owner: Engine, case_id: int) -> list[str]:
    with owner.connect() as connection:
        newest = text("SELECT event FROM audit_events WHERE case_id = :id ORDER BY id DESC LIMIT 2")
        return list(connection.execute(newest, {"id": case_id}).scalars())


def test_an_undone_summons_leaves_nobody_summoned_and_the_clock_running(desk: Desk, owner: Engine) -> None:
    samraad = desk.register()
    desk.summon(samraad, RECEIVED, no_custody_holder="Ukendt opholdssted")

    services.undo_summons(samraad, reason="Forkert sag", by=desk.by, at=NOW)

    clock = desk.clock(samraad)
    assert samraad.stage is Stage.AWAITS_SUMMONS
    assert (samraad.summoned_at, samraad.means, samraad.no_custody_holder) == (None, None, None)
    assert [party.summoned for party in samraad.parties] == [False]
    assert (clock.is_open, clock.stopped_on, clock.outcome, clock.reason) == (True, None, None, None)
    assert (clock.due_on, clock.next_reminder_on) == (date(2026, 3, 10), date(2026, 3, 5))
    desk.session.commit()
    assert newest_events(owner, desk.case.id) == [Event.SUMMONS_UNDONE, Event.DEADLINE_REOPENED]


def test_what_stood_there_and_why_it_went_is_kept(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad)
    desk.summon(samraad, LATE, late_reason="Sygdom i enheden")
    services.undo_summons(samraad, reason="Forkert sag", by=desk.by, at=LATE)
    desk.summon(samraad, LATE, late_reason="Ferie")
    services.record_not_held(samraad, reason="Familien udeblev", by=desk.by, at=LATE)
    services.undo_meeting(samraad, reason="Forkert linje", by=desk.by, at=LATE)

    first, second = undone(samraad).splitlines()
    assert "sendt 20-03-2026 kl. 12.00" in first
    assert first.endswith("Der stod: Sygdom i enheden Hvorfor: Forkert sag")
    assert second.endswith("Der stod: Familien udeblev Hvorfor: Forkert linje")


def test_it_can_be_summoned_to_again(desk: Desk) -> None:
    samraad = desk.summoned()
    services.undo_summons(samraad, reason="–", by=desk.by, at=NOW)

    desk.summon(samraad, NOW)

    assert samraad.stage is Stage.SUMMONED
    assert all(party.summoned for party in samraad.parties)
    assert not desk.clock(samraad).is_open


def test_an_undone_meeting_leaves_the_clock_stopped(desk: Desk) -> None:
    samraad = desk.held(date(2026, 3, 4))

    services.undo_meeting(samraad, reason="–", by=desk.by, at=NOW)

    assert (samraad.stage, samraad.held_on) == (Stage.SUMMONED, None)
    assert not desk.clock(samraad).is_open


def test_one_step_back_at_a_time(desk: Desk) -> None:
    samraad = desk.summoned()
    services.record_not_held(samraad, reason="Familien udeblev", by=desk.by, at=NOW)
    services.record_held(samraad, held_on=date(2026, 3, 5), by=desk.by, at=NOW)
    with pytest.raises(DomainError, match="Fortryd mødet, før du fortryder indkaldelsen"):
        services.undo_summons(samraad, reason="–", by=desk.by, at=NOW)

    stages = []
    for undo in (services.undo_meeting, services.undo_meeting, services.undo_summons):
        undo(samraad, reason="–", by=desk.by, at=NOW)
        stages.append(samraad.stage)

    assert stages == [Stage.NOT_HELD, Stage.SUMMONED, Stage.AWAITS_SUMMONS]
    assert samraad.reason is None


@pytest.mark.parametrize("exemption", Exemption)
def test_an_exemption_is_undone(desk: Desk, exemption: Exemption) -> None:
    samraad = desk.register()
    services.exempt(samraad, exemption=exemption, reason="Nævnet", by=desk.by, at=NOW)

    services.undo_exemption(samraad, reason="Forkert", by=desk.by, at=NOW)

    assert (samraad.stage, samraad.exemption, samraad.reason) == (Stage.AWAITS_SUMMONS, None, None)
    assert desk.clock(samraad).is_open
    assert "Der stod: Nævnet" in undone(samraad)


def test_changed_measures_are_undone(desk: Desk) -> None:
    desk.held(date(2026, 3, 1))
    samraad = desk.register()
    services.change_measures(samraad, reason="Kontaktperson", by=desk.by, at=NOW)

    services.undo_exemption(samraad, reason="–", by=desk.by, at=NOW)

    assert samraad.stage is Stage.AWAITS_SUMMONS
    assert desk.clock(samraad).is_open


def test_documentation_that_was_registered_anew_stays_cancelled(desk: Desk) -> None:
    samraad = desk.register()
    services.exempt(samraad, exemption=Exemption.MISTAKE, reason="–", by=desk.by, at=NOW)
    desk.register(now=NOW)

    with pytest.raises(DomainError, match="registreret igen"):
        services.undo_exemption(samraad, reason="–", by=desk.by, at=NOW)
    assert samraad.stage is Stage.CANCELLED


def summon(browse: Browser, shown: Page) -> Page:
    page = browse.get(shown.links["Registrér indkaldelsen"])
    return browse.submit(page, {"no_custody_holder": "Ukendt opholdssted"})


def test_the_way_back_on_the_pages(browse: Browser, move_to: MoveTo, samraad_url: str) -> None:
    shown = summon(browse, browse.get(samraad_url))
    shown = browse.submit(browse.get(shown.links["Registrér mødet"]), {"held": "nej", "reason": "Udeblev"})
    assert "Fortryd indkaldelsen" not in shown.links

    page = browse.get(shown.links["Fortryd mødet"])
    assert "Der er stadig indkaldt, og uret er stadig stoppet" in page.main
    shown = browse.submit(page, {"reason": "Forkert"})
    assert "Fortryd mødet" not in shown.links

    move_to("2026-03-11 08.00")
    page = browse.get(shown.links["Fortryd indkaldelsen"])
    assert "tirsdag 10-03-2026 (uge 11); den er overskredet" in page.main
    assert "Skriv, hvorfor du fortryder." in browse.submit(page, {}, status=422).errors[0]
    shown = browse.submit(page, {"reason": "Aldrig sendt"})
    assert "1 dag over fristen" in shown.main
    assert "Hvorfor: Aldrig sendt" in shown.main
    assert "Fortryd indkaldelsen" not in shown.links


def test_the_way_back_from_an_exemption(browse: Browser, samraad_url: str) -> None:
    page = browse.get(f"{samraad_url}/undtag")
    shown = browse.submit(page, {"exemption": "andet", "reason": "Nævnet"})

    shown = browse.submit(browse.get(shown.links["Fortryd, og start uret igen"]), {"reason": "Forkert"})

    assert "7 dage tilbage" in shown.main


def test_nothing_is_undone_over_what_somebody_else_did(browse: Browser, samraad_url: str) -> None:
    shown = summon(browse, browse.get(samraad_url))
    stale = browse.get(shown.links["Fortryd indkaldelsen"])
    browse.submit(browse.get(shown.links["Fortryd indkaldelsen"]), {"reason": "Forkert"})
    summon(browse, browse.get(samraad_url))

    answer = browse.submit(stale, {"reason": "Forkert"}, status=422)

    assert answer.errors
    assert "Fortryd indkaldelsen" in browse.get(samraad_url).links


@pytest.mark.parametrize("page", ["indkaldelse/fortryd", "afholdt/fortryd", "undtag/fortryd"])
def test_a_page_out_of_turn_leads_back_with_the_reason(browse: Browser, samraad_url: str, page: str) -> None:
    answer = browse.get(f"{samraad_url}/{page}", status=302)

    assert answer.location == samraad_url
    assert "Der er intet at fortryde her" in browse.get(samraad_url).text
