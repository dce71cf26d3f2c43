"""The tab Historik: who did, and who looked."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.audit import log
from app.audit.models import Event
from app.cases import history
from app.cases.shown import LIST
from app.deadlines.models import NotSent
from app.deadlines.steps import START
from tests.browser import Browser
from tests.cases.pages import MORNING, TODAY, filled_in
from tests.conftest import ActAs, Freeze
from tests.moments import at
from tests.world import World


def test_doings_and_readings_newest_first(browser: Callable[[], Browser], world: World, frozen: Freeze) -> None:
    clock = frozen(MORNING)
    case, mentor, by = world.cases["unit"], world.nord.mentor, world.nord.koordinator
    client = browser().sign_in(by)
    client.submit(client.get(f"/sager/{case.id}/rediger"), {"concern": "Ny"})
    clock.shift(timedelta(minutes=1))
    client.submit(client.get(f"/sager/{case.id}/adgang/ny"), {"user": mentor.id, "to_day": TODAY})
    clock.shift(timedelta(minutes=1))
    other = browser().sign_in(mentor)
    other.get("/sager")
    other.get(f"/sager/{case.id}/frister")
    clock.shift(timedelta(minutes=1))
    leader = browser().sign_in(world.nord.leder)
    leader.submit(leader.get("/sager"), {"words": case.number}, form="Søg")
    rows = client.get(f"/sager/{case.id}/historik").rows()
    assert rows[:3] == [
        ["20-11-2026 kl. 10.03", world.nord.leder.name, "Fandt sagen i en søgning", "søgning på sagsnummer"],
        ["20-11-2026 kl. 10.03", world.nord.leder.name, "Så sagen i en liste", "listen over sager"],
        ["20-11-2026 kl. 10.02", mentor.name, "Så sagen", "fanen Frister, som mentor"],
    ]
    given = ["20-11-2026 kl. 10.01", by.name, "Gav adgang til sagen"]
    assert [*given, f"{mentor.name} (mentor), fra 20-11-2026 til 20-11-2026"] in rows
    assert ["20-11-2026 kl. 10.00", by.name, "Rettede sagens oplysninger", "bekymring"] in rows
    assert ["20-11-2026 kl. 10.00", by.name, "Så sagen", "fanen Sag, som medarbejder i enheden"] in rows


def test_only_doings_or_only_readings(client: Browser, world: World) -> None:
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    client.submit(client.get(f"/sager/{case.id}/rediger"), {"concern": "Ny"})
    page = client.get(f"/sager/{case.id}/historik")
    doings = client.get(page.links["Handlinger"]).rows()
    readings = client.get(page.links["Opslag"]).rows()
    assert [row[2] for row in doings] == ["Rettede sagens oplysninger"]
    assert {row[2] for row in readings} == {"Så sagen"}
    assert client.get(f"/sager/{case.id}/historik?vis=x").rows()


def test_an_opening_tells_owner_and_named(client: Browser, world: World) -> None:
    client.sign_in(world.nord.koordinator)
    page = client.submit(client.get("/sager/ny"), filled_in("170510-4321", niveau="3", members=[world.nord.mentor.id]))
    rows = client.get(page.url + "/historik?vis=handlinger").rows()
    assert [row[1:] for row in rows] == [
        [
            world.nord.koordinator.name,
            "Oprettede sagen",
            f"ansvarlig: {world.nord.koordinator.name}, navngivne: {world.nord.mentor.name}",
        ]
    ]


def test_pages_of_fifty(client: Browser, world: World, frozen: Freeze) -> None:
    clock = frozen(MORNING)
    case = world.cases["unit"]
    client.sign_in(world.nord.koordinator)
    for _ in range(52):
        clock.shift(timedelta(seconds=60))
        client.sign_in(world.nord.koordinator).get(f"/sager/{case.id}/frister")
    page = client.get(f"/sager/{case.id}/historik")
    assert len(page.rows()) == 50
    assert page.rows()[0][0] == "20-11-2026 kl. 10.52"
    later = client.get(page.links["Næste"])
    assert later.rows()[-1][0] == "20-11-2026 kl. 10.01"
    assert "Viser 51–53" in later.main


def test_who_tried_in_vain_stands_there_too(browser: Callable[[], Browser], world: World) -> None:
    case = world.cases["unit"]
    browser().sign_in(world.syd.koordinator).get(f"/sager/{case.id}", status=404)
    rows = browser().sign_in(world.nord.leder).get(f"/sager/{case.id}/historik").rows()
    assert [row[1:3] for row in rows] == [[world.syd.koordinator.name, "Afvist opslag"]]


@pytest.mark.parametrize("relation", ["elsewhere", "restricted", "barred"])
def test_the_record_of_a_case_out_of_sight_is_empty(
    world: World, db_session: scoped_session[Session], acting_as: ActAs, browser: Callable[[], Browser], relation: str
) -> None:
    """Also past the page, which would not be found."""
    case_id = world.case_id(relation)
    browser().sign_in(world.syd.leder if relation == "elsewhere" else world.nord.leder).get(
        f"/sager/{case_id}", status=404 if relation == "barred" else 200
    )
    acting_as(world.nord.koordinator)
    assert history.lines(case_id, events=None, tabs={}, offset=0, limit=9) == []


def test_every_list_that_can_be_read_has_a_name_here() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path("app").rglob("*.py")]
    lists = {name for source in sources for name in re.findall(r'\blist="([^"]+)"', source)}
    assert lists
    assert lists | {LIST} <= set(history._LISTS)


def test_a_reader_of_lists_leaves_one_row_for_them_all(
    browser: Callable[[], Browser], world: World, owner: Engine
) -> None:
    by = world.nord.koordinator
    browser().sign_in(by).get("/sager")
    leader = browser().sign_in(world.nord.leder)
    for name in ("unit", "owner"):
        rows = leader.get(f"/sager/{world.case_id(name)}/historik").rows()
        assert [by.name, "Så sagen i en liste", "listen over sager"] in [row[1:] for row in rows]


def test_a_reminder_tells_to_whom_at_which_step_and_why_not(
    client: Browser, world: World, db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    case_id, to = world.case_id("unit"), world.nord.koordinator
    acting_as(to)
    now = at("2026-11-20 09.00")
    for event, step, why in (
        (Event.REMINDER_PLANNED, START, None),
        (Event.REMINDER_NOT_SENT, -1, NotSent.AWAY),
    ):
        log.record(event, by="påmindelser", at=now, case_id=case_id, deadline=1, step=step, to=to.id, why=why)
    log.record(Event.REMINDER_NOT_SENT, by="påmindelser", at=now, case_id=case_id, step=3, to=None, why=NotSent.NOBODY)
    db_session.commit()
    rows = client.sign_in(to).get(f"/sager/{case_id}/historik?vis=handlinger").rows()
    assert [row[3] for row in rows] == [
        "3 dage før, der er ingen at sende til",
        f"{to.name}, 1 dag efter fristen, er fraværende",
        f"{to.name}, da fristen begyndte",
    ]


def test_a_party_is_told_of_by_role(
    client: Browser, world: World, db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    case_id, by = world.case_id("unit"), world.nord.koordinator
    acting_as(by)
    log.record(Event.PARTY_REMOVED, by=by, at=at("2026-11-20 09.00"), case_id=case_id, party=1, role="netvaerk")
    db_session.commit()
    rows = client.sign_in(by).get(f"/sager/{case_id}/historik?vis=handlinger").rows()
    assert [row[1:] for row in rows] == [[by.name, "Fjernede part", "person fra netværket"]]
