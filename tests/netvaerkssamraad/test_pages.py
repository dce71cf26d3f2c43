"""The pages of the tab, as a coordinator uses them."""

from datetime import date

import pytest

from app.access.models import User
from app.cases.models import Case
from tests.browser import Browser
from tests.factories import Make
from tests.netvaerkssamraad.conftest import TYPED, MoveTo
from tests.page import Page


def register(browse: Browser, tab: str, **values: object) -> Page:
    return browse.submit(browse.get(f"{tab}/ny"), TYPED | values)


def add_parent(browse: Browser, shown: Page, name: str = "Mona Holm") -> Page:
    return browse.submit(browse.get(shown.links["Tilføj part"]), {"name": name, "contact": "12 34 56 78"})


def test_whole_life_of_a_samraad(browse: Browser, move_to: MoveTo, tab: str) -> None:
    empty = browse.get(tab)
    assert "Ingen netværkssamråd i sagen" in empty.main

    shown = browse.submit(browse.get(empty.links["Registrér dokumentation"]), TYPED)
    assert "7 dage tilbage" in shown.main
    assert "tirsdag 10-03-2026 (uge 11)" in shown.main
    assert "Fatima Yıldız Den unge" in shown.main

    shown = add_parent(browse, shown)
    assert "Mona Holm" in shown.main

    move_to("2026-03-06 14.30")
    shown = browse.submit(browse.get(shown.links["Registrér indkaldelsen"]))
    assert "06-03-2026 kl. 14.30 Digital Post Indkaldelse sendt 3 dage efter, i tide" in shown.main
    assert "tilbage" not in shown.main

    move_to("2026-03-20 09.00")
    shown = browse.submit(browse.get(shown.links["Registrér mødet"]), {"held": "ja", "held_on": date(2026, 3, 19)})
    assert "torsdag 19-03-2026 (uge 12) Møde holdt" in shown.main

    assert browse.get(tab).rows("main//tbody/tr") == [
        ["03-03-2026", "Politiets liste eller ungerapport", "06-03-2026", "Holdt", "19-03-2026"]
    ]


def test_unconfirmed_law_is_said_to_be_so_wherever_the_deadline_shows(browse: Browser, tab: str) -> None:
    shown = register(browse, tab)

    for page in (shown, browse.get(tab), *(browse.get(f"{shown.url}/{name}") for name in ("indkaldelse", "undtag"))):
        assert "Barnets lov kap. 15, paragraf ikke fundet" in page.main
        assert "Retsgrundlaget er ikke bekræftet" in page.main
        assert "lovens frist" not in page.main.lower()


@pytest.mark.parametrize(
    ("today", "says"),
    [
        ("2026-03-09 08.00", "1 dag tilbage"),
        ("2026-03-10 23.59", "I dag er sidste dag"),
        ("2026-03-11 00.00", "1 dag over fristen"),
        ("2026-03-31 08.00", "21 dage over fristen"),
    ],
)
def test_clock_says_how_much_is_left(browse: Browser, move_to: MoveTo, tab: str, today: str, says: str) -> None:
    register(browse, tab)

    move_to(today)

    assert says in browse.get(tab).main


def test_last_workday_is_told_when_the_last_day_is_none(browse: Browser, move_to: MoveTo, tab: str) -> None:
    move_to("2026-03-28 12.00")

    shown = register(browse, tab)

    assert "lørdag 04-04-2026 (uge 14)" in shown.main
    assert "Sidste arbejdsdag før: onsdag 01-04-2026 (uge 14)" in shown.main


def test_what_happens_by_itself_is_told(browse: Browser, tab: str) -> None:
    told = register(browse, tab).texts("aside//li")

    assert told[1:4] == [
        "07-03-2026 ansvarlig 3 dage før Planlagt",
        "09-03-2026 ansvarlig og leder 1 dag før Planlagt",
        "10-03-2026 ansvarlig og leder På dagen Planlagt",
    ]


def test_form_comes_filled_with_what_is_usual(browse: Browser, tab: str) -> None:
    page = browse.get(f"{tab}/ny")

    assert page.one("input[@name='received_time']").get("value") == "10.00"
    assert page.one("input[@name='documentation'][@checked]").get("value") == "politiets_liste"
    assert [page.one(f"input[@name='received_on-{part}']").get("value") for part in ("dag", "maaned", "aar")] == [
        "3",
        "3",
        "2026",
    ]
    assert "15 år i dag" in page.main


