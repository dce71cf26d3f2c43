"""The døgnrapport: several names in one go, nothing lost."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.intake.day_report import Line, read_lines
from app.cases.intake.report_rows import MOST_ROWS
from app.cases.models import Case, CaseStatus, CaseTheme
from app.people.models import Citizen
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, stored
from tests.conftest import Freeze
from tests.factories import Make
from tests.page import Page
from tests.world import World

ADDRESS = "/henvendelser/doegnrapport"
LINES = [
    ("Omar Bech 170510-4321 Butikstyveri i Føtex", Line("Omar Bech", "170510-4321", "Butikstyveri i Føtex")),
    ("Omar Bech, 1705104321: butikstyveri", Line("Omar Bech", "1705104321", "butikstyveri")),
    ("Omar Bech;170510-4321;Tyveri; kl. 23", Line("Omar Bech", "170510-4321", "Tyveri; kl. 23")),
    ("170510 4321\tOmar Bech\tTyveri", Line("Omar Bech", "170510 4321", "Tyveri")),
    ("Omar Bech;;Tyveri", Line("Omar Bech", "", "Tyveri")),
    ("Omar Bech født 17-05-2010, tyveri", Line("", "", "Omar Bech født 17-05-2010, tyveri")),
    ("170510-4321", Line("", "170510-4321", "")),
]


@pytest.mark.parametrize(("text", "line"), LINES)
def test_a_line_is_told_apart(text: str, line: Line) -> None:
    assert read_lines(f"\n  {text}  \n\n") == [line]


@given(st.text(max_size=200))
def test_no_letter_of_a_line_is_lost(text: str) -> None:
    for written, line in zip([each for each in text.splitlines() if each.strip()], read_lines(text), strict=True):
        kept = "".join(c for c in line.name + line.cpr + line.happened if c.isalnum())
        assert sorted(kept) == sorted(c for c in written if c.isalnum())


@pytest.fixture
def town(frozen: Freeze, make: Make) -> World:
    frozen(MORNING)
    return World.made(make, TODAY)


def row(number: int, name: str, cpr: str, happened: str = "Tyveri", **known: Any) -> dict[str, Any]:
    """One row, filled in."""
    values = {"name": name, "cpr": cpr, "happened": happened, "theme": "kriminalitet"} | known
    return {f"r{number}-{field}": value for field, value in values.items()}


def send(client: Browser, *rows: dict[str, Any], status: int | None = None, **common: Any) -> Page:
    """Fill in the report and send it."""
    page = client.get(ADDRESS)
    values: dict[str, Any] = {"act": "opret"}
    for each in rows:
        values |= each
    return client.post(ADDRESS, _posted(page) | values | common, status=status or 302)


def _posted(page: Page) -> dict[str, Any]:
    """What the form holds before anything is typed."""
    fields = {each.get("name") or "": each.get("value") for each in page.all("main//input[@type='hidden']")}
    common = {"referrer": "politi", "legal_basis": "rpl_115_ssp", "consent": "ikke_noedvendigt"}
    return {**fields, "received_on": TODAY.isoformat(), **common}


def referrals(owner: Engine) -> list[Any]:
    with owner.connect() as connection:
        statement = select(Case.__table__).where(Case.__table__.c.status == CaseStatus.HENVENDELSE)
        return list(connection.execute(statement.order_by(Case.__table__.c.id)))


def test_each_person_becomes_a_referral(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    page = client.follow(
        send(
            client,
            row(0, "Omar Bech", "170510-4321", theme="rusmidler"),
            row(3, "Sara Holm", "120511-4320", "Slog en jævnaldrende", theme="vold"),
            contact="Vagtchefen, Vestegnens Politi",
            received_on=(TODAY - timedelta(days=1)).isoformat(),
        )
    )

    assert "2 henvendelser er oprettet." in page.html
    cases = referrals(owner)
    assert [(case.legal_basis, case.consent, case.received_on) for case in cases] == [
        (LegalBasis.SSP, Consent.NOT_NEEDED, TODAY - timedelta(days=1))
    ] * 2
    with owner.connect() as connection:
        assert list(connection.scalars(select(CaseTheme.theme).order_by(CaseTheme.case_id))) == [
            Theme.DRUGS,
            Theme.VIOLENCE,
        ]
        sexes = connection.scalars(
            select(Citizen.sex).where(Citizen.id.in_([case.citizen_id for case in cases])).order_by(Citizen.id)
        )
        assert [sex.value for sex in sexes] == ["mand", "kvinde"]


def test_a_known_citizen_without_an_open_case_is_used(client: Browser, town: World, make: Make, owner: Engine) -> None:
    citizen = make.citizen("Omar Bech")
    make.case(citizen=citizen, unit=town.nord.unit, closed=TODAY - timedelta(days=90))
    client.sign_in(town.nord.koordinator)
    send(client, row(0, "Omar Bech", citizen.cpr or ""))

    assert [case.citizen_id for case in referrals(owner)] == [citizen.id]


BAD: list[tuple[list[dict[str, Any]], str]] = [
    ([row(0, "Omar Bech", "")], "Række 1: Skriv CPR-nummeret"),
    ([row(1, "", "170510-4321")], "Række 2: Skriv navnet."),
    ([row(0, "Omar Bech", "170510-4321", "")], "Række 1: Skriv, hvad der er sket."),
    ([row(0, "Omar Bech", "310210-4321")], "Række 1: "),
    ([row(0, "Omar Bech", "170510-4321"), row(1, "Omar Bech", "1705104321")], "Række 2: Personen står to gange"),
    ([row(0, "x" * 200, "170510-4321")], "Række 1: Der er plads til 150 tegn"),
    ([row(0, "Omar\x00", "170510-4321")], "kan ikke gemmes"),
    ([row(0, "Omar Bech", "170510-4321", theme="x")], "Vælg en af mulighederne."),
    ([], "Skriv mindst én person."),
    ([row(0, "Omar Bech", "170510-4321", passed_over="y")], "Skriv mindst én person."),
]


@pytest.mark.parametrize(("rows", "message"), BAD, ids=lambda value: str(value)[:50])
def test_a_fault_in_one_row_keeps_them_all(
    client: Browser, town: World, owner: Engine, rows: list[dict[str, Any]], message: str
) -> None:
    client.sign_in(town.nord.koordinator)
    before = stored(owner)
    good = row(4, "Sara Holm", "120511-4320", "Slog en jævnaldrende") if rows and "y" not in str(rows) else {}
    page = send(client, *rows, good, status=422)

    assert any(message in error for error in page.errors), page.errors
    assert stored(owner) == before
    assert "Slog en jævnaldrende" in page.html or not good


def test_whoever_has_an_open_case_stands_in_the_way_until_passed_over(
    client: Browser, town: World, owner: Engine
) -> None:
    case = town.cases["unit"]
    client.sign_in(town.nord.koordinator)
    known = row(0, case.citizen.name, case.citizen.cpr or "")
    other = row(1, "Sara Holm", "120511-4320")
    page = send(client, known, other, status=422)
    assert page.errors == [f"Række 1: Har allerede en åben sag, {case.number}. Skriv det dér, og spring rækken over."]

    send(client, known | {"r0-passed_over": "y"}, other)
    assert len(referrals(owner)) == 1


def test_a_number_that_belongs_to_another_name_is_asked_about(client: Browser, town: World, make: Make) -> None:
    citizen = make.citizen("Ditte Lund")
    make.case(citizen=citizen, unit=town.nord.unit, closed=TODAY)
    page = send(client.sign_in(town.nord.koordinator), row(0, "Omar Bech", citizen.cpr or ""), status=422)

    assert page.errors == ["Række 1: CPR-nummeret hører til Ditte Lund. Ret navnet eller nummeret."]


def test_somebody_out_of_sight_is_told_of_as_little_as_elsewhere(client: Browser, town: World) -> None:
    hidden = town.cases["elsewhere"].citizen
    page = send(client.sign_in(town.nord.koordinator), row(0, hidden.name, hidden.cpr or ""), status=422)

    assert "i brug i en sag, du ikke kan se" in page.errors[0]
    assert town.cases["elsewhere"].number not in page.html


def test_pasted_lines_become_rows_to_look_through(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    before = stored(owner)
    pasted = "Omar Bech 170510-4321 Tyveri\nSara Holm;120511-4320;Vold"
    page = send(client, row(2, "Ali Farah", "", "Skrevet i hånden"), pasted=pasted, act="laes", status=200)

    assert stored(owner) == before
    names = [each.get("value") for each in page.all("main//input") if (each.get("name") or "").endswith("-name")]
    assert names[:3] == ["Ali Farah", "Omar Bech", "Sara Holm"]
    assert "Skrevet i hånden" in page.html
    assert "2 linjer er læst ind" in page.html


def test_lines_that_were_forgotten_are_read_before_anything_is_made(
    client: Browser, town: World, owner: Engine
) -> None:
    client.sign_in(town.nord.koordinator)
    before = stored(owner)
    page = send(client, row(0, "Sara Holm", "120511-4320"), pasted="Omar Bech 170510-4321 Tyveri", status=200)

    assert stored(owner) == before
    assert "Se rækkerne igennem" in page.html


def test_more_lines_than_there_is_room_for_stay_where_they_were(client: Browser, town: World) -> None:
    pasted = "\n".join(f"Person Nummer{number}; ; Tyveri {number}" for number in range(MOST_ROWS + 3))
    page = send(client.sign_in(town.nord.koordinator), pasted=pasted, act="laes", status=200)

    left = page.one("main//textarea[@name='pasted']").text or ""
    assert left.split() == [word for each in pasted.splitlines()[MOST_ROWS:] for word in each.split()]
    assert "Resten står stadig i feltet" in page.html


def test_more_rows_keep_what_was_typed(client: Browser, town: World) -> None:
    page = send(client.sign_in(town.nord.koordinator), row(1, "Omar", "1705", "Halvt skrevet"), act="flere", status=200)

    assert page.one("main//input[@name='rows']").get("value") == "10"
    assert page.one("main//input[@name='r1-cpr']").get("value") == "1705"
    assert "Halvt skrevet" in page.html


def test_a_second_click_makes_no_second_set(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    page = client.get(ADDRESS)
    values = _posted(page) | row(0, "Omar Bech", "170510-4321") | {"act": "opret"}
    first = client.post(ADDRESS, values)
    second = client.post(ADDRESS, values, status=None)

    assert second.status in {302, 422}
    assert first.location == "/henvendelser"
    assert len(referrals(owner)) == 1


@pytest.mark.parametrize("rows", ["", "x", "-1", "999999999", "0", "²"])
def test_a_number_of_rows_that_cannot_be(client: Browser, town: World, rows: str) -> None:
    page = send(client.sign_in(town.nord.koordinator), rows=rows, status=422)

    assert 1 <= int(page.one("main//input[@name='rows']").get("value") or 0) <= MOST_ROWS


def test_forty_people_need_few_questions_before_they_are_made(client: Browser, town: World, owner: Engine) -> None:
    client.sign_in(town.nord.koordinator)
    many = [row(number, f"Person {number}", f"1705104{number:03}", "") for number in range(MOST_ROWS)]
    page = send(client, *many, rows=str(MOST_ROWS), status=422)

    assert len(page.errors) == MOST_ROWS
    with owner.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(CaseTheme)) == 0
