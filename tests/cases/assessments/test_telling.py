"""What the case tells of assessments elsewhere: on paper, among the tasks, at a glance and on the timeline."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.assessments import services, telling
from app.cases.assessments.models import Rating, RatingSource, Urgency
from app.cases.assessments.said import Said
from app.cases.levels.services import change_level
from app.cases.models import Case
from app.cases.queries import get_case
from app.documents.document import Document, Facts, Paragraph, Table
from app.documents.pdf import render
from tests.cases.assessments.conftest import NOW, Desk, rated
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at

TODAY = date(2026, 3, 3)


@pytest.fixture
def in_request(app: Flask, desk: Desk) -> Iterator[None]:
    """Addresses are made within a request."""
    with app.test_request_context():
        yield


def test_paper_holds_every_signed_assessment_and_no_draft(desk: Desk) -> None:
    own = Said(Rating.CLEARLY, RatingSource.POLICE, date(2026, 2, 1), "Døgnrapport")
    desk.signed(answers={"fravaer": own}, concerns="Omgangskredsen")
    desk.signed(at("2026-04-03"))
    desk.start(at("2026-04-04"))

    later, first = telling.sections(get_case(desk.case.id), TODAY)

    assert [later.title, first.title] == ["Risikovurdering 03-04-2026", "Risikovurdering 03-03-2026"]
    facts = next(block for block in first.blocks if isinstance(block, Facts))
    assert ("Største bekymringer", "Omgangskredsen") in facts.rows
    tables = {block.caption: block for block in first.blocks if isinstance(block, Table)}
    school = tables["Skole og job: 1 tydeligt · 5 uoplyst"]
    assert ("Har meget fravær", "Tydeligt", "Politi, 01-02-2026", "Døgnrapport") in school.rows
    assert isinstance(first.blocks[-1], Paragraph)


def test_paper_can_be_set(desk: Desk) -> None:
    desk.signed(answers={"fravaer": rated(Rating.PARTLY, "#let x = [*fed*] $ae$ Ærø")})

    pdf = render(Document("Sag 2026-0001", ["Fortroligt"], telling.sections(get_case(desk.case.id), TODAY)))

    assert pdf.startswith(b"%PDF")


def tasks(desk: Desk, *cases: Case) -> list[str]:
    return [task.title for task in telling.to_do([desk.case.id, *(case.id for case in cases)], TODAY)]


def test_task_follows_the_assessment_from_nothing_to_its_review(desk: Desk, in_request: None) -> None:
    assert tasks(desk) == ["Lav en risikovurdering"]
    draft = desk.start()
    assert tasks(desk) == ["Gør kladden til risikovurdering færdig"]
    desk.finish(draft)
    services.sign(desk.draft(), by=desk.by, at=NOW)
    assert tasks(desk) == []
    services.stop_review(desk.case, by=desk.by, at=NOW)
    assert tasks(desk) == ["Lav en risikovurdering"]


def first_due(desk: Desk, today: date = TODAY) -> date | None:
    (task,) = telling.to_do([desk.case.id], today)
    return task.due_on


def test_first_assessment_is_due_a_month_after_the_case_became_active(desk: Desk, in_request: None) -> None:
    assert first_due(desk) == date(2026, 2, 5)
    draft = desk.start()
    assert first_due(desk) == date(2026, 2, 5)
    desk.finish(draft)
    services.sign(desk.draft(), by=desk.by, at=NOW)
    desk.start()
    assert first_due(desk) is None, "the clock of the review tells it"


def test_first_assessment_is_due_a_month_after_the_case_reached_niveau_2(
    desk: Desk, make: Make, acting_as: ActAs, in_request: None
) -> None:
    raised = get_case(make.case(1, owner=desk.by, unit=desk.by.unit, opened=date(2026, 1, 5)).id)
    change_level(raised, niveau=2, reasons="Ny sigtelse", by=desk.by, at=NOW)
    desk.session.commit()
    acting_as(desk.by, date(2026, 3, 10))
    change_level(get_case(raised.id), niveau=3, reasons="Bande", by=desk.by, at=at("2026-03-10"))
    desk.session.commit()
    assert first_due(Desk(raised, desk.by, desk.session)) == date(2026, 4, 3), "it does not begin anew on niveau 3"


def test_no_task_on_niveau_1_and_none_in_a_closed_case(desk: Desk, make: Make, in_request: None) -> None:
    mild = make.case(1, unit=desk.by.unit)
    closed = make.case(2, unit=desk.by.unit, closed=date(2026, 2, 1))

    assert tasks(desk, mild, closed) == ["Lav en risikovurdering"]


@pytest.mark.parametrize(("today", "kind"), [(date(2026, 6, 3), None), (date(2026, 6, 4), "late")])
def test_glance_tells_urgency_and_when_to_look_again(desk: Desk, today: date, kind: str | None) -> None:
    desk.signed(urgency=Urgency.LOW)
    desk.signed(at("2026-03-03 11.00"), urgency=Urgency.HIGH)
    value = desk.session.scalar(select(telling._column(Case.__table__.c.id)).where(Case.id == desk.case.id))

    shown = telling._words(value, today)

    assert shown is not None
    assert (shown.text, shown.kind) == ("Haster: høj · ny vurdering senest 03-06-2026", kind)
    assert telling._words(None, today) is None


def test_glance_shows_the_day_of_the_clock_that_runs(desk: Desk) -> None:
    desk.signed(urgency=Urgency.LOW)
    change_level(desk.case, niveau=3, reasons="Bande", by=desk.by, at=NOW)

    def told() -> str:
        value = desk.session.scalar(select(telling._column(Case.__table__.c.id)).where(Case.id == desk.case.id))
        shown = telling._words(value, TODAY)
        assert shown is not None
        return shown.text

    assert told() == "Haster: lav · ny vurdering senest 03-04-2026"
    services.stop_review(desk.case, by=desk.by, at=NOW)
    assert told() == "Haster: lav"


def test_timeline_tells_of_signed_assessments_with_their_text(desk: Desk, in_request: None) -> None:
    signed = desk.signed(concerns="Omgangskredsen", own_view="Lad mig være")
    desk.start(at("2026-04-03"))

    [entry] = telling.entries(get_case(desk.case.id))

    assert entry.title == "Risikovurdering: haster moderat, peger på niveau 2"
    assert entry.text == "Omgangskredsen\nTo nye forhold på en måned\nLad mig være"
    assert (entry.who, entry.at, entry.url) == (
        "Karin Kjær",
        NOW,
        f"/sager/{desk.case.id}/risikovurdering/{signed.id}",
    )
