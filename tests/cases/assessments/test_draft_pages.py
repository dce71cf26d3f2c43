"""The form of the draft: what its buttons do, what it saves by itself, and what it says when something is wrong."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.assessments.models import Assessment, ItemRating, Rating, RatingSource, State
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.assessments.conftest import JUDGEMENT_TYPED, MoveTo
from tests.cases.pages import LONE_SURROGATE, events, statements
from tests.contents import TRACES, contents
from tests.factories import Make
from tests.page import Page

FORM = "Gem kladde"


def rating_of(owner: Engine, item: str) -> Any:
    with owner.connect() as connection:
        statement = select(ItemRating.__table__).where(ItemRating.item == item).order_by(ItemRating.id.desc())
        return connection.execute(statement).first()


def stored(owner: Engine) -> Any:
    with owner.connect() as connection:
        return connection.execute(select(Assessment.__table__).order_by(Assessment.id.desc())).first()


def save(browse: Browser, url: str, **values: Any) -> Page:
    return browse.submit(browse.get(url), {name.replace("__", "-"): value for name, value in values.items()}, form=FORM)


def confirm_all(browse: Browser, url: str) -> None:
    """Press each domain's button under which something stands as it was carried over."""
    page = browse.get(url)
    for button in page.all("main//button[@name='bekraeft']"):
        page = browse.submit(page, {"bekraeft": button.get("value")}, form=FORM)


def sign(browse: Browser, url: str, **values: Any) -> Page:
    """From the draft to the signed assessment."""
    rest = url.replace("kladde", "underskriv")
    save(browse, url, **JUDGEMENT_TYPED | values)
    confirm_all(browse, url)
    page = browse.get(rest)
    if "Sæt resten til uoplyst" in page.main:
        page = browse.submit(page, form="Sæt resten til uoplyst")
    return browse.submit(page, form="Underskriv")


def autosave(browse: Browser, url: str, version: int, **values: Any) -> dict[str, Any]:
    data = {name.replace("__", "-"): each for name, each in values.items()} | {"version": version}
    page = browse.post(url.replace("kladde", "gem"), data, status=200)
    answer: dict[str, Any] = json.loads(page.html)
    return answer


def test_draft_is_begun_at_one_click(browse: Browser, tab: str, owner: Engine) -> None:
    page = browse.submit(browse.get(tab), form="Begynd vurderingen")

    assert page.h1 == "Risikovurdering"
    assert "0 af 61 punkter" in page.main
    assert [event.case_id for event in events(owner, Event.ASSESSMENT_STARTED)] == [stored(owner).case_id]


def test_second_click_leads_to_the_same_draft(browse: Browser, tab: str, owner: Engine) -> None:
    page = browse.get(tab)
    browse.submit(page, form="Begynd vurderingen")

    again = browse.submit(page, form="Begynd vurderingen")

    assert "Det var allerede gemt" in again.main
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM assessments")) == 1


def test_who_begins_while_another_writes_is_told_who(
    browse: Browser, tab: str, browser: Any, make: Make, koordinator: User
) -> None:
    page = browse.get(tab)
    other = browser().sign_in(make.user(unit=koordinator.unit, name="Bo Bech"))
    other.submit(other.get(tab), form="Begynd vurderingen")

    refused = browse.submit(page, form="Begynd vurderingen", status=422)

    assert refused.errors == ["Bo Bech er allerede i gang med en kladde i sagen."]
    assert "Bo Bech skrev sidst i en kladde" in refused.main


def test_what_is_typed_is_saved(browse: Browser, draft_url: str, owner: Engine) -> None:
    values = {
        "vurdering__fravaer": "tydeligt",
        "grund__fravaer": "Ikke set siden jul",
        "kilde__fravaer": "skole",
        "dato__fravaer": "2026-03-01",
    }
    page = save(browse, draft_url, concerns="Omgangskredsen\ned til stationen", **values)

    assert "Kladden er gemt." in page.main
    assert "1 af 61 punkter" in page.main
    row = rating_of(owner, "fravaer")
    assert (row.rating, row.source, row.observed_on, row.reasons) == (
        Rating.CLEARLY,
        RatingSource.SCHOOL,
        date(2026, 3, 1),
        "Ikke set siden jul",
    )
    assert stored(owner).concerns == "Omgangskredsen\ned til stationen"


