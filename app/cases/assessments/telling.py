"""What the case tells of assessments elsewhere: at a glance, on the timeline, among the tasks, and on paper."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from flask import Flask, url_for
from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import aliased

from app.access.models import User
from app.cases import filing, glances, history, tasks, timeline
from app.cases.assessments import queries
from app.cases.assessments.models import SUBJECT, Assessment, State, Urgency
from app.cases.assessments.paper import section
from app.cases.assessments.reading import read
from app.cases.filing import Part
from app.cases.glances import Glance, Shown
from app.cases.models import Case, CaseStatus
from app.cases.tasks import Task
from app.cases.timeline import Entry, Source
from app.core.danish import format_date
from app.deadlines.models import Deadline
from app.documents.document import Section
from app.extensions import db

# From this niveau on a case is not without an assessment.
ASSESSED_FROM: Final = 2
TAB: Final = "assessments.index"


def register(app: Flask) -> None:
    """Have the case tell of assessments."""
    glances.register(app, Glance("risiko", "Risikovurdering", _column, _words, TAB, 30))
    timeline.register(app, Source(SUBJECT, "Risikovurderinger", entries, 20))
    tasks.register(app, to_do)
    filing.register(app, Part(SUBJECT, "Risikovurderinger", sections, 30))
    history.register_codes(app, "urgency", {each.value: f"Haster: {each.label}" for each in Urgency})


def _column(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Urgency and the day for looking again, of the assessment that was signed last."""
    return (
        select(func.jsonb_build_object("urgency", Assessment.urgency, "review_on", Assessment.review_on))
        .where(Assessment.case_id == case_id, Assessment.state == State.SIGNED)
        .order_by(Assessment.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _words(value: Any, today: date) -> Shown | None:
    if value is None:
        return None
    review_on = date.fromisoformat(value["review_on"])
    text = f"Haster: {Urgency(value['urgency']).label.lower()} · ny vurdering senest {format_date(review_on)}"
    return Shown(text, "late" if review_on < today else None)


def entries(case: Case) -> Iterable[Entry]:
    """The signed assessments."""
    signed = (
        select(Assessment, User.name)
        .join(User, User.id == Assessment.ended_by_id)
        .where(Assessment.case_id == case.id, Assessment.state == State.SIGNED)
    )
    for assessment, name in db.session.execute(signed):
        yield _entry(assessment, name)


def _entry(assessment: Assessment, name: str) -> Entry:
    texts = assessment.concerns, assessment.urgency_reasons, assessment.resources, assessment.own_view
    return Entry(
        at=assessment.ended_at or assessment.saved_at,
        kind=SUBJECT,
        title=f"Risikovurdering: haster {assessment.urgency.label.lower() if assessment.urgency else ''}, "
        f"peger på niveau {assessment.proposed_niveau}",
        text="\n".join(text for text in texts if text),
        who=name,
        url=url_for("assessments.show", case_id=assessment.case_id, assessment_id=assessment.id),
    )


def to_do(case_ids: Collection[int], today: date) -> Iterable[Task]:  # noqa: ARG001 - as every source is called
    """Drafts that wait for a signature, and cases on niveau 2 and above for which no assessment is on its way.

    A review that falls due is told by its deadline.
    """
    draft, review = aliased(Assessment), aliased(Deadline)
    cases = (
        select(Case.id, Case.niveau, draft.id.label("draft_id"), review.id.label("review_id"))
        .outerjoin(draft, (draft.case_id == Case.id) & (draft.state == State.DRAFT))
        .outerjoin(
            review,
            (review.case_id == Case.id) & (review.subject_kind == SUBJECT) & review.stopped_at.is_(None),
        )
        .where(
            Case.id.in_(case_ids),
            Case.status == CaseStatus.ACTIVE,
            or_(draft.id.is_not(None), (Case.niveau >= ASSESSED_FROM) & review.id.is_(None)),
        )
    )
    for row in db.session.execute(cases):
        yield _task(row.id, row.draft_id)


def _task(case_id: int, draft_id: int | None) -> Task:
    if draft_id is None:
        return Task(case_id, "Lav en risikovurdering", None, url_for(TAB, case_id=case_id))
    url = url_for("assessments.edit", case_id=case_id, assessment_id=draft_id)
    return Task(case_id, "Gør kladden til risikovurdering færdig", None, url)


def sections(case: Case, today: date) -> list[Section]:  # noqa: ARG001 - as every part is called
    """The signed assessments on paper, the latest first."""
    return [section(read(assessment)) for assessment in queries.signed_of(case)]
