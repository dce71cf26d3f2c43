"""The case page: what it shows, to whom, and that it is recorded."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.access.models import Role
from app.audit.models import Event
from app.cases.models import AccessKind
from app.people.models import AddressProtection
from tests.browser import Browser
from tests.cases.pages import MORNING, cpr_of, events, running_deadline
from tests.conftest import Freeze
from tests.factories import Make
from tests.world import World

TABS = ("", "/frister", "/historik", "/rediger", "/borger", "/adgang", "/adgang/ny", "/ansvarlig")


def test_the_case_at_a_glance(client: Browser, frozen: Freeze, make: Make, owner: Engine) -> None:
    frozen(MORNING)
    by, mentor = make.user(Role.KOORDINATOR), make.user(Role.MENTOR)
    school = make.school("Lund Skole")
    citizen = make.citizen("Åse Aagaard", cpr=make.cpr(date(2010, 11, 20)), bydel=school.bydel, school=school)
    case = make.case(2, citizen=citizen, owner=by, mentors=[mentor], concern="<b>Slagsmål</b>\nved stationen")
    make.access(case, make.user(Role.MENTOR, name="Ehemalig Mentor"), AccessKind.MENTOR, to_day=date(2026, 1, 1))
    running_deadline(make, owner, case, date(2026, 11, 18))
    page = client.sign_in(by).get(f"/sager/{case.id}")
    for shown in (
        "Åse Aagaard",
        f"{cpr_of(citizen).formatted} (16 år)",
        "Lund Skole",
        school.bydel.name,
        "Niveau 2 · kriminalitet",
        "05-01-2026",
        "2 dage over fristen",
        "Indkaldelse til netværkssamråd",
        "<b>Slagsmål</b>",
        f"{by.name} · Ansvarlig",
        f"{mentor.name} · Mentor",
    ):
        assert shown in page.main, shown
    assert "Ehemalig" not in page.main
    assert page.title.startswith(f"Sag {case.number}")


@pytest.mark.parametrize(
    ("protection", "shown"),
    [
        (AddressProtection.YES, "beskyttelse Ja"),
        (AddressProtection.NO, "beskyttelse Nej"),
        (AddressProtection.UNKNOWN, "Ikke afklaret – behandles som beskyttet"),
    ],
)
def test_what_is_unknown_counts_as_protected(
    client: Browser, make: Make, protection: AddressProtection, shown: str
) -> None:
    by = make.user(Role.KOORDINATOR)
    case = make.case(1, citizen=make.citizen(address_protection=protection), owner=by)
    assert shown in client.sign_in(by).get(f"/sager/{case.id}").main


@pytest.mark.parametrize(
    "where",
    [(relation, tab) for tab in TABS for relation in ("elsewhere", "restricted", "barred")]
    + [("ended", ""), ("coming", "")],
    ids="".join,
)
def test_a_case_out_of_sight_is_as_one_that_does_not_exist(
    client: Browser, frozen: Freeze, world: World, owner: Engine, where: tuple[str, str]
) -> None:
    relation, tab = where
    frozen(MORNING)  # the token in the page tells the time
    client.sign_in(world.nord.koordinator)
    hidden = client.get(f"/sager/{world.case_id(relation)}{tab}", status=404)
    missing = client.get(f"/sager/{world.case_id('missing')}{tab}", status=404)
    assert hidden.html == missing.html
    [denied, _] = events(owner, Event.ACCESS_DENIED)
    assert (denied.case_id, denied.user_id) == (world.case_id(relation), world.nord.koordinator.id)
    assert events(owner, Event.CASE_READ) == []


@pytest.mark.parametrize(("tab", "status"), [(tab, 200 if tab in {"", "/frister"} else 403) for tab in TABS])
def test_a_mentor_reads_and_changes_nothing(client: Browser, world: World, tab: str, status: int) -> None:
    client.sign_in(world.nord.mentor)
    page = client.get(f"/sager/{world.case_id('mentor')}{tab}", status=status)
    if status == 200:
        assert "Historik" not in page.links
        assert not {"Ret sag", "Ret borger", "Ret adgang"} & set(page.links)


@pytest.mark.parametrize(
    ("relation", "basis"), [("unit", "unit"), ("owner", "owner"), ("restricted_named", "member"), ("mentor", "mentor")]
)
def test_each_reading_is_recorded_with_its_ground(
    client: Browser, world: World, owner: Engine, relation: str, basis: str
) -> None:
    case_id = world.case_id(relation)
    client.sign_in(world.nord.koordinator).get(f"/sager/{case_id}/frister")
    [read] = events(owner, Event.CASE_READ)
    assert (read.case_id, read.user_id, read.basis, read.details) == (
        case_id,
        world.nord.koordinator.id,
        basis,
        {"tab": "frister"},
    )


def test_a_page_whose_reading_cannot_be_recorded_is_not_shown(
    client: Browser, world: World, owner: Engine, app: Flask
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("ALTER TABLE audit_events ADD CONSTRAINT no_room CHECK (event <> 'case.read') NOT VALID")
        )
    app.testing = False
    try:
        page = client.sign_in(world.nord.koordinator).get(f"/sager/{world.case_id('unit')}", status=500)
    finally:
        app.testing = True
    assert world.cases["unit"].citizen.name not in page.html


def test_whoever_sees_two_open_cases_of_a_citizen_is_told(client: Browser, make: Make) -> None:
    leader = make.user(Role.LEDER)
    coordinator = make.user(Role.KOORDINATOR, leader.unit)
    hidden = make.case(3, unit=leader.unit)
    case = make.case(1, unit=leader.unit, citizen=hidden.citizen)
    closed = make.case(1, unit=leader.unit, citizen=hidden.citizen, closed=date(2026, 2, 1))

    shown = client.sign_in(leader).get(f"/sager/{case.id}")
    assert "Borgeren har mere end én åben sag" in shown.main
    assert hidden.number in shown.links
    assert closed.number not in shown.main
    shown = client.sign_in(coordinator).get(f"/sager/{case.id}")
    assert "mere end én åben sag" not in shown.main
    assert hidden.number not in shown.html
