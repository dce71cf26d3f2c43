"""The pages of groups: opening, members over time, notes, and acting on all as one."""

from datetime import date
from typing import TypeVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, Event
from app.cases.groups.models import Group, GroupMember
from app.cases.journal.models import JournalNote
from app.cases.models import Case, CaseStatus
from app.cases.network.models import RelatedPerson
from app.core.model import Base
from tests.browser import Browser
from tests.cases.pages import statements
from tests.factories import Make
from tests.page import Page
from tests.samples import Sampler
from tests.world import World

RowT = TypeVar("RowT", bound=Base)
SQUARE = {"title": "Torvet", "concern": "Samles hver aften og er utryghedsskabende"}
REFERRAL = {
    "referrer": "skole",
    "themes": ["utryghed"],
    "legal_basis": "rpl_115_ssp",
    "consent": "ikke_spurgt",
}


@pytest.fixture
def client(client: Browser, world: World) -> Browser:
    return client.sign_in(world.nord.koordinator)


@pytest.fixture
def group(client: Browser) -> Page:
    return client.submit(client.get("/grupper/ny"), SQUARE)


def stored(owner: Engine, model: type[RowT]) -> list[RowT]:
    with Session(owner, expire_on_commit=False) as session:
        return list(session.scalars(select(model).order_by(model.id)))  # type: ignore[attr-defined]


def add(client: Browser, group: Page, existing: int | None = None, **known: object) -> Page:
    """A member without a case, or the citizen who is offered and chosen."""
    page = client.get(f"{group.url}/medlemmer/ny")
    if existing is None:
        return client.submit(page, known)
    return client.submit(client.submit(page, known, status=422), {"existing": str(existing)})


def test_the_list_says_what_to_do_next(client: Browser) -> None:
    assert "Her er ingen grupper endnu" in client.get("/grupper").main


def test_a_group_is_opened_and_listed(client: Browser, group: Page, owner: Engine) -> None:
    assert "Torvet" in group.main
    assert group.title == "Gruppe – Enkeltsag"
    assert [row[:3] for row in client.get("/grupper").rows()] == [["Torvet", "Aktiv", "0"]]


def test_members_over_time(client: Browser, group: Page, world: World, make: Make) -> None:
    case = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    add(client, group, name="Bilal Sahin", from_day=date(2025, 3, 1), existing=case.citizen_id)
    page = add(client, group, name="Storebror Uden Sag", birth_date=date(2004, 1, 1), role_note="Samler de yngre")

    assert [row[0] for row in page.rows()] == ["Bilal Sahin", "Storebror Uden Sag"]
    assert page.links[case.number] == f"/sager/{case.id}"
    assert "Samler de yngre" in page.main
    assert {"Bilal Sahin", "Storebror Uden Sag"} <= set(page.texts("{http://www.w3.org/2000/svg}text"))

    ended = client.submit(client.get(page.links["Ret Bilal Sahin"]), {"to_day": date(2025, 6, 1)})

    assert "Tidligere medlemmer" in ended.main
    assert client.get("/grupper").rows()[0][2] == "1"


def test_nobody_is_a_member_twice_in_the_same_days(client: Browser, group: Page, world: World, make: Make) -> None:
    case = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    add(client, group, name="Bilal Sahin", from_day=date(2025, 3, 1), existing=case.citizen_id)
    page = client.submit(client.get(f"{group.url}/medlemmer/ny"), {"name": "Bilal Sahin"}, status=422)

    assert client.submit(page, {"existing": str(case.citizen_id)}, status=422).errors == [
        "Bilal Sahin er allerede medlem i den periode."
    ]


def test_a_mistaken_member_goes_and_is_forgotten(client: Browser, group: Page, owner: Engine) -> None:
    page = add(client, group, name="Forkert Person")
    page = client.get(page.links["Ret Forkert Person"])

    shown = client.submit(client.get(page.links["Registreret ved en fejl? Fjern medlemmet"]))

    assert "Forkert Person" not in shown.main