def test_button_leads_on_to_the_next_domain(browse: Browser, draft_url: str) -> None:
    page = browse.get(draft_url)

    answer = browse.submit(page, {"videre": "familie"}, form=FORM, status=302)

    assert answer.location.endswith("?aaben=familie#omraade-familie")
    assert open_domains(browse.follow(answer)) == ["omraade-familie"]


def test_unknown_place_to_go_leads_to_the_form(browse: Browser, draft_url: str) -> None:
    answer = browse.submit(browse.get(draft_url), {"videre": "//ond.example"}, form=FORM, status=302)

    assert answer.location == draft_url


def test_first_domain_that_is_not_done_stands_open(browse: Browser, draft_url: str) -> None:
    assert open_domains(browse.get(draft_url)) == ["omraade-kriminalitet"]

    browse.submit(browse.get(draft_url), {"uoplyst": "kriminalitet"}, form=FORM)

    assert open_domains(browse.get(draft_url)) == ["omraade-adfaerd"]


def open_domains(page: Page) -> list[str]:
    return [each.get("id", "") for each in page.all("main//details[@class='domain']") if each.get("open") is not None]


def test_rest_of_a_domain_is_set_to_unknown_without_touching_answers(
    browse: Browser, draft_url: str, owner: Engine
) -> None:
    values = {"uoplyst": "helbred", "vurdering-traumer": "tydeligt"}

    page = browse.submit(browse.get(draft_url), values, form=FORM)

    assert "4 af 61 punkter" in page.main
    assert rating_of(owner, "traumer").rating is Rating.CLEARLY
    assert rating_of(owner, "adhd").rating is Rating.UNKNOWN
    assert rating_of(owner, "fravaer").rating is None


def test_carried_over_answers_are_marked_until_they_are_confirmed(
    browse: Browser, draft_url: str, tab: str, owner: Engine, move_to: MoveTo
) -> None:
    sign(browse, draft_url, vurdering__fravaer="tydeligt", kilde__fravaer="skole", dato__fravaer="2026-02-01")
    move_to("2026-04-03 10.00")
    page = browse.submit(browse.get(tab), form="Begynd ny vurdering")
    assert "61 svar er overført" in page.main
    assert page.main.count("Overført fra 03-03-2026") == 61

    page = browse.submit(page, {"staar-fravaer": True}, form=FORM)
    assert "60 svar er overført" in page.main
    page = browse.submit(page, {"bekraeft": "skole_job"}, form=FORM)

    assert "55 svar er overført" in page.main
    assert rating_of(owner, "fravaer").observed_on == date(2026, 2, 1)


def test_signing_leads_to_what_was_carried_over_and_has_no_button(
    browse: Browser, draft_url: str, tab: str, move_to: MoveTo
) -> None:
    sign(browse, draft_url)
    move_to("2026-04-03 10.00")
    draft = browse.submit(browse.get(tab), form="Begynd ny vurdering").url
    save(browse, draft, **JUDGEMENT_TYPED)
    browse.submit(browse.get(draft), {"bekraeft": "skole_job"}, form=FORM)

    page = browse.get(draft.replace("kladde", "underskriv"))

    assert "Bekræft eller ret det, der er overført" in page.main
    assert page.links["Kriminalitet"] == f"{draft}?aaben=kriminalitet#omraade-kriminalitet"
    assert "Skole og job" not in page.links
    assert not page.all("main//button[.='Underskriv']")
    assert "Alt overført i kriminalitet gælder stadig" in browse.get(page.links["Kriminalitet"]).main