def test_late_summons_asks_why_and_keeps_what_was_typed(browse: Browser, move_to: MoveTo, tab: str) -> None:
    shown = add_parent(browse, register(browse, tab))
    move_to("2026-03-11 08.00")
    page = browse.get(shown.links["Registrér indkaldelsen"])
    assert page.main.index("Fristen er overskredet. Skriv hvorfor.") < page.main.index("Hvem er indkaldt?")

    answer = browse.submit(page, {"means": "telefon"}, status=422)
    assert "Fristen var 10-03-2026. Skriv, hvorfor den ikke blev overholdt." in answer.errors[0]
    assert answer.one("input[@name='means'][@checked]").get("value") == "telefon"

    shown = browse.submit(answer, {"late_reason": "Sygdom i enheden"})
    assert "for sent" in shown.main
    assert "Sygdom i enheden" in shown.main


def test_custody_holder_is_missed(browse: Browser, tab: str) -> None:
    shown = register(browse, tab)
    page = browse.get(shown.links["Registrér indkaldelsen"])
    assert "Ingen forældremyndighedsindehaver er part endnu" in page.main

    answer = browse.submit(page, status=422)
    assert answer.links[answer.errors[0]] == "#no_custody_holder"

    shown = browse.submit(answer, {"no_custody_holder": "Bor hos sin mormor; moderen er død"})
    assert "Bor hos sin mormor" in shown.main


def test_exempt_asks_for_a_reason(browse: Browser, tab: str) -> None:
    shown = register(browse, tab)
    page = browse.get(shown.links["Der skal ikke indkaldes"])

    assert browse.submit(page, status=422).errors == ["Vælg en grund.", "Skriv en begrundelse."]

    shown = browse.submit(page, {"exemption": "ungdomskriminalitetsnaevnet", "reason": "Henvist 2. marts"})
    assert "Sagen er i Ungdomskriminalitetsnævnet" in shown.main
    assert "Henvist 2. marts" in shown.main


def test_meeting_not_held_and_held_another_day(browse: Browser, move_to: MoveTo, tab: str) -> None:
    shown = add_parent(browse, register(browse, tab))
    shown = browse.submit(browse.get(shown.links["Registrér indkaldelsen"]))
    page = browse.get(shown.links["Registrér mødet"])
    assert browse.submit(page, {"held": "nej"}, status=422).errors == ["Skriv, hvorfor mødet ikke blev holdt."]

    shown = browse.submit(page, {"held": "nej", "reason": "Familien udeblev"})
    assert "Familien udeblev" in shown.main

    move_to("2026-03-12 09.00")
    shown = browse.submit(browse.get(shown.links["Mødet blev holdt en anden dag"]), {"held_on": date(2026, 3, 11)})
    assert "onsdag 11-03-2026" in shown.main
    assert "Familien udeblev" in shown.main


def held(browse: Browser, tab: str) -> None:
    shown = add_parent(browse, register(browse, tab))
    shown = browse.submit(browse.get(shown.links["Registrér indkaldelsen"]))
    browse.submit(browse.get(shown.links["Registrér mødet"]), {"held": "ja", "held_on": date(2026, 3, 3)})


def test_new_documentation_within_a_year_asks_what_to_do(browse: Browser, move_to: MoveTo, tab: str) -> None:
    held(browse, tab)
    move_to("2027-03-03 12.00")
    page = browse.get(f"{tab}/ny")
    assert "Ny dokumentation inden for et år efter mødet" in page.main
    assert "Til og med 03-03-2027" in page.main

    answer = browse.submit(page, TYPED, status=422)
    assert answer.errors == ["Vælg, om I indkalder til nyt netværkssamråd eller ændrer foranstaltninger."]

    measures = browse.submit(answer, {"answer": "foranstaltninger"})
    assert measures.h1 == "Foranstaltninger ændres i stedet"
    shown = browse.submit(measures, {"reason": "Kontaktperson to gange om ugen"})
    assert "Foranstaltninger ændret" in shown.main
    assert "Kontaktperson to gange om ugen" in shown.main


