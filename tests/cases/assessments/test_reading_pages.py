"""The tab, a signed assessment, the signature, and two assessments side by side."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.access.models import User
from app.audit.models import Event
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.assessments.conftest import JUDGEMENT_TYPED, MoveTo
from tests.cases.assessments.test_draft_pages import confirm_all, save, sign
from tests.cases.pages import events
from tests.factories import Make
from tests.page import Page


def begin(browse: Browser, tab: str) -> str:
    return browse.submit(browse.get(tab), form="Begynd ny vurdering").url


@pytest.fixture
def two(browse: Browser, draft_url: str, tab: str, move_to: MoveTo) -> Page:
    """Two signed assessments; the page of the later one."""
    sign(
        browse,
        draft_url,
        vurdering__fravaer="tydeligt",
        grund__fravaer="Væk siden jul",
        vurdering__klub="delvist",
        concerns="Omgangskredsen",
    )
    move_to("2026-04-03 10.00")
    changes = {"vurdering__fravaer": "delvist", "vurdering__klub": "ikke_til_stede", "vurdering__gaeld": "tydeligt"}
    return sign(browse, begin(browse, tab), urgency="hoej", proposed_niveau="3", **changes)


def test_empty_tab_says_what_to_do(browse: Browser, tab: str) -> None:
    page = browse.get(tab)

    assert "Første vurdering" in page.main
    assert "alt bliver gemt, mens du skriver" in page.main


def test_empty_tab_of_a_closed_case_offers_nothing(browse: Browser, tab: str, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'afsluttet', closed_on = '2026-03-03'"))

    page = browse.get(tab)

    assert "Ingen risikovurdering i sagen" in page.main
    assert "Begynd" not in page.main


def test_tab_shows_what_holds_now_and_when_to_look_again(browse: Browser, draft_url: str, tab: str) -> None:
    sign(browse, draft_url, vurdering__fravaer="tydeligt", concerns="Omgangskredsen")

    page = browse.get(tab)

    for words in ("Gældende vurdering, 03-03-2026", "Haster: moderat", "60 af 61 punkter uoplyst", "Omgangskredsen"):
        assert words in page.main
    assert "03-06-2026" in page.main
    assert "Karin Kjær, 03-03-2026 kl. 10.00" in page.main


def test_picture_says_the_same_as_its_table(browse: Browser, two: Page, tab: str) -> None:
    page = browse.get(tab)

    assert "for vurderingerne fra 03-03-2026, 03-04-2026." in page.html
    assert ["Skole og job", "1 tydeligt · 5 uoplyst", "1 delvist · 5 uoplyst"] in page.rows()
    in_the_key = 5
    assert page.html.count('<g class="mark') == 2 * 61 + in_the_key


def test_niveau_that_differs_is_for_a_person_to_decide(browse: Browser, two: Page, case: Case) -> None:
    assert "Vurderingen peger på niveau 3, og sagen er på niveau 2" in two.main
    assert two.links["Tag stilling til niveauet"] == f"/sager/{case.id}/niveau?forslag=3&vurdering={id_of(two)}"
    assert "3" in browse.get(two.links["Tag stilling til niveauet"]).main


def id_of(page: Page) -> int:
    return int(page.url.rsplit("/", 1)[1])


def test_signed_assessment_tells_all(browse: Browser, two: Page) -> None:
    for words in ("Underskrevet af Karin Kjær 03-04-2026 kl. 10.00", "Kan ikke ændres", "Tjekliste version 1"):
        assert words in two.main
    row = next(row for row in two.rows() if row[0].startswith("Har meget fravær"))
    assert row[1:] == ["Delvist", "Væk siden jul", "Samtale med borgeren 03-04-2026"]
    row = next(row for row in two.rows() if row[0].startswith("Er meget alene"))
    assert row[1:] == ["Uoplyst", "–", "–"]


def test_there_is_no_total_anywhere(browse: Browser, two: Page) -> None:
    assert "Områderne lægges ikke sammen." in two.main
    assert not any(row and row[0] in {"I alt", "Total", "Sum"} for row in two.rows())


def test_comparison_shows_what_moved_and_which_way(browse: Browser, two: Page, tab: str) -> None:
    page = browse.get(f"{tab}/sammenlign")

    rows = page.rows()
    assert ["Har meget fravær", "Øger risikoen mindre", "Tydeligt: Væk siden jul", "Delvist: Væk siden jul"] in rows
    assert ["Kommer i en klub", "Beskytter mindre", "Delvist", "Ikke til stede"] in rows
    assert ["Har gæld", "Nu oplyst", "Uoplyst", "Tydeligt"] in rows
    assert ["Haster", "Moderat", "Høj"] in rows
    assert ["Hvorfor", "To nye forhold på en måned", "Som før"] in rows
    assert "Kriminalitet, Adfærd, Holdninger" in page.main


def test_earlier_assessment_stands_first_whichever_way_round_they_were_chosen(
    browse: Browser, two: Page, tab: str
) -> None:
    later = id_of(two)

    page = browse.get(f"{tab}/sammenlign", {"fra": later, "til": later - 1})

    assert ["Haster", "Moderat", "Høj"] in page.rows()


@pytest.mark.parametrize("query", [{"fra": "x", "til": "1"}, {"fra": 99, "til": 98}, {"fra": ""}])
def test_comparison_of_what_is_not_there_is_of_the_last_two(
    browse: Browser, two: Page, tab: str, query: dict[str, Any]
) -> None:
    answer = browse.get(f"{tab}/sammenlign", query, status=None)

    page = browse.follow(answer) if answer.status == 302 else answer
    assert ["Haster", "Moderat", "Høj"] in page.rows()


def test_one_assessment_cannot_be_compared(browse: Browser, draft_url: str, tab: str) -> None:
    sign(browse, draft_url)

    page = browse.follow(browse.get(f"{tab}/sammenlign", status=302))

    assert "Der skal være to underskrevne vurderinger" in page.main
    assert "Sammenlign to vurderinger" not in page.links


def test_signature_waits_for_what_is_missing(browse: Browser, draft_url: str) -> None:
    url = draft_url.replace("kladde", "underskriv")
    save(browse, draft_url, vurdering__fravaer="tydeligt")

    page = browse.get(url)

    assert "60 punkter har intet svar." in page.main
    assert "Vælg, hvor meget det haster." in page.links
    assert "Når du har underskrevet" not in page.main
    assert page.links["Helbred"].endswith("?aaben=helbred#omraade-helbred")


def test_signature_sent_past_the_page_is_refused(browse: Browser, draft_url: str) -> None:
    url = draft_url.replace("kladde", "underskriv")
    save(browse, draft_url, **JUDGEMENT_TYPED)
    page = browse.submit(browse.get(url), form="Sæt resten til uoplyst")
    save(browse, draft_url, urgency_reasons="")

    refused = browse.submit(page, form="Underskriv", status=422)

    assert "Der er rettet i det samme" in refused.errors[0]


def test_signature_tells_what_to_look_at_first(browse: Browser, draft_url: str) -> None:
    save(browse, draft_url, vurdering__fravaer="tydeligt", **JUDGEMENT_TYPED)

    page = browse.submit(browse.get(draft_url.replace("kladde", "underskriv")), form="Sæt resten til uoplyst")

    assert "De ubesvarede punkter er sat til uoplyst." in page.main
    assert "1 punkt er markeret uden begrundelse: Har meget fravær." in page.main


def test_rest_is_not_set_when_somebody_has_written_meanwhile(browse: Browser, draft_url: str) -> None:
    page = browse.get(draft_url.replace("kladde", "underskriv"))
    save(browse, draft_url, vurdering__fravaer="tydeligt")

    after = browse.submit(page, form="Sæt resten til uoplyst")

    assert "Kladden er ændret imens." in after.main
    assert "60 punkter har intet svar." in after.main


def test_late_review_asks_why(browse: Browser, draft_url: str, tab: str, move_to: MoveTo) -> None:
    sign(browse, draft_url)
    move_to("2026-07-01 10.00")
    url = begin(browse, tab)
    save(browse, url, **JUDGEMENT_TYPED)
    confirm_all(browse, url)
    page = browse.get(url.replace("kladde", "underskriv"))

    refused = browse.submit(page, form="Underskriv", status=422)
    assert "Fristen var 03-06-2026. Skriv, hvorfor den ikke blev overholdt." in refused.errors
    after = browse.submit(refused, {"late_reason": "Borgeren var bortrejst"}, form="Underskriv")

    assert "Risikovurderingen er underskrevet." in after.main


def test_bad_review_day_brings_the_signature_back(browse: Browser, draft_url: str) -> None:
    save(browse, draft_url, review_on=date(2026, 12, 24), **JUDGEMENT_TYPED)
    page = browse.submit(browse.get(draft_url.replace("kladde", "underskriv")), form="Sæt resten til uoplyst")

    refused = browse.submit(page, form="Underskriv", status=422)

    assert refused.errors == ["På dette niveau skal I se på sagen igen senest 03-06-2026."]


def test_readings_are_recorded(
    browse: Browser, two: Page, tab: str, case: Case, owner: Engine, koordinator: User
) -> None:
    browse.get(f"{tab}/sammenlign")

    read = events(owner, Event.CASE_READ)[-1]
    assert (read.case_id, read.user_id, read.details) == (case.id, koordinator.id, {"tab": "risikovurdering"})


def test_case_tells_of_it_elsewhere(browse: Browser, two: Page, case: Case, tab: str) -> None:
    begin(browse, tab)

    page = browse.get(f"/sager/{case.id}")

    assert "Haster: høj · ny vurdering senest 03-05-2026" in page.main
    assert "Gør kladden til risikovurdering færdig" in page.main
    assert "haster: høj" in browse.get(f"/sager/{case.id}/historik").main
    assert "Risikovurdering: haster høj, peger på niveau 3" in browse.get(f"/sager/{case.id}/journal").main


def test_case_on_niveau_2_without_an_assessment_has_one_to_do(browse: Browser, case: Case, make: Make) -> None:
    mild = make.case(1, unit=case.unit)

    assert "Lav en risikovurdering" in browse.get(f"/sager/{case.id}").main
    assert "Lav en risikovurdering" not in browse.get(f"/sager/{mild.id}").main