def test_another_answer_than_last_time_forgets_where_the_last_one_came_from(
    browse: Browser, draft_url: str, tab: str, owner: Engine, move_to: MoveTo
) -> None:
    sign(browse, draft_url, vurdering__fravaer="tydeligt", kilde__fravaer="skole", dato__fravaer="2026-02-01")
    move_to("2026-04-03 10.00")
    page = browse.submit(browse.get(tab), form="Begynd ny vurdering")

    browse.submit(page, {"vurdering-fravaer": "delvist"}, form=FORM)

    row = rating_of(owner, "fravaer")
    assert (row.rating, row.source, row.observed_on, row.carried) == (Rating.PARTLY, None, None, False)


def test_what_cannot_be_read_comes_back_with_its_domain_open(browse: Browser, draft_url: str, owner: Engine) -> None:
    before = contents(owner, but=TRACES)
    values = {"dato-gaeld": "2026-03-04", "grund-gaeld": "x" * 501, "on_day": date(2026, 4, 1), "concerns": "Står her"}

    page = browse.submit(browse.get(draft_url), values, form=FORM, status=422)

    assert page.errors == [
        "Datoen ligger i fremtiden.",
        "Der er plads til 500 tegn, og teksten fylder 501. Kort den ned.",
        "Datoen ligger i fremtiden.",
    ]
    assert open_domains(page) == ["omraade-bolig_oekonomi", "omraade-samlet"]
    assert "Står her" in page.html
    assert contents(owner, but=TRACES) == before


def test_another_tab_is_told_what_differs_and_may_overrule(browse: Browser, draft_url: str, owner: Engine) -> None:
    stale = browse.get(draft_url)
    save(browse, draft_url, vurdering__fravaer="tydeligt", concerns="Den ene")

    values = {"vurdering-fravaer": "delvist", "concerns": "Den anden"}
    page = browse.submit(stale, values, form=FORM, status=422)

    assert "Der er rettet i det samme, mens du skrev" in page.errors[0]
    assert ["Hvad bekymrer mest?", "Den ene", "Den anden"] in page.rows()
    assert ["Har meget fravær", "Tydeligt", "Delvist"] in page.rows()
    browse.submit(page, form=FORM)
    assert rating_of(owner, "fravaer").rating is Rating.PARTLY
    assert stored(owner).concerns == "Den anden"


def test_draft_saves_itself(browse: Browser, draft_url: str, owner: Engine) -> None:
    answer = autosave(browse, draft_url, 1, vurdering__fravaer="tydeligt", on_day="2026-03-03")

    assert answer["saved"] is True
    assert answer["message"] == "Gemt 10.00"
    assert (answer["version"], answer["answered"], answer["total"]) == (2, 1, 61)
    assert answer["domains"]["skole_job"] == {"words": "1 af 6", "done": False, "carried": 0}
    assert rating_of(owner, "fravaer").rating is Rating.CLEARLY


def test_saving_itself_leaves_out_what_cannot_be_read_and_says_so(
    browse: Browser, draft_url: str, owner: Engine
) -> None:
    save(browse, draft_url, grund__fravaer="Som det var")

    answer = autosave(browse, draft_url, 2, vurdering__fravaer="delvist", grund__fravaer="x" * 501, on_day="32-13-2026")

    assert answer["saved"] is True
    assert answer["message"] == "Gemt 10.00, undtagen: Vurderingen er fra; Har meget fravær – begrundelse"
    row = rating_of(owner, "fravaer")
    assert (row.rating, row.reasons) == (Rating.PARTLY, "Som det var")
    assert stored(owner).on_day == date(2026, 3, 3)


@pytest.mark.parametrize("version", [1, "", "x"])
def test_saving_itself_overwrites_nobody(browse: Browser, draft_url: str, owner: Engine, version: Any) -> None:
    save(browse, draft_url, vurdering__fravaer="tydeligt")
    before = contents(owner, but=TRACES)

    answer = autosave(browse, draft_url, version, vurdering__fravaer="delvist")

    assert answer["saved"] is False
    assert "Du gemte kladden kl. 10.00 et andet sted" in answer["message"]
    assert contents(owner, but=TRACES) == before


