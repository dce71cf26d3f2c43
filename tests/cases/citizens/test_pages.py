"""The pages of citizens: search, one citizen, contact data, CPR number, merging."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from app.audit.models import Event
from app.cases.models import Case
from app.cases.routes.citizens.number import ANOTHER_HAS_IT
from app.cases.routes.citizens.overview import NOT_A_CASE_NUMBER
from app.core.errors import ChangedMeanwhileError
from app.people.merging import BOTH_OPEN, HIDDEN
from app.people.models import AddressProtection, Sex
from app.people.services import IN_USE
from tests.browser import Browser
from tests.cases.pages import events, statements
from tests.contents import TRACES, contents
from tests.factories import Make
from tests.page import Page
from tests.samples import Sampler
from tests.world import World

BORN = date(2010, 5, 17)
CLOSED = date(2026, 3, 3)


@pytest.fixture
def case(make: Make, world: World, client: Browser) -> Case:
    """A case of the coordinator who is signed in."""
    client.sign_in(world.nord.koordinator)
    school = make.school("Vester Skole", make.bydel("Vester"))
    citizen = make.citizen(
        "Åse Vindelev",
        cpr=make.cpr(BORN),
        sex=Sex.FEMALE,
        address_protection=AddressProtection.YES,
        bydel=school.bydel,
        school=school,
    )
    return make.case(citizen=citizen, unit=world.nord.unit)


def url(case: Case, rest: str = "") -> str:
    return f"/borgere/{case.citizen_id}{rest}"


def search(client: Browser, words: str, at: str = "/borgere") -> Page:
    return client.submit(client.get(at), {"words": words}, form="Søg")


@pytest.mark.parametrize("words", ["vindelev", "Åse Vindelev", "cpr"])
def test_a_citizen_is_found_by_name_or_number_and_the_search_is_recorded(
    client: Browser, case: Case, owner: Engine, words: str
) -> None:
    number = case.citizen.number
    assert number is not None
    page = search(client, number.formatted if words == "cpr" else words)
    ((name, shown, cases),) = page.rows()
    assert name.startswith("Åse Vindelev")
    assert number.formatted in shown
    assert cases.startswith(case.number)
    assert number.digits not in page.url
    (event,) = events(owner, Event.CITIZENS_SEARCHED)
    assert (event.listed_case_ids, event.details) == ([case.id], {"search": "cpr" if words == "cpr" else "navn"})


def test_nobody_out_of_sight_is_found(client: Browser, case: Case, make: Make, world: World) -> None:
    hidden = make.case(citizen=make.citizen("Åse Vindelev"), unit=world.syd.unit)
    assert len(search(client, "vindelev").rows()) == 1
    assert hidden.citizen.number is not None
    assert "Ingen borger passer" in search(client, hidden.citizen.number.formatted).main


@pytest.mark.parametrize(
    ("words", "message"),
    [("", "Skriv et navn"), ("2026-0001", NOT_A_CASE_NUMBER), ("1705", "Skriv et helt"), ("..!", "mindst ét bogstav")],
)
def test_what_cannot_be_searched_for_is_said(client: Browser, case: Case, words: str, message: str) -> None:
    page = client.submit(client.get("/borgere"), {"words": words}, form="Søg", status=422)
    assert any(message in error for error in page.errors)


def test_a_search_that_is_no_longer_kept_is_said(client: Browser, case: Case) -> None:
    assert "gemmes kun kort" in client.get("/borgere?soeg=00000000").main


def test_of_very_many_the_first_are_shown(client: Browser, case: Case, make: Make, world: World) -> None:
    for _ in range(51):
        make.case(citizen=make.citizen("Bo Holm"), unit=world.nord.unit, closed=CLOSED)
    page = search(client, "bo holm")
    assert len(page.rows()) == 50
    assert "Der er flere end dem" in page.main


def test_the_page_tells_who_it_is_and_which_cases_there_are(
    client: Browser, case: Case, make: Make, world: World, owner: Engine
) -> None:
    older = make.case(citizen=case.citizen, unit=world.nord.unit, closed=CLOSED)
    hidden = make.case(citizen=case.citizen, unit=world.syd.unit, closed=CLOSED)
    Sampler(make, owner).contact_point(case)
    page = client.get(url(case))
    for told in ("Åse Vindelev", "Beskyttet navn og adresse", "17-05-2010", "Vester Skole", "20 30 40 50", case.number):
        assert told in page.main
    assert older.number in page.main
    assert hidden.number not in page.main
    assert "Åse" not in page.title
    assert page.links["20 30 40 50"] == "tel:20304050"
    (event,) = events(owner, Event.CITIZEN_READ)
    assert sorted(event.listed_case_ids) == sorted([case.id, older.id])
    history = client.get(f"/sager/{case.id}/historik").main
    assert "Så borgerens side" in history


@pytest.mark.parametrize("is_open", [True, False])
def test_a_citizen_without_an_open_case_gets_a_referral_or_a_case(
    client: Browser, make: Make, world: World, is_open: bool
) -> None:
    case = make.case(unit=world.nord.unit, closed=None if is_open else CLOSED)
    client.sign_in(world.nord.koordinator)

    page = client.get(url(case))

    offered = {"Opret henvendelse": "/henvendelser/ny", "Opret sag": "/sager/ny"}
    for words, address in offered.items():
        expected = None if is_open else f"{address}?borger={case.citizen_id}"
        assert page.links.get(words) == expected
        if expected is not None:
            assert case.citizen.name in client.get(expected).main


@pytest.mark.parametrize("protection", [AddressProtection.YES, AddressProtection.UNKNOWN, AddressProtection.NO])
def test_a_protected_address_is_shown_with_a_warning(
    client: Browser, make: Make, world: World, protection: AddressProtection
) -> None:
    client.sign_in(world.nord.koordinator)
    case = make.case(citizen=make.citizen(address_protection=protection), unit=world.nord.unit)
    page = client.get(url(case, "/kontakt/ny"))
    page = client.submit(page, {"kind": "adresse", "value": "Blokland 1, 2620 Albertslund"})
    assert "Blokland 1" in page.main
    assert ("Behandl den, som om den er" in page.main) is (protection is AddressProtection.UNKNOWN)
    assert ("Sig den ikke videre" in page.main) is (protection is AddressProtection.YES)


def test_the_page_costs_the_same_however_much_there_is(
    client: Browser, case: Case, make: Make, world: World, owner: Engine
) -> None:
    client.get(url(case))
    with statements() as few:
        client.get(url(case))
    for _ in range(8):
        Sampler(make, owner).contact_point(case)
        make.case(citizen=case.citizen, unit=world.nord.unit, closed=CLOSED)
    with statements() as many:
        client.get(url(case))
    assert len(many) == len(few) <= 15


def test_a_mentor_reads_and_changes_nothing(client: Browser, world: World, make: Make, owner: Engine) -> None:
    case = world.cases["mentor"]
    Sampler(make, owner).contact_point(case)
    client.sign_in(world.nord.mentor)
    page = client.get(url(case))
    assert "20 30 40 50" in page.main
    assert not [text for text in page.links if text.startswith(("Ret", "Tilføj", "Læg sammen", "Opret"))]


def test_contact_data_is_corrected_ended_and_taken_out(client: Browser, case: Case) -> None:
    page = client.submit(client.get(url(case, "/kontakt/ny")), {"kind": "telefon", "value": "20 30 40 50"})
    assert "Kontaktoplysningen er tilføjet." in page.text
    change = next(address for text, address in page.links.items() if text.startswith("Ret telefon"))
    page = client.submit(client.get(change), {"value": "20 30 40 60", "note": "mors", "to_day": date(2026, 1, 1)})
    assert "Tidligere (1)" in page.main
    assert "20 30 40 60" in page.main
    assert "Der var ingen ændringer" in client.submit(client.get(change), {}).text
    page = client.submit(client.get(f"{change}/fjern"), {})
    assert "20 30 40 60" not in page.main
    client.get(change, status=404)


def test_two_who_correct_the_same_contact_are_told(
    client: Browser, case: Case, browser: Any, world: World, make: Make, owner: Engine
) -> None:
    point = Sampler(make, owner).contact_point(case)
    address = url(case, f"/kontakt/{point.id}")
    mine = client.get(address)
    other = browser().sign_in(world.nord.leder)
    other.submit(other.get(address), {"value": "11 11 11 11"})
    page = client.submit(mine, {"value": "22 22 22 22"}, status=422)
    assert "11 11 11 11" in page.main
    assert "22 22 22 22" in client.submit(page, {}).main


def test_a_backward_period_is_refused(client: Browser, case: Case) -> None:
    typed = {"kind": "mail", "value": "a@b.example", "from_day": date(2026, 2, 2), "to_day": date(2026, 2, 1)}
    page = client.submit(client.get(url(case, "/kontakt/ny")), typed, status=422)
    assert "Den sidste dag ligger før den første." in page.errors


def test_a_number_is_given_to_somebody_without_one(client: Browser, make: Make, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    case = make.case(citizen=make.citizen("Yusuf Farah", born=BORN), unit=world.nord.unit)
    page = client.get(url(case))
    assert "Kendes ikke endnu" in page.main
    number = make.cpr(date(2010, 5, 18))
    form = client.get(page.links["Skriv CPR-nummer"])
    page = client.submit(form, {"cpr": number.formatted, "reasons": "Fra sundhedskortet"})
    assert number.formatted in page.main
    assert "Fødselsdatoen er nu den, der står i nummeret" in page.text
    assert "Fra sundhedskortet" in page.main


def test_a_number_changes_with_a_reason(client: Browser, case: Case, make: Make, owner: Engine) -> None:
    form = client.get(url(case, "/cpr"))
    page = client.submit(form, {"cpr": make.cpr(BORN).formatted}, status=422)
    assert page.errors == ["Vælg, hvorfor nummeret ændres.", "Skriv, hvor du ved nummeret fra."]
    page = client.submit(form, {"cpr": make.cpr(BORN).formatted, "kind": "rettet", "reasons": "Tastefejl"})
    assert "Nummeret var skrevet forkert" in page.main
    assert [event.case_id for event in events(owner, Event.CPR_CHANGED)] == [case.id]
    assert "Rettede CPR-nummeret" in client.get(f"/sager/{case.id}/historik").main


def test_a_number_of_somebody_in_sight_leads_to_merging(client: Browser, case: Case, make: Make, world: World) -> None:
    other = make.case(citizen=make.citizen("Bo Bech"), unit=world.nord.unit, closed=CLOSED).citizen
    typed = {"cpr": other.number.formatted, "kind": "rettet", "reasons": "Pas"} if other.number else {}
    page = client.submit(client.get(url(case, "/cpr")), typed, status=422)
    assert page.errors == [ANOTHER_HAS_IT]
    assert page.links["Sammenlign de to"] == url(case, f"/laeg-sammen/{other.id}")


def test_a_number_of_somebody_out_of_sight_is_refused_and_told_the_leader(
    client: Browser, case: Case, world: World, owner: Engine
) -> None:
    taken = world.cases["elsewhere"].citizen.number
    assert taken is not None
    typed = {"cpr": taken.formatted, "kind": "rettet", "reasons": "Pas"}
    page = client.submit(client.get(url(case, "/cpr")), typed, status=422)
    assert page.errors == [IN_USE]
    assert [event.details for event in events(owner, Event.CPR_ASKED)] == [{"taken": True}]


def test_two_are_compared_and_merged(client: Browser, case: Case, make: Make, world: World, owner: Engine) -> None:
    double = make.case(citizen=make.citizen("Aase Vindelev", born=BORN), unit=world.nord.unit, closed=CLOSED)
    page = client.get(url(case, "/laeg-sammen"))
    page = client.get(page.links["Sammenlign med Aase Vindelev"])
    assert [event.subject_id for event in events(owner, Event.CITIZEN_READ)][-2:] == [
        double.citizen_id,
        case.citizen_id,
    ]
    refused = client.submit(page, {}, status=422)
    assert len(refused.errors) == 3
    chosen = {"name": "bliver", "reasons": "Samme skole og mor", "same_person": True}

    page = client.submit(page, chosen)

    assert page.url == url(case)
    assert {case.number, double.number} <= {row[0] for row in page.rows()}
    assert "Samme skole og mor" in page.main
    assert client.get(url(double), status=302).location == url(case)
    assert client.get(url(case, f"/laeg-sammen/{double.citizen_id}"), status=302).location == url(case)
    assert "Lagde borgeren sammen med en anden" in client.get(f"/sager/{double.id}/historik").main


def test_the_other_is_also_found_by_a_search(client: Browser, case: Case, make: Make, world: World) -> None:
    other = make.case(citizen=make.citizen("Bo Bech", born=BORN), unit=world.nord.unit, closed=CLOSED)
    address = url(case, "/laeg-sammen")
    assert "Ingen borger, du kan se, ligner" in client.get(address).main
    page = search(client, "bo bech", address)
    assert page.links["Sammenlign med Bo Bech"] == f"{address}/{other.citizen_id}"
    assert "Ingen anden borger passer" in search(client, "vindelev", address).main
    client.submit(client.get(address), {"words": ""}, form="Søg", status=422)


def test_two_open_cases_are_said_before_anything_is_typed(
    client: Browser, case: Case, make: Make, world: World
) -> None:
    other = make.case(unit=world.nord.unit)
    page = client.get(url(case, f"/laeg-sammen/{other.citizen_id}"))
    assert BOTH_OPEN in page.main
    assert not page.all("main//form")


def test_a_case_out_of_sight_refuses_without_telling_which(
    client: Browser, case: Case, make: Make, world: World, owner: Engine
) -> None:
    other = make.case(citizen=make.citizen("Bo Bech", born=BORN), unit=world.nord.unit, closed=CLOSED)
    hidden = make.case(citizen=other.citizen, unit=world.syd.unit, closed=CLOSED)
    page = client.get(url(case, f"/laeg-sammen/{other.citizen_id}"))
    before = contents(owner, but=TRACES)
    chosen = {"name": "bliver", "reasons": "Samme", "same_person": True}
    page = client.submit(page, chosen, status=422)
    assert page.errors == [HIDDEN]
    assert hidden.number not in page.html
    assert contents(owner, but=TRACES) == before


def test_an_open_case_out_of_sight_is_not_told_apart(
    client: Browser, case: Case, make: Make, world: World, owner: Engine
) -> None:
    other = make.case(citizen=make.citizen("Bo Bech", born=BORN), unit=world.nord.unit, closed=CLOSED)
    make.case(citizen=other.citizen, unit=world.nord.unit, restricted=True)
    page = client.get(url(case, f"/laeg-sammen/{other.citizen_id}"))
    assert BOTH_OPEN not in page.main
    page = client.submit(page, {"name": "bliver", "reasons": "Samme", "same_person": True}, status=422)
    assert page.errors == [HIDDEN]
    for word in ("se alle", "åben sag", "kan ikke se"):
        assert word not in HIDDEN


def test_what_was_compared_must_still_hold(client: Browser, case: Case, make: Make, world: World, browser: Any) -> None:
    other = make.case(citizen=make.citizen("Bo Bech", born=BORN), unit=world.nord.unit, closed=CLOSED)
    page = client.get(url(case, f"/laeg-sammen/{other.citizen_id}"))
    leader = browser().sign_in(world.nord.leder)
    leader.submit(leader.get(f"/sager/{other.id}/borger"), {"name": "Bo Bech Lund", "birth_date": date(2010, 5, 19)})
    chosen = {"name": "bliver", "reasons": "Samme", "same_person": True}
    refused = client.submit(page, chosen, status=422)
    assert refused.errors == [ChangedMeanwhileError().message]
    assert "Bo Bech Lund" in refused.main
    client.submit(refused, {})


def test_nobody_is_merged_with_himself(client: Browser, case: Case) -> None:
    client.get(url(case, f"/laeg-sammen/{case.citizen_id}"), status=404)
