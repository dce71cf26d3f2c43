"""The tab Handleplan in a browser."""

from datetime import date

from sqlalchemy import Engine, select

from app.access.models import Role, User
from app.audit.models import AuditEvent
from app.cases.handleplan.codes import PlanKind
from app.cases.handleplan.models import Handleplan
from app.cases.models import AccessKind, Case
from tests.browser import Browser
from tests.cases.pages import statements
from tests.factories import Make
from tests.page import Page
from tests.paper import words

TODAY = date(2026, 11, 20)


def begin(browse: Browser, tab: str, **typed: object) -> Page:
    filled = {"aim": "Et liv uden politi", "started_on": TODAY} | typed
    return browse.submit(browse.get(f"{tab}/ny"), filled)


def with_measure(browse: Browser, tab: str, **typed: object) -> Page:
    page = begin(browse, tab)
    form = browse.get(page.links["Aftal en indsats"])
    kind = form.one("main//select[@name='kind']/option[.='Fritidsjob']").get("value")
    filled = {"kind": kind, "text": "Lørdage i Brugsen", "note": "Chefen kender sagen", "from_day": TODAY}
    return browse.submit(form, filled | typed)


def test_an_empty_tab_says_what_to_do_next(browse: Browser, tab: str) -> None:
    page = browse.get(tab)
    assert "Ingen handleplan i sagen" in page.main
    assert page.links["Begynd handleplan"] == f"{tab}/ny"


def test_a_plan_is_begun_filled_and_followed_up(browse: Browser, tab: str) -> None:
    page = begin(browse, tab, own_words="Jeg vil have penge", first_follow_up=date(2026, 12, 4))
    assert "Handleplanen er begyndt." in page.text
    assert "Jeg vil have penge" in page.main
    assert ["04-12-2026", "Aftalt", "–"] in [row[:3] for row in page.rows()]

    page = browse.submit(browse.get(page.links["Sæt et mål"]), {"text": "Et fritidsjob"})
    assert ["Et fritidsjob", "I gang"] in [row[:2] for row in page.rows()]
    page = browse.submit(browse.get(page.links["Ret Et fritidsjob"]), {"text": "Et fritidsjob", "state": "naaet"})
    assert ["Et fritidsjob", "Nået"] in [row[:2] for row in page.rows()]

    hold = browse.get(page.links["Skriv, hvad der blev sagt 04-12-2026"])
    page = browse.submit(hold, {"held_on": TODAY, "text": "Det går godt", "next_on": date(2027, 1, 8)})
    assert ["08-01-2027", "Aftalt", "–"] in [row[:3] for row in page.rows()]
    assert ["04-12-2026", "Holdt 20-11-2026", "Det går godt"] in [row[:3] for row in page.rows()]

    page = browse.submit(browse.get(page.links["Flyt 08-01-2027"]), {"on_day": date(2027, 1, 9)})
    page = browse.submit(browse.get(page.links["Aflys 09-01-2027"]), {"reason": "Familien rejser"})
    assert ["09-01-2027", "Aflyst", "Familien rejser"] in [row[:3] for row in page.rows()]
    page = browse.submit(browse.get(page.links["Aftal opfølgning"]), {"on_day": TODAY})
    assert ["20-11-2026", "I dag", "–"] in [row[:3] for row in page.rows()]


def test_a_measure_is_agreed_changed_and_gets_its_result(browse: Browser, tab: str) -> None:
    page = with_measure(browse, tab, to_day=date(2027, 2, 1))
    row = next(row for row in page.rows() if row[0].startswith("Fritidsjob"))
    assert row[0] == "Fritidsjob Lørdage i Brugsen Internt: Chefen kender sagen"
    assert row[1:5] == ["Karin Kjær", "20-11-2026 – 01-02-2027", "Planlagt", "–"]

    page = browse.submit(browse.get(page.links["Ret Fritidsjob"]), {"state": "igang", "text": "Søndage"})
    assert "Søndage" in page.main
    form = browse.get(page.links["Skriv resultat af Fritidsjob"])
    page = browse.submit(form, {"state": "afsluttet", "ended_on": TODAY, "result": "god", "result_note": "Fast job"})
    row = next(row for row in page.rows() if row[0].startswith("Fritidsjob"))
    assert row[2:5] == ["20-11-2026 – 20-11-2026", "Gennemført", "God virkning Fast job"]
    form = browse.get(page.links["Ret resultat af Fritidsjob"])
    assert form.one("main//input[@name='result'][@checked]").get("value") == "god"
    page = browse.submit(page, {}, form="Genoptag")
    assert "Indsatsen er genoptaget." in page.text