def test_two_who_correct_the_same_member_are_told(client: Browser, group: Page) -> None:
    page = add(client, group, name="Storebror")
    first, second = (client.get(page.links["Ret Storebror"]) for _ in range(2))
    client.submit(first, {"phone": "11 11 11 11"})

    refused = client.submit(second, {"phone": "22 22 22 22"}, status=422)

    assert ["Telefon", "11 11 11 11", "22 22 22 22"] in refused.rows()
    client.submit(refused, {})


def test_two_who_change_the_same_group_are_told(client: Browser, group: Page) -> None:
    first, second = (client.get(f"{group.url}/rediger") for _ in range(2))
    client.submit(first, {"title": "Stationen"}, form="Gem")

    refused = client.submit(second, {"title": "Skaterbanen"}, form="Gem", status=422)

    assert ["Gruppens navn", "Stationen", "Skaterbanen"] in refused.rows()
    assert "Skaterbanen" in client.submit(refused, {}, form="Gem").main


def test_notes_stand_newest_first(client: Browser, group: Page) -> None:
    for day, text in ((date(2026, 1, 1), "Drøftet på møde"), (date(2026, 2, 1), "Ny aftale")):
        client.submit(client.get(f"{group.url}/notater/ny"), {"on_day": day, "text": text})

    page = client.get(group.url)
    assert page.main.index("Ny aftale") < page.main.index("Drøftet på møde")
    ahead = client.submit(client.get(f"{group.url}/notater/ny"), {"on_day": date(2099, 1, 1), "text": "x"}, status=422)
    assert ahead.errors


def test_a_group_is_closed_and_opened_again(client: Browser, group: Page) -> None:
    closed = client.submit(client.get(f"{group.url}/rediger"), form="Afslut gruppen")
    assert "Afsluttet" in closed.main
    assert "Tilføj medlem" not in closed.links
    assert client.submit(client.get(f"{group.url}/medlemmer/ny"), {"name": "Ny"}, status=422).errors == [
        "Gruppen er afsluttet. Genåbn den først."
    ]
    assert "Gruppen er allerede afsluttet." in client.follow(client.post(f"{group.url}/luk")).text

    opened = client.submit(client.get(f"{group.url}/rediger"), form="Genåbn gruppen")

    assert "Tilføj medlem" in opened.links
    assert "Gruppen er allerede aktiv." in client.follow(client.post(f"{group.url}/genaabn")).text


def test_one_note_in_each_members_own_case(
    client: Browser, group: Page, world: World, make: Make, owner: Engine
) -> None:
    cases = [make.case(unit=world.nord.unit, citizen=make.citizen(name)) for name in ("Bilal Sahin", "Bo Holm")]
    closed = make.case(unit=world.nord.unit, citizen=make.citizen("Ole Lukket"), closed=date(2026, 2, 1))
    for case in (*cases, closed):
        add(client, group, name=case.citizen.name, existing=case.citizen_id)
    page = client.get(f"{group.url}/journal")
    everybody = [member.id for member in stored(owner, GroupMember)]

    told = client.submit(page, {"text": "Talt med alle på torvet", "members": everybody}, status=200)

    assert [row[:2] for row in told.rows()] == [
        ["Bilal Sahin", "Notatet er skrevet i sagen."],
        ["Bo Holm", "Notatet er skrevet i sagen."],
        ["Ole Lukket", "Har ingen åben sag, du kan skrive i. Intet er skrevet."],
    ]
    notes = stored(owner, JournalNote)
    assert [(note.case_id, note.text) for note in notes] == [(case.id, "Talt med alle på torvet") for case in cases]


def test_sending_it_twice_writes_once(client: Browser, group: Page, world: World, make: Make, owner: Engine) -> None:
    case = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    add(client, group, name="Bilal Sahin", existing=case.citizen_id)
    page = client.get(f"{group.url}/journal")
    client.submit(page, {"text": "Talt med alle"}, status=200)

    again = client.submit(page, {"text": "Talt med alle"})

    assert again.url == group.url
    assert len(stored(owner, JournalNote)) == 1


def test_somebody_must_be_chosen(client: Browser, group: Page, world: World, make: Make) -> None:
    case = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    assert "Ingen af medlemmerne har en åben sag" in client.get(f"{group.url}/journal").main
    add(client, group, name="Bilal Sahin", existing=case.citizen_id)

    refused = client.submit(client.get(f"{group.url}/journal"), {"text": "x", "members": []}, status=422)

    assert refused.errors == ["Vælg mindst ét medlem."]


