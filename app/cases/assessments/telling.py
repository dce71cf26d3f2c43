"""What the case tells of assessments elsewhere: at a glance, on the timeline, among the tasks, and on paper."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from flask import Flask, url_for
from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, or_, select

from app.access.models import User
from app.cases import filing, glances, history, tasks, timeline
from app.cases.assessments import queries
from app.cases.assessments.models import REVIEW_SUBJECTS, SUBJECT, Assessment, State, Urgency
from app.cases.assessments.paper import section
from app.cases.assessments.reading import read
from app.cases.filing import Part
from app.cases.glances import Glance, Shown
from app.cases.models import Case, CaseSpell, CaseStatus
from app.cases.tasks import Task
from app.cases.timeline import Entry, Source
from app.core.danish import format_date
from app.deadlines.arithmetic import add_months
from app.deadlines.models import Deadline
from app.documents.document import Section
from app.extensions import db

# From this niveau on a case is not without an assessment.
ASSESSED_FROM: Final = 2
MONTHS_FOR_THE_FIRST: Final = 1
"""How long it may take until such a case has been assessed: the unit's own practice, no deadline by law."""
RUNNING: Final = (Deadline.subject_kind.in_(REVIEW_SUBJECTS), Deadline.stopped_at.is_(None))
TAB: Final = "assessments.index"


def register(app: Flask) -> None:
    """Have the case tell of assessments."""
    glances.register(app, Glance("risiko", "Risikovurdering", _column, _words, TAB, 30))
    timeline.register(app, Source(SUBJECT, "Risikovurderinger", entries, 20))
    tasks.register(app, to_do)
    filing.register(app, Part(SUBJECT, "Risikovurderinger", sections, 30))
    history.register_codes(app, "urgency", {each.value: f"Haster: {each.label}" for each in Urgency})


def _column(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Urgency as of the assessment that was signed last, and the day for looking again while its clock runs."""
    review_on = select(func.min(Deadline.due_on)).where(Deadline.case_id == case_id, *RUNNING).scalar_subquery()
    return (
        select(func.jsonb_build_object("urgency", Assessment.urgency, "review_on", review_on))
        .where(Assessment.case_id == case_id, Assessment.state == State.SIGNED)
        .order_by(Assessment.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _words(value: Any, today: date) -> Shown | None:
    if value is None:
        return None
    urgency = f"Haster: {Urgency(value['urgency']).label.lower()}"
    if value["review_on"] is None:
        return Shown(urgency)
    review_on = date.fromisoformat(value["review_on"])
    return Shown(f"{urgency} · ny vurdering senest {format_date(review_on)}", "late" if review_on < today else None)


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

    The first assessment is due a month after the case became active or reached niveau 2, by the unit's own practice.
    A review that falls due is told by its deadline.
    """
    is_due = (Case.niveau >= ASSESSED_FROM) & ~exists().where(Deadline.case_id == Case.id, *RUNNING)
    cases = (
        select(Case.id, Assessment.id.label("draft_id"), case((is_due, _assessed_from())).label("since"))
        .outerjoin(Assessment, (Assessment.case_id == Case.id) & (Assessment.state == State.DRAFT))
        .where(
            Case.id.in_(case_ids),
            Case.status == CaseStatus.ACTIVE,
            or_(Assessment.id.is_not(None), is_due),
        )
    )
    for row in db.session.execute(cases):
        yield _task(row.id, row.draft_id, row.since and add_months(row.since, MONTHS_FOR_THE_FIRST))


def _assessed_from() -> ColumnElement[date]:
    """The first day of the spells without a break in which the case has been active on niveau 2 and above."""
    within = (CaseSpell.status == CaseStatus.ACTIVE) & (CaseSpell.niveau >= ASSESSED_FROM)
    before = select(func.max(CaseSpell.until_day)).where(CaseSpell.case_id == Case.id, ~within).scalar_subquery()
    return func.coalesce(before, Case.accepted_on)


def _task(case_id: int, draft_id: int | None, due_on: date | None) -> Task:
    if draft_id is None:
        return Task(case_id, "Lav en risikovurdering", due_on, url_for(TAB, case_id=case_id))
    url = url_for("assessments.edit", case_id=case_id, assessment_id=draft_id)
    return Task(case_id, "Gør kladden til risikovurdering færdig", due_on, url)


def sections(case: Case, today: date) -> list[Section]:  # noqa: ARG001 - as every part is called
    """The signed assessments on paper, the latest first."""
    return [section(read(assessment)) for assessment in queries.signed_of(case)]