def test_saving_itself_names_whoever_saved_last(
    browse: Browser, draft_url: str, browser: Any, make: Make, koordinator: User
) -> None:
    other = browser().sign_in(make.user(unit=koordinator.unit, name="Bo Bech"))
    save(other, draft_url, vurdering__fravaer="tydeligt")

    assert "Bo Bech gemte kladden kl. 10.00" in autosave(browse, draft_url, 1)["message"]


def test_saving_itself_in_a_closed_case_says_why_not(browse: Browser, draft_url: str, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE cases SET status = 'afsluttet', closed_on = '2026-03-03'"))

    answer = autosave(browse, draft_url, 1, vurdering__fravaer="tydeligt")

    assert answer == {"saved": False, "message": f"Ikke gemt. {CLOSED}"}


CLOSED = "Sagen er afsluttet. Der kan ikke skrives risikovurderinger i den."


def test_unusable_characters_are_refused_kindly(browse: Browser, draft_url: str) -> None:
    data = {"version": "1", "grund-fravaer": LONE_SURROGATE, "concerns": "a\x00b", "vurdering-fravaer": "findes ikke"}

    page = browse.post(draft_url, data, status=422)

    assert len(page.errors) >= 2


def test_discarding_asks_first(browse: Browser, draft_url: str, tab: str, owner: Engine) -> None:
    save(browse, draft_url, vurdering__fravaer="tydeligt")
    page = browse.get(browse.get(draft_url).links["Kassér kladden"])
    assert "Kladden har svar på 1 af 61 punkter" in page.main

    after = browse.submit(page)

    assert "Kladden er kasseret." in after.main
    assert after.url == tab
    assert stored(owner).state is State.DISCARDED
    browse.get(draft_url, status=404)


def test_draft_is_not_there_under_another_case(browse: Browser, draft_url: str, make: Make, case: Case) -> None:
    other = make.case(1, unit=case.unit)

    browse.get(draft_url.replace(f"/sager/{case.id}/", f"/sager/{other.id}/"), status=404)


def test_signed_assessment_is_no_draft_any_more(browse: Browser, draft_url: str, owner: Engine) -> None:
    page = sign(browse, draft_url)

    assert "Risikovurderingen er underskrevet." in page.main
    for path in ("kladde", "underskriv", "kasser"):
        browse.get(draft_url.replace("kladde", path), status=404)
    browse.post(draft_url.replace("kladde", "gem"), {"version": "1"}, status=404)


def test_mentor_reads_what_is_signed_and_no_draft(
    browse: Browser, draft_url: str, tab: str, browser: Any, make: Make, case: Case
) -> None:
    mentor = make.user(Role.MENTOR, case.unit)
    make.access(case, mentor)
    reader = browser().sign_in(mentor)
    show = draft_url.removesuffix("/kladde")

    page = reader.follow(reader.get(show, status=302))
    assert "Vurderingen er en kladde" in page.main
    assert "Skriv videre" not in page.main
    assert reader.get(tab).links.get("Skriv videre") is None
    sign(browse, draft_url, concerns="Omgangskredsen")

    assert "Omgangskredsen" in reader.get(show).main


def test_writer_who_opens_a_draft_is_led_to_its_form(browse: Browser, draft_url: str) -> None:
    assert browse.get(draft_url.removesuffix("/kladde"), status=302).location == draft_url


def test_statements_of_a_page_do_not_grow(browse: Browser, draft_url: str, tab: str, move_to: MoveTo) -> None:
    first = sign(browse, draft_url)
    for month in ("04", "05"):
        move_to(f"2026-{month}-03 10.00")
        sign(browse, browse.submit(browse.get(tab), form="Begynd ny vurdering").url)
    draft = browse.submit(browse.get(tab), form="Begynd ny vurdering").url

    for url in (tab, first.url, draft, f"{tab}/sammenlign", draft.replace("kladde", "underskriv")):
        with statements() as sent:
            browse.get(url)
        assert len(sent) <= 15, (url, len(sent), sent)
