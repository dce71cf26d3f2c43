"""The pages of intake, as their users meet them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.audit.models import Event
from app.cases.codes import Theme
from app.cases.models import Case, CaseStatus
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, events, running_deadline, statements, stored
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World


def referral(cpr: str = "170510-4321", **known: Any) -> dict[str, Any]:
    """A form for a referral, filled in."""
    return {
        "cpr": cpr,
        "name": "Fatima Yıldız",
        "address_protection": "ukendt",
        "referrer": "skole",
        "contact": "Bodil Kjær, Vesterskolen",
        "received_on": TODAY - timedelta(days=2),
        "concern": "Er holdt op med at komme i skole",
        "themes": ["fravaer", "rusmidler"],
        "legal_basis": "rpl_115_ssp",
        "consent": "ikke_spurgt",
    } | known


@pytest.fixture(autouse=True)
def _today(frozen: Freeze) -> None:
    frozen(MORNING)


@pytest.fixture
def town(make: Make, _today: None) -> World:
    return World.made(make, TODAY)


def case_of(owner: Engine, page_url: str) -> Any:
    with owner.connect() as connection:
        return connection.execute(
            select(Case.__table__).where(Case.__table__.c.id == int(page_url.split("/")[2]))
        ).one()


def test_a_referral_goes_all_the_way_to_a_case(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    page = client.submit(client.get("/henvendelser/ny"), referral())
    assert page.h1 == "Visitation"
    assert "Henvendelsen er registreret som sag 2026-0011." in page.main
    assert "Fravær fra skole eller job" in page.main.replace("Rusmidler, brug eller salg, ", "")
    assert "Niveau 1" not in page.main

    waiting = client.get("/henvendelser")
    assert [row[:4] for row in waiting.rows()] == [["2026-0011", "Fatima Yıldız", "18-11-2026", "2 dage"]]

    page = client.submit(client.get(page.url), form="Tag til visitation, afgør senere")
    assert "Taget til visitation" in page.main
    page = client.submit(client.get(page.links["Ja, opret som sag"]), {"reasons": "Vil gerne i klub", "niveau": "2"})
    assert "Sagen er aktiv." in page.main
    case = case_of(owner, page.url)
    assert (case.status, case.niveau, case.owner_id) == (CaseStatus.ACTIVE, 2, town.nord.koordinator.id)
    assert "Ingen henvendelser venter" in client.get("/henvendelser").main


def test_a_referral_is_rejected_and_reopened(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    page = client.submit(client.get("/henvendelser/ny"), referral())
    page = client.submit(
        client.get(page.links["Nej, afvis"]), {"reasons": "Bor ikke her", "told": "Skolen pr. telefon"}
    )
    assert "Har fået besked: Skolen pr. telefon" in page.main
    assert "Ja, opret som sag" not in page.links

    page = client.submit(client.get(page.url.replace("visitation", "genaabn")), {"reasons": "Er flyttet hertil"})
    assert case_of(owner, page.url).status is CaseStatus.VISITATION


def test_extremism_is_for_the_chosen(browser: Callable[[], Browser], town: World) -> None:
    client = browser().sign_in(town.nord.koordinator)
    form = referral(themes=["ekstremisme"], members=[town.nord.mentor.id])
    page = client.submit(client.get("/henvendelser/ny"), form)
    assert "Kun navngivne og leder" in page.main
    for user in (town.nord.mentor, town.nord.leder):
        browser().sign_in(user).get(page.url)
    browser().sign_in(town.syd.leder).get(page.url, status=404)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"themes": []}, "Vælg mindst ét tema."),
    ({"legal_basis": ""}, "Vælg det retlige grundlag"),
    ({"consent": ""}, "Vælg, om der er givet samtykke."),
    ({"consent": "givet"}, "Skriv, hvornår der blev svaret."),
    ({"consent": "givet", "consent_on": TODAY + timedelta(days=1)}, "fremtiden"),
    ({"received_on": TODAY + timedelta(days=1)}, "fremtiden"),
    ({"concern": ""}, "Skriv kort, hvad bekymringen er."),
    ({"contact": "x" * 301}, "300 tegn"),
    ({"referrer": ""}, "Vælg, hvem der henvender sig."),
    ({"cpr": ""}, "CPR-nummer"),
    ({"name": ""}, "Skriv borgerens navn."),
]


@pytest.mark.parametrize(("known", "message"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_gives_the_form_back(
    client: Browser, town: World, owner: Engine, known: dict[str, Any], message: str
) -> None:
    client.sign_in(town.nord.koordinator)
    page, before = client.get("/henvendelser/ny"), stored(owner)
    answer = client.submit(page, referral(**known), status=422)

    assert any(message in error for error in answer.errors), answer.errors
    assert stored(owner) == before
    assert "holdt op" in answer.html or "concern" in known


def test_consent_keeps_its_day(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    answered = TODAY - timedelta(days=3)
    page = client.submit(client.get("/henvendelser/ny"), referral(consent="givet", consent_on=answered))

    assert case_of(owner, page.url).consent_on == answered
    assert "Ja, samtykke er givet (17-11-2026)" in page.main


def test_a_double_click_makes_one_referral(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    page = client.get("/henvendelser/ny")
    first, second = client.submit(page, referral()), client.submit(page, referral())

    assert first.url == second.url
    assert len(client.get("/henvendelser").rows()) == 1


def test_whoever_has_an_open_case_is_led_there(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    case = town.cases["unit"]
    before = stored(owner)
    page = client.submit(client.get("/henvendelser/ny"), referral(case.citizen.cpr or ""), status=422)

    assert f"Gå til sag {case.number}" in page.links
    assert stored(owner) == before
    assert client.get(f"/henvendelser/ny?borger={case.citizen_id}").links[f"Gå til sag {case.number}"]


def test_a_known_citizen_without_an_open_case_needs_no_name(client: Browser, town: World, make: Make) -> None:
    client.sign_in(town.nord.koordinator)
    case = make.case(unit=town.nord.unit, closed=date(2026, 2, 1))
    values = {name: value for name, value in referral().items() if name not in {"cpr", "name", "address_protection"}}
    page = client.submit(client.get(f"/henvendelser/ny?borger={case.citizen_id}"), values)

    assert case.citizen.name in page.main


def test_the_list_has_the_oldest_first_and_records_who_looked(
    client: Browser, town: World, make: Make, owner: Engine
) -> None:
    days = [date(2026, 11, 19), date(2026, 11, 1), date(2026, 11, 20)]
    cases = [make.case(unit=town.nord.unit, opened=day, status=CaseStatus.HENVENDELSE) for day in days]
    make.case(unit=town.syd.unit, status=CaseStatus.HENVENDELSE)
    page = client.sign_in(town.nord.koordinator).get("/henvendelser")

    assert [row[0] for row in page.rows()] == [cases[1].number, cases[0].number, cases[2].number]
    assert [row[3] for row in page.rows()] == ["19 dage", "1 dag", "Siden i dag"]
    seen = events(owner, Event.CASES_LISTED)[-1]
    assert (seen.details["list"], set(seen.listed_case_ids)) == ("henvendelser", {case.id for case in cases})


def test_closing_says_which_clock_runs(client: Browser, town: World, make: Make, owner: Engine) -> None:
    case = town.cases["unit"]
    running_deadline(make, owner, case, TODAY + timedelta(days=3))
    client.sign_in(town.nord.koordinator)
    page = client.get(f"/sager/{case.id}/afslut")
    assert "sidste dag 23-11-2026" in page.main
    values = {"reasons": "Målet er nået", "result": "maal_naaet", "risk_view": "Lav"}
    page = client.submit(page, values, status=422)

    assert any("sidste dag 23-11-2026" in error for error in page.errors)
    assert case_of(owner, f"/sager/{case.id}").status is CaseStatus.ACTIVE


def test_a_case_is_closed_and_reopened(client: Browser, town: World, owner: Engine) -> None:
    case = town.cases["unit"]
    client.sign_in(town.nord.koordinator)
    page = client.submit(
        client.get(f"/sager/{case.id}/afslut"),
        {"reasons": "Går i klub og skole", "result": "maal_naaet", "risk_view": "Lav"},
    )
    assert "Afsluttet" in page.main
    assert case_of(owner, page.url).closed_on == TODAY

    page = client.submit(client.get(page.links["Genåbn sag"]), {"reasons": "Ny sigtelse"})
    told = client.get(page.links["Henvendelse og afgørelser"]).main
    assert "Afsluttet: Målene er nået" in told
    assert "Ny sigtelse" in told
    assert case_of(owner, page.url).status is CaseStatus.ACTIVE


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("afslut", CaseStatus.HENVENDELSE, "Kun en aktiv sag"),
        ("afslut", CaseStatus.CLOSED, "Kun en aktiv sag"),
        ("genaabn", CaseStatus.ACTIVE, "Sagen er åben."),
        ("overfoer", CaseStatus.CLOSED, "kan ikke overføres"),
        ("visitation/egnet", CaseStatus.ACTIVE, "allerede afgjort"),
        ("visitation/afvis", CaseStatus.REJECTED, "allerede afgjort"),
    ],
)
def test_what_is_not_possible_now_leads_back(
    client: Browser, town: World, make: Make, address: str, status: CaseStatus, words: str
) -> None:
    closed = date(2026, 3, 1) if not status.is_open else None
    case = make.case(unit=town.nord.unit, status=status, closed=closed)
    page = client.follow(client.sign_in(town.nord.koordinator).get(f"/sager/{case.id}/{address}", status=302))

    assert words in page.html


def test_a_case_is_moved_out_of_sight(browser: Callable[[], Browser], town: World) -> None:
    case = town.cases["unit"]
    client = browser().sign_in(town.nord.koordinator)
    page = client.submit(
        client.get(f"/sager/{case.id}/overfoer"), {"unit": town.syd.unit.id, "reasons": "Familien er flyttet"}
    )

    assert page.h1 == "Sager"
    client.get(f"/sager/{case.id}", status=404)
    moved = browser().sign_in(town.syd.leder).get(f"/sager/{case.id}/visitation")
    assert "Familien er flyttet" in moved.main


def test_restricting_and_lifting(browser: Callable[[], Browser], town: World, make: Make) -> None:
    case = town.cases["unit"]
    client = browser().sign_in(town.nord.koordinator)
    page = client.submit(
        client.get(f"/sager/{case.id}/begraens"), {"reasons": "Trusler", "members": [town.nord.mentor.id]}
    )
    assert "Kun navngivne og leder" in page.main
    browser().sign_in(town.nord.mentor).get(page.url)
    client.get(f"/sager/{case.id}/ophaev-begraensning", status=403)

    leader = browser().sign_in(town.nord.leder)
    page = leader.submit(leader.get(f"/sager/{case.id}/ophaev-begraensning"), {"reasons": "Truslen er væk"})
    assert "Kun navngivne og leder" not in page.main


def test_a_restriction_that_the_niveau_demands_stays(client: Browser, town: World) -> None:
    case = town.cases["restricted"]
    client.sign_in(town.nord.leder)
    page = client.submit(
        client.get(f"/sager/{case.id}/ophaev-begraensning"), {"reasons": "Alle skal se den"}, status=422
    )

    assert page.errors == ["På niveau 3 er sagen altid begrænset til navngivne."]


def test_a_theme_that_restricts_does_so_when_it_is_added_later(client: Browser, town: World) -> None:
    case = town.cases["unit"]
    client.sign_in(town.nord.koordinator)
    page = client.submit(client.get(f"/sager/{case.id}/rediger"), {"themes": [Theme.EXTREMISM.value]})

    assert "Kun navngivne og leder" in page.main


@pytest.mark.parametrize("address", ["visitation/egnet", "visitation/afvis"])
def test_whoever_decides_on_an_older_page_is_told(
    browser: Callable[[], Browser], town: World, make: Make, address: str
) -> None:
    case = make.case(unit=town.nord.unit, status=CaseStatus.VISITATION)
    first, second = browser().sign_in(town.nord.koordinator), browser().sign_in(town.nord.leder)
    page = second.get(f"/sager/{case.id}/{address}")
    first.submit(first.get(f"/sager/{case.id}/rediger"), {"concern": "Noget andet"})
    values = {"reasons": "Egnet", "niveau": "1"} if "egnet" in address else {"reasons": "Nej", "told": "Ingen"}
    answer = second.submit(page, values, status=422)

    assert f"{town.nord.koordinator.name} rettede sagen" in answer.main


def test_the_pages_need_few_statements(client: Browser, town: World, make: Make) -> None:
    for _ in range(30):
        make.case(unit=town.nord.unit, status=CaseStatus.HENVENDELSE)
    case = make.case(unit=town.nord.unit, status=CaseStatus.VISITATION)
    client.sign_in(town.nord.koordinator)
    for address in ("/henvendelser", "/henvendelser/ny", f"/sager/{case.id}/visitation", f"/sager/{case.id}"):
        with statements() as sent:
            client.get(address)
        assert len(sent) <= 15, (address, sent)
