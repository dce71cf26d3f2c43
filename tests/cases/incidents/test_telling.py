"""What other pages tell of a case's events."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import literal, select

from app.cases.glances import Shown
from app.cases.incidents import services, telling
from app.cases.incidents.models import IncidentKind, OffenceGroup, Verdict
from app.cases.incidents.queries import story_column
from app.documents.document import Paragraph, Section, Table
from app.extensions import db
from tests.cases.incidents.conftest import NOW, OPENED, TODAY, Desk

DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def addresses(app: Flask, desk: Desk) -> object:
    """Addresses are made within a request."""
    with app.test_request_context():
        yield


def glance(desk: Desk) -> Shown | None:
    return telling.glance_words(db.session.scalar(select(story_column(literal(desk.case.id)))), TODAY)


def titles(desk: Desk, today: date = TODAY) -> list[tuple[str, date | None]]:
    tasks = [*telling.tasks_of([desk.case.id], today), *telling.custody_tasks([desk.case.id], today)]
    return [(task.title, task.due_on) for task in tasks]


def test_a_case_without_recidivism_has_nothing_to_tell(desk: Desk) -> None:
    assert (glance(desk), titles(desk), telling.sections(desk.case, TODAY)) == (None, [], [])
    desk.register(IncidentKind.SUSPICION, DAY)
    assert (glance(desk), titles(desk)) == (None, [])


def test_recidivism_is_told_until_somebody_has_judged_it(desk: Desk) -> None:
    charge = desk.register(IncidentKind.CHARGE, DAY)
    assert glance(desk) == Shown("Recidiv: sigtelse inden for 6 mdr., ikke vurderet", "late")
    assert titles(desk) == [("Bekræft sigtelsesrecidiv, eller sæt det til side", None)]

    services.review_recidivism(charge, index_on=OPENED, verdict=Verdict.CONFIRMED, reasons="Ny", by=desk.by, at=NOW)
    assert glance(desk) == Shown("Recidiv: sigtelse inden for 6 mdr., bekræftet", "late")
    assert titles(desk) == []

    services.review_recidivism(charge, index_on=OPENED, verdict=Verdict.SET_ASIDE, reasons="Gammel", by=desk.by, at=NOW)
    assert (glance(desk), titles(desk)) == (None, [])


def test_the_gravest_is_told(desk: Desk) -> None:
    desk.register(IncidentKind.CHARGE, DAY)
    desk.register(IncidentKind.SENTENCE, date(2026, 9, 10))
    shown = glance(desk)
    assert shown is not None
    # The new sentence does not hide the relapse that came before it.
    assert shown.text == "Recidiv: dom inden for 12 mdr., ikke vurderet"


def test_custody_that_was_to_end_asks_for_the_release(desk: Desk) -> None:
    desk.register(IncidentKind.REMAND, DAY, until_day=date(2026, 11, 27))
    told = [("Varetægt slutter: registrér løsladelse eller ny frist", date(2026, 11, 27))]
    assert titles(desk) == told
    assert titles(desk, date(2026, 11, 19)) == []
    assert titles(desk, date(2026, 12, 24)) == told
    release = desk.register(IncidentKind.RELEASE, date(2026, 11, 18))
    assert titles(desk) == []
    services.void_incident(release, reason="Den anden", by=desk.by, at=NOW)
    assert titles(desk) == told


def test_the_timeline_has_each_that_is_no_mistake(desk: Desk) -> None:
    desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.THEFT, note="Cykel")
    services.void_incident(desk.register(IncidentKind.SENTENCE, DAY), reason="Den anden", by=desk.by, at=NOW)
    (entry,) = telling.entries(desk.case)
    assert (entry.title, entry.text, entry.who) == ("Sigtelse, Tyveri", "Cykel", "Karin Kjær")
    assert entry.at.isoformat() == "2026-03-10T11:00:00+00:00"


def test_the_paper_has_events_mistakes_recidivism_and_its_definition(desk: Desk) -> None:
    charge = desk.register(IncidentKind.CHARGE, DAY, offence_group=OffenceGroup.THEFT, note="Cykel")
    desk.register(IncidentKind.SENTENCE, date(2026, 8, 1), act_on=date(2026, 3, 1))
    desk.register(IncidentKind.WITHDRAWAL, date(2026, 4, 1), about=charge)
    services.void_incident(desk.register(IncidentKind.RELEASE, DAY), reason="Den anden", by=desk.by, at=NOW)
    events, recidivism = telling.sections(desk.case, TODAY)
    table, mistake = events.blocks
    assert isinstance(table, Table)
    assert isinstance(mistake, Paragraph)
    assert [row[:2] for row in table.rows] == [
        ("01-08-2026", "Dom"),
        ("01-04-2026", "Frafald"),
        ("10-03-2026", "Sigtelse (frafaldet)"),
    ]
    assert mistake.text == "Registreret ved en fejl: løsladelse 10-03-2026. Den anden"
    assert answers(recidivism) == [
        ("Sigtelsesrecidiv", "Nej", "Nej, løber endnu", "Nej, løber endnu", "–"),
        ("Domsrecidiv", "Ja", "Ja", "Ja", "Nej"),
        ("Indsættelsesrecidiv", "Nej", "Nej, løber endnu", "Nej, løber endnu", "–"),
    ]
    assert any("Mistanke tæller ikke" in block.text for block in recidivism.blocks if isinstance(block, Paragraph))


def answers(section: Section) -> list[tuple[str, ...]]:
    table = section.blocks[0]
    assert isinstance(table, Table)
    return [tuple(row) for row in table.rows]