def test_a_measure_without_anybody_is_refused(browse: Browser, tab: str) -> None:
    page = begin(browse, tab)
    form = browse.get(page.links["Aftal en indsats"])
    kind = form.one("main//select[@name='kind']/option[.='Mentor']").get("value")
    page = browse.submit(form, {"kind": kind, "responsible": "", "organisation": ""}, status=422)
    assert page.errors == ["Vælg en medarbejder, eller skriv, hvem der ellers gør det."]


def test_a_change_that_somebody_else_has_overtaken_is_told(browse: Browser, tab: str) -> None:
    page = begin(browse, tab)
    edit = browse.get(page.links["Ret det, planen handler om"])
    browse.submit(edit, {"aim": "Et andet liv"})
    page = browse.submit(edit, {"aim": "Et tredje liv"}, status=422)
    assert "Karin Kjær rettede planen" in page.main
    assert "Et andet liv" in page.main
    assert "Et tredje liv" in browse.submit(page, {"aim": "Et tredje liv"}).main


def test_a_plan_is_closed_shown_and_reopened(browse: Browser, tab: str) -> None:
    page = begin(browse, tab)
    page = browse.submit(browse.get(page.links["Afslut handleplanen"]), {"closed_on": TODAY, "closing": "Godt"})
    assert ["20-11-2026", "Handleplan", "20-11-2026"] in page.rows()
    page = browse.get(page.links["20-11-2026"])
    assert page.h1 == "Handleplan fra 20-11-2026"
    assert "Sæt et mål" not in page.links
    page = browse.submit(page, {}, form="Genåbn planen")
    assert "Sæt et mål" in page.links


def test_a_plan_with_an_open_measure_does_not_close(browse: Browser, tab: str) -> None:
    page = with_measure(browse, tab)
    page = browse.submit(browse.get(page.links["Afslut handleplanen"]), {"closed_on": TODAY}, status=422)
    assert page.errors == ["Skriv resultatet af hver indsats, før du afslutter planen."]


# ---------------------------------------------------------------- akuthandleplan


def test_an_akuthandleplan_is_begun_in_one_click(browse: Browser, tab: str) -> None:
    page = browse.submit(browse.get(tab), {}, form="Start akuthandleplan")
    assert "Inden for 24 timer: senest 21-11-2026 kl. 10.00" in page.main
    assert "Inden for 72 timer: senest 23-11-2026 kl. 10.00" in page.main
    assert "Start akuthandleplan" not in page.main
    again = browse.post(f"{tab}/akut")
    assert again.location == tab
    assert "allerede en akuthandleplan" in browse.get(tab).text


def first_act(page: Page, act: str) -> str:
    """Where the first button of that kind leads."""
    actions = [form.get("action", "") for form in page.all("main//form")]
    return next(action for action in actions if action.endswith(f"/{act}"))


def test_its_lines_are_ticked_off_changed_and_added(browse: Browser, tab: str) -> None:
    page = browse.submit(browse.get(tab), {}, form="Start akuthandleplan")
    what = page.rows()[0][0]
    page = browse.submit(page, {}, form=first_act(page, "udfoert"))
    row = next(row for row in page.rows() if row[0] == what)
    assert row[2] == "Udført 20-11-2026 kl. 10.00"
    page = browse.submit(page, {}, form="Fortryd")
    page = browse.submit(page, {}, form=first_act(page, "ikke-relevant"))
    assert next(row for row in page.rows() if row[0] == what)[2].startswith("Ikke relevant")

    form = browse.get(page.links["Tilføj en linje"])
    page = browse.submit(form, {"what": "Ring til klubben", "hours": "24", "organisation": "Klub Nord"})
    assert ["Ring til klubben", "Klub Nord", "Mangler"] in [row[:3] for row in page.rows()]
    change = browse.get(page.links["Ret Ring til klubben"])
    page = browse.submit(change, {"what": "Besøg klubben", "responsible": "", "organisation": ""})
    assert ["Besøg klubben", "Ingen valgt", "Mangler"] in [row[:3] for row in page.rows()]


