"""Units, bydele and schools through the pages of the administration."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from tests.access.people import at_once, events, rows
from tests.browser import Browser
from tests.conftest import ActAs
from tests.factories import Make

KINDS = {
    "enheder": ("units", "Opret enhed", "Luk enheden", "Åbn enheden igen", "unit"),
    "bydele": ("bydele", "Opret bydel", "Luk bydelen", "Åbn bydelen igen", "place"),
    "skoler": ("schools", "Opret skole", "Luk skolen", "Åbn skolen igen", "place"),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def made(make: Make, kind: str, name: str = "Vester") -> Any:
    makers: dict[str, Callable[[str], Any]] = {"enheder": make.unit, "bydele": make.bydel, "skoler": make.school}
    return makers[kind](name)


def address(kind: str, thing: Any = None) -> str:
    return f"/administration/{kind}" + (f"/{thing.id}" if thing else "")


def stored(owner: Engine, kind: str) -> dict[str, bool]:
    found = rows(owner, f"SELECT name, active FROM {KINDS[kind][0]} WHERE name <> 'Ledelsen'")
    return {row.name: row.active for row in found}


def new(make: Make, kind: str, name: str) -> dict[str, Any]:
    return {"name": name} | ({"bydel": make.bydel().id} if kind == "skoler" else {})


def test_is_added_and_listed_in_danish_order(
    client: Browser, make: Make, admin: User, owner: Engine, *, kind: str
) -> None:
    client.sign_in(admin)
    for name in ("Øster", "Aaby", "Vester"):
        client.submit(client.get(address(kind)), new(make, kind, name), form=KINDS[kind][1])

    names = [row[0] for row in client.get(address(kind)).rows() if row[0] in {"Øster", "Aaby", "Vester"}]
    assert names == ["Vester", "Øster", "Aaby"]
    assert len(events(owner, f"{KINDS[kind][4]}.added")) == 3


def test_is_renamed(client: Browser, make: Make, admin: User, owner: Engine, *, kind: str) -> None:
    thing = made(make, kind)
    client.sign_in(admin)

    page = client.submit(client.get(address(kind, thing)), {"name": "Nørre"}, form="Gem ændringer")

    assert "Ændringerne er gemt." in page.main
    assert "Nørre" in stored(owner, kind)
    assert len(events(owner, f"{KINDS[kind][4]}.changed")) == 1


def test_saving_nothing_new_records_nothing(
    client: Browser, make: Make, admin: User, owner: Engine, *, kind: str
) -> None:
    thing = made(make, kind)
    client.sign_in(admin)

    client.submit(client.get(address(kind, thing)), form="Gem ændringer")

    assert not events(owner, f"{KINDS[kind][4]}.changed")


def test_is_closed_and_opened(client: Browser, make: Make, admin: User, owner: Engine, *, kind: str) -> None:
    thing = made(make, kind)
    client.sign_in(admin)

    client.submit(client.get(address(kind, thing)), form=KINDS[kind][2])
    assert stored(owner, kind)["Vester"] is False

    client.submit(client.get(address(kind, thing)), form=KINDS[kind][3])
    assert stored(owner, kind)["Vester"] is True
    client.post(f"{address(kind, thing)}/aabn")
    assert len(events(owner, f"{KINDS[kind][4]}.changed")) == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Skriv "),
        ("   ", "Skriv "),
        ("x" * 101, "Der er plads til 100 tegn"),
        ("Ves\x00ter", "kan ikke gemmes"),
        ("Optaget", "der hedder Optaget."),
    ],
)
def test_bad_name(
    client: Browser, make: Make, admin: User, owner: Engine, *, kind: str, name: str, message: str
) -> None:
    made(make, kind, "Optaget")
    thing = made(make, kind)
    client.sign_in(admin)
    before = stored(owner, kind)

    data = new(make, kind, name)
    adding = client.submit(client.get(address(kind)), data, form=KINDS[kind][1], status=422)
    renaming = client.submit(client.get(address(kind, thing)), {"name": name}, form="Gem ændringer", status=422)

    assert message in adding.errors[0]
    assert message in renaming.errors[0]
    before |= {name: active for name, active in stored(owner, kind).items() if name.startswith("Bydel ")}
    assert stored(owner, kind) == before


def test_lone_surrogates_are_refused(client: Browser, admin: User, *, kind: str) -> None:
    client.sign_in(admin)
    raw = f"csrf_token={client.csrf_token()}&name=%ED%A0%80"

    answer = client.client.post(address(kind), data=raw, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422


def test_double_click_adds_once(client: Browser, make: Make, admin: User, owner: Engine, *, kind: str) -> None:
    client.sign_in(admin)
    data = new(make, kind, "Vester")
    page = client.get(address(kind))
    client.submit(page, data, form=KINDS[kind][1])

    again = client.submit(page, data, form=KINDS[kind][1])

    assert "Det var allerede gemt." in again.main


def test_second_of_two_administrators_is_told(
    client: Browser, make: Make, admin: User, owner: Engine, *, kind: str
) -> None:
    thing = made(make, kind)
    client.sign_in(admin)
    first, second = client.get(address(kind, thing)), client.get(address(kind, thing))
    client.submit(first, {"name": "Nørre"}, form="Gem ændringer")

    page = client.submit(second, {"name": "Sønder"}, form="Gem ændringer", status=422)

    assert "Nogen har ændret det samme imens." in page.errors[0]
    assert "Sønder" not in stored(owner, kind)


def test_same_name_at_the_same_moment(app: Flask, make: Make, admin: User, owner: Engine, *, kind: str) -> None:
    browsers = [Browser(app, owner).sign_in(admin) for _ in range(4)]
    tokens = [browser.get(address(kind)).one("input[@name='submission']").get("value") for browser in browsers]
    data = new(make, kind, "Vester")

    def send(number: int) -> int:
        form = data | {"submission": tokens[number], "csrf_token": browsers[number].csrf_token()}
        return browsers[number].client.post(address(kind), data=form).status_code

    assert sorted(at_once(4, send)) == [302, 422, 422, 422]


def test_unknown_one(client: Browser, admin: User, *, kind: str) -> None:
    client.sign_in(admin)

    client.get(f"{address(kind)}/99999", status=404)
    client.post(f"{address(kind)}/99999/luk", status=404)


def test_unit_with_people_or_cases_stays_open(client: Browser, make: Make, admin: User, owner: Engine) -> None:
    unit = make.unit("Vester")
    worker = make.user(Role.KOORDINATOR, unit)
    make.case(owner=worker)
    make.user(Role.MENTOR, unit, active=False)
    client.sign_in(admin)

    page = client.post(f"{address('enheder', unit)}/luk", status=422)

    assert page.errors == ["Enheden har 1 åben bruger og 1 åben sag og kan ikke lukkes endnu."]
    assert stored(owner, "enheder")["Vester"] is True


def test_unit_without_people_but_with_cases_stays_open(client: Browser, make: Make, admin: User, owner: Engine) -> None:
    unit = make.unit("Vester")
    for _ in range(2):
        make.case(3, unit=unit)
    with owner.begin() as connection:
        gone = text("UPDATE users SET active = false, disabled_at = created_at WHERE unit_id = :unit")
        connection.execute(gone, {"unit": unit.id})
    client.sign_in(admin)

    page = client.post(f"{address('enheder', unit)}/luk", status=422)

    assert page.errors == ["Enheden har 2 åbne sager og kan ikke lukkes endnu."]


def test_closed_unit_is_not_offered(client: Browser, make: Make, admin: User, owner: Engine) -> None:
    unit = make.unit("Vester")
    client.sign_in(admin)
    client.post(f"{address('enheder', unit)}/luk")

    assert "Vester" not in client.get("/administration/brugere/ny").texts("option")


def test_closed_user_keeps_a_closed_unit(client: Browser, make: Make, admin: User, owner: Engine) -> None:
    unit = make.unit("Vester")
    gone = make.user(Role.MENTOR, unit, active=False)
    client.sign_in(admin)
    client.post(f"{address('enheder', unit)}/luk")

    page = client.get(f"/administration/brugere/{gone.id}")
    client.submit(page, {"name": "Anna Ås"}, form="Gem ændringer")

    assert rows(owner, "SELECT unit_id FROM users WHERE name = 'Anna Ås'")[0].unit_id == unit.id


def test_user_of_a_closed_unit_is_not_opened(client: Browser, make: Make, admin: User) -> None:
    unit = make.unit("Vester")
    gone = make.user(Role.MENTOR, unit, active=False)
    client.sign_in(admin)
    client.post(f"{address('enheder', unit)}/luk")

    page = client.post(f"/administration/brugere/{gone.id}/aabn", status=422)

    assert page.errors == ["Brugerens enhed er lukket. Vælg først en anden enhed."]


def test_bydel_with_schools_stays_open(client: Browser, make: Make, admin: User) -> None:
    bydel = make.bydel("Vester")
    make.school(bydel=bydel)
    make.school(bydel=bydel, active=False)
    client.sign_in(admin)

    page = client.post(f"{address('bydele', bydel)}/luk", status=422)

    assert page.errors == ["Bydelen har 1 skole. Flyt eller luk dem først."]


def test_school_moves_to_a_bydel_in_use(client: Browser, make: Make, admin: User, owner: Engine) -> None:
    school = make.school("Vester Skole")
    open_one, closed = make.bydel("Øster"), make.bydel("Lund", active=False)
    client.sign_in(admin)

    page = client.get(address("skoler", school))
    client.submit(page, {"bydel": open_one.id}, form="Gem ændringer")

    assert "Lund" not in page.texts("option")
    assert rows(owner, "SELECT bydel_id FROM schools")[0].bydel_id == open_one.id
    version = client.get(address("skoler", school)).one("input[@name='version']").get("value")
    data = {"name": "Vester Skole", "bydel": closed.id, "version": version}
    client.post(address("skoler", school), data, status=422)


def test_school_of_a_closed_bydel_is_not_opened(client: Browser, make: Make, admin: User) -> None:
    school = make.school(bydel=make.bydel("Lund", active=False), active=False)
    client.sign_in(admin)

    page = client.post(f"{address('skoler', school)}/aabn", status=422)

    assert page.errors == ["Bydelen Lund er lukket. Vælg en anden, eller åbn den igen."]


@pytest.mark.parametrize("table", ["units", "bydele", "schools"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_database_lets_nobody_else_change_a_place(
    make: Make, db_session: scoped_session[Session], acting_as: ActAs, *, role: Role, table: str
) -> None:
    make.school()
    acting_as(make.user(role))

    assert not db_session.execute(text(f"UPDATE {table} SET name = 'x' RETURNING id")).all()