def test_the_year_follows_the_young_person_into_a_later_case(
    browse: Browser, move_to: MoveTo, make: Make, case: Case, koordinator: User, tab: str
) -> None:
    held(browse, tab)
    later, other = (make.case(2, citizen=who, owner=koordinator) for who in (case.citizen, make.citizen("Bo Bech")))
    move_to("2026-06-01 12.00")

    page = browse.get(f"/sager/{later.id}/netvaerkssamraad/ny")
    assert "Til og med 03-03-2027" in page.main
    measures = browse.submit(page, TYPED | {"answer": "foranstaltninger"})
    shown = browse.submit(measures, {"reason": "Kontaktperson to gange om ugen"})
    assert "Foranstaltninger ændret" in shown.main
    assert "inden for et år" not in browse.get(f"/sager/{other.id}/netvaerkssamraad/ny").main


def test_a_day_over_the_year_asks_nothing(browse: Browser, move_to: MoveTo, tab: str) -> None:
    held(browse, tab)
    move_to("2027-03-04 12.00")

    page = browse.get(f"{tab}/ny")
    assert "inden for et år" not in page.main
    shown = browse.submit(page, TYPED)
    assert "Foranstaltninger ændres i stedet" not in shown.main


def test_backdated_into_the_year_asks_then(browse: Browser, move_to: MoveTo, tab: str) -> None:
    held(browse, tab)
    move_to("2027-03-04 12.00")

    answer = browse.submit(browse.get(f"{tab}/ny"), TYPED | {"received_on": date(2027, 3, 3)}, status=422)

    assert "Ny dokumentation inden for et år efter mødet" in answer.main
    shown = browse.submit(answer, {"answer": "indkald"})
    assert "Foranstaltninger ændres i stedet" in shown.links


def test_parties_are_corrected_and_removed(browse: Browser, tab: str) -> None:
    shown = add_parent(browse, register(browse, tab), "Mona Hol")
    page = browse.get(shown.links["Ret Mona Hol"])

    shown = browse.submit(page, {"name": "Mona Holm"})
    assert "Mona Holm Forældremyndighedsindehaver" in shown.main

    corrected = shown.links["Ret Mona Holm"]
    page = browse.get(browse.get(corrected).links["Fjern parten"])
    shown = browse.submit(page)
    assert "Mona Holm" not in shown.main
    browse.get(corrected, status=404)


def test_young_persons_name_is_the_cases(browse: Browser, tab: str) -> None:
    page = browse.get(register(browse, tab).links["Ret Fatima Yıldız"])

    assert not page.all("main//input[@name='name']")
    assert "Fjern parten" not in page.links
    assert "22 33 44 55" in browse.submit(page, {"contact": "22 33 44 55"}).main


def test_party_added_after_the_summons_may_be_marked_as_summoned(browse: Browser, tab: str) -> None:
    shown = add_parent(browse, register(browse, tab))
    shown = browse.submit(browse.get(shown.links["Registrér indkaldelsen"]))

    page = browse.get(shown.links["Tilføj part"])
    shown = browse.submit(page, {"role": "fagperson", "name": "Lars Lærer", "summoned": True})

    assert ["Lars Lærer", "Fagperson", "–", "Ja"] in [row[:4] for row in shown.rows("main//tbody/tr")]


def test_form_out_of_turn_leads_to_where_things_stand(browse: Browser, tab: str) -> None:
    shown = register(browse, tab)

    answer = browse.get(f"{shown.url}/afholdt", status=302)

    assert "Registrér indkaldelsen, før du registrerer mødet." in browse.follow(answer).main


def test_18th_birthday_on_the_day_of_receipt(make: Make, browse: Browser, koordinator: User) -> None:
    citizen = make.citizen("Aksel Holm", cpr=make.cpr(date(2008, 3, 3)), created_by=koordinator)
    grown = make.case(2, citizen=citizen, owner=koordinator)
    page = browse.get(f"/sager/{grown.id}/netvaerkssamraad/ny")

    answer = browse.submit(page, TYPED, status=422)

    assert len(answer.errors) == 1
    assert "Borgeren var 18 år den 03-03-2026." in answer.errors[0]
    assert "7 dage tilbage" not in browse.submit(answer, {"received_on": date(2026, 3, 2)}).main