def test_an_event_of_another_case_starts_nothing(browse: Browser, tab: str, owner: Engine) -> None:
    browse.post(f"{tab}/akut", {"haendelse": "99999"})
    assert "Hændelsen findes ikke i sagen." in browse.get(tab).text
    with owner.connect() as connection:
        assert connection.scalar(select(Handleplan.id)) is None


def test_a_mentor_reads_and_does_not_write(browse: Browser, tab: str, case: Case, make: Make) -> None:
    with_measure(browse, tab)
    browse.submit(browse.get(tab), {}, form="Start akuthandleplan")
    mentor = make.user(Role.MENTOR)
    make.access(case, mentor, AccessKind.MENTOR)
    page = browse.sign_in(mentor).get(tab)
    assert "Lørdage i Brugsen" in page.main
    assert not page.all("main//form")
    assert not {"Sæt et mål", "Aftal en indsats", "Tilføj en linje"} & set(page.links)


# ---------------------------------------------------------------- the citizen's copy


def test_the_citizens_copy_leaves_out_what_is_internal(browse: Browser, tab: str) -> None:
    page = with_measure(browse, tab)
    form = browse.get(page.links["Skriv resultat af Fritidsjob"])
    page = browse.submit(form, {"state": "afbrudt", "ended_on": TODAY, "result": "ingen", "result_note": "Mødte ikke"})
    response = browse.get(page.links["Hent borgerens udgave (PDF)"]).response
    said = words(response.data)
    assert "Din handleplan Fatima Yıldız" in said
    assert "Lørdage i Brugsen" in said
    assert "Karin Kjær" in said
    assert not [
        secret for secret in ("Chefen kender", "Mødte ikke", "Ingen virkning", "Et hemmeligt") if secret in said
    ]
    assert response.mimetype == "application/pdf"


def test_its_file_name_tells_no_person_and_its_reading_is_recorded(
    browse: Browser, tab: str, case: Case, owner: Engine, koordinator: User
) -> None:
    page = begin(browse, tab)
    response = browse.get(page.links["Hent borgerens udgave (PDF)"]).response
    assert response.headers["Content-Disposition"] == f'attachment; filename="handleplan-{case.number}.pdf"'
    with owner.connect() as connection:
        printed = select(AuditEvent.user_id, AuditEvent.basis).where(AuditEvent.event == "handleplan.printed")
        assert list(connection.execute(printed)) == [(koordinator.id, "owner")]


def test_an_akuthandleplan_has_no_citizens_copy(browse: Browser, tab: str, owner: Engine) -> None:
    browse.post(f"{tab}/akut")
    with owner.connect() as connection:
        plan_id = connection.scalar(select(Handleplan.id).where(Handleplan.kind == PlanKind.ACUTE))
    browse.get(f"{tab}/{plan_id}/pdf", status=404)


# ---------------------------------------------------------------- elsewhere


def test_it_tells_on_the_case_and_its_timeline(browse: Browser, tab: str, case: Case) -> None:
    with_measure(browse, tab)
    shown = browse.get(f"/sager/{case.id}").main
    assert "Ingen opfølgning aftalt" in shown
    journal = browse.get(f"/sager/{case.id}/journal").main
    assert "Handleplan begyndt" in journal
    assert "Indsats aftalt: Fritidsjob" in journal


def test_what_is_due_is_a_task(browse: Browser, tab: str, case: Case) -> None:
    begin(browse, tab, first_follow_up=TODAY)
    browse.post(f"{tab}/akut")
    shown = browse.get(f"/sager/{case.id}").main
    assert "Opfølgning på handleplanen" in shown
    assert "Akut: " in shown


def test_a_full_tab_is_read_in_few_statements(browse: Browser, tab: str) -> None:
    page = with_measure(browse, tab)
    for number in range(12):
        browse.submit(browse.get(page.links["Sæt et mål"]), {"text": f"Mål {number}"})
    browse.post(f"{tab}/akut")
    with statements() as seen:
        browse.get(tab)
    assert len(seen) <= 15
