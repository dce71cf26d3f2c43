"""The checklist's versions, and a new one."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role, User
from app.audit.models import Event
from app.cases.assessments.checklist import Checklist, Kind
from app.cases.assessments.models import ChecklistVersion
from app.core.database import RowScope, set_settings
from tests.browser import Browser
from tests.cases.pages import events
from tests.conftest import Freeze
from tests.contents import TRACES, contents
from tests.factories import Make

ADDRESS = "/administration/tjekliste"
SAVE = "Sæt den nye version i kraft"


@pytest.fixture
def browse(frozen: Freeze, client: Browser, make: Make) -> Browser:
    frozen("2026-03-03 10.00")
    return client.sign_in(make.user(Role.ADMINISTRATOR, name="Ada Holm"))


def newest(owner: Engine) -> Any:
    with owner.connect() as connection:
        statement = select(ChecklistVersion.__table__).order_by(ChecklistVersion.version.desc())
        return connection.execute(statement).first()


def test_first_version_came_with_the_program(browse: Browser) -> None:
    page = browse.get(ADDRESS)

    assert page.rows()[-1] == [
        "Version 1 Gælder nu",
        "Fra begyndelsen",
        "11 områder, 61 punkter",
        "Fulgte med Enkeltsag",
    ]
    page = browse.get(page.links["Version 1"])
    assert "ikke et godkendt instrument" in page.main
    assert ["Har meget fravær", "Kan ændres", "I brug"] in page.rows()


def test_new_version_renames_adds_and_takes_out_of_use(browse: Browser, owner: Engine) -> None:
    values = {
        "punkt-fravaer": "Har over 15 % fravær",
        "brug-skoleskift": False,
        "nyt-fritid": "Er frivillig",
        "slags-fritid": "beskyttende",
        "omraade-fritid": "Fritid og forening",
    }
    page = browse.submit(browse.get(f"{ADDRESS}/ny"), values, form=SAVE)

    assert "Tjekliste version 2 er gemt." in page.main
    assert "Lavet af Ada Holm 03-03-2026 kl. 10.00" in page.main
    assert ["Har skiftet skole mange gange", "Fortid", "Ikke i brug"] in page.rows()
    checklist = Checklist.read(newest(owner).content)
    assert checklist.items["fravaer"].text == "Har over 15 % fravær"
    assert checklist.items["er_frivillig"].kind is Kind.PROTECTIVE
    assert "skoleskift" not in checklist.items
    assert len(checklist.items) == 61
    [event] = events(owner, Event.CHECKLIST_RENEWED)
    assert event.details == {"version": 2}


def test_version_to_come_waits_for_its_day(browse: Browser, frozen: Freeze, make: Make) -> None:
    values = {"valid_from": date(2026, 4, 1), "punkt-fravaer": "Nyt"}
    browse.submit(browse.get(f"{ADDRESS}/ny"), values, form=SAVE)

    assert in_force(browse) == "Version 1 Gælder nu"
    frozen("2026-04-01 00.30")
    assert in_force(browse.sign_in(make.user(Role.ADMINISTRATOR))) == "Version 2 Gælder nu"


def in_force(browse: Browser) -> str:
    return next(row[0] for row in browse.get(ADDRESS).rows() if "Gælder nu" in row[0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Der er ikke ændret noget i tjeklisten."),
        ({"valid_from": date(2026, 3, 2), "punkt-fravaer": "Nyt"}, "En ny tjekliste kan tidligst gælde fra i dag."),
        ({"punkt-fravaer": ""}, "Skriv punktets tekst."),
        ({"omraade-fritid": ""}, "Skriv områdets navn."),
        ({"nyt-fritid": "Er frivillig"}, "Vælg, hvad punktet fortæller."),
        ({"slags-fritid": "statisk"}, "Skriv også punktets tekst."),
        ({"valid_from-dag": ""}, "Skriv dag, måned og år. Der mangler dag."),
    ],
)
def test_what_will_not_do_is_told(browse: Browser, owner: Engine, values: dict[str, Any], message: str) -> None:
    before = contents(owner, but=TRACES)

    page = browse.submit(browse.get(f"{ADDRESS}/ny"), values, form=SAVE, status=422)

    assert page.errors == [message]
    assert contents(owner, but=TRACES) == before


def test_checklist_cannot_be_emptied(browse: Browser) -> None:
    page = browse.get(f"{ADDRESS}/ny")
    boxes = [box.get("name", "") for box in page.all("main//input[@type='checkbox']")]

    refused = browse.submit(page, dict.fromkeys(boxes, False), form=SAVE, status=422)

    assert refused.errors == ["Mindst ét punkt skal være i brug."]


def test_two_administrators_do_not_overwrite_each_other(browse: Browser, browser: Any, make: Make) -> None:
    stale = browse.get(f"{ADDRESS}/ny")
    other = browser().sign_in(make.user(Role.ADMINISTRATOR))
    other.submit(other.get(f"{ADDRESS}/ny"), {"punkt-fravaer": "Nyt"}, form=SAVE)

    refused = browse.submit(stale, {"punkt-gaeld": "Nyt"}, form=SAVE, status=422)

    assert "Nogen har ændret det samme imens." in refused.errors[0]


def test_only_an_administrator_makes_a_version_whatever_reaches_the_database(make: Make, web: Engine) -> None:
    leder: User = make.user(Role.LEDER)
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(leder.id, date(2026, 3, 3))))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                text("INSERT INTO assessment_checklists (version, valid_from, content) VALUES (2, '2026-01-01', '{}')")
            )