def test_a_referral_on_each_who_has_no_open_case(
    client: Browser, group: Page, world: World, make: Make, owner: Engine
) -> None:
    known = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    closed = make.case(unit=world.nord.unit, citizen=make.citizen("Ole Lukket"), closed=date(2026, 2, 1))
    number = make.cpr(date(2009, 5, 5))
    add(client, group, name="Bilal Sahin", existing=known.citizen_id)
    add(client, group, name="Ole Lukket", existing=closed.citizen_id)
    add(client, group, name="Med Nummer", cpr=number.digits)
    add(client, group, name="Med Fødselsdag", birth_date=date(2008, 8, 8))
    add(client, group, name="Kun Navn")
    everybody = [member.id for member in stored(owner, GroupMember)]

    told = client.submit(client.get(f"{group.url}/henvendelser"), REFERRAL | {"members": everybody}, status=200)

    assert [row[:2] for row in told.rows()] == [
        ["Bilal Sahin", f"Har allerede en åben sag, {known.number}. Intet er oprettet."],
        ["Ole Lukket", "Henvendelsen er oprettet."],
        ["Med Nummer", "Henvendelsen er oprettet."],
        ["Med Fødselsdag", "Henvendelsen er oprettet."],
        ["Kun Navn", "Hverken CPR-nummer eller fødselsdato er kendt. Skriv en af dem på medlemmet først."],
    ]
    waiting = [case for case in stored(owner, Case) if case.status is CaseStatus.HENVENDELSE]
    assert len(waiting) == 3
    assert [member.person_id is None for member in stored(owner, GroupMember)] == [True, True, True, True, False]
    page = client.get(group.url)
    assert [row[1].split()[-1] for row in page.rows()[1:4]] == ["henvendelse"] * 3


def test_a_number_in_use_out_of_sight_is_refused_for_that_member_alone(
    client: Browser, group: Page, world: World, make: Make, owner: Engine
) -> None:
    number = make.cpr()
    make.case(unit=world.syd.unit, citizen=make.citizen("Skjult Borger", cpr=number))
    add(client, group, name="Nogen Andre", cpr=number.digits)
    add(client, group, name="Fri Person", cpr=make.cpr().digits)

    told = client.submit(client.get(f"{group.url}/henvendelser"), REFERRAL, status=200)

    assert "i brug i en sag, du ikke kan se" in told.rows()[0][1]
    assert told.rows()[1][1] == "Henvendelsen er oprettet."


def test_reading_is_recorded_and_names_no_group_in_the_case(
    client: Browser, group: Page, world: World, make: Make, owner: Engine
) -> None:
    case = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    add(client, group, name="Bilal Sahin", existing=case.citizen_id)
    client.get(group.url)

    with Session(owner) as session:
        read = session.scalar(select(func.count()).where(AuditEvent.event == Event.GROUP_READ))
        about_case = set(session.scalars(select(AuditEvent.event).where(AuditEvent.case_id == case.id)))
    assert read
    assert about_case == set()
    history = client.get(f"/sager/{case.id}/historik").main
    assert "Torvet" not in history
    assert "gruppe" not in history.lower()
    assert stored(owner, Group)
    assert stored(owner, RelatedPerson) == []


def test_pages_need_few_statements_however_many_members(
    client: Browser, group: Page, world: World, make: Make, owner: Engine
) -> None:
    sampler, number = Sampler(make, owner), int(group.url.rsplit("/", 1)[1])
    pages = ("/grupper", group.url, f"{group.url}/journal", f"{group.url}/henvendelser")
    counts = []
    for _ in range(2):
        for _ in range(3):
            case = make.case(unit=world.nord.unit)
            sampler.member(number, world.nord.leder, citizen_id=case.citizen_id)
            sampler.member(number, world.nord.leder)
        for page in pages:
            with statements() as sent:
                client.get(page)
            counts.append(len(sent))

    assert counts[: len(pages)] == counts[len(pages) :]
    assert max(counts) <= 15
