"""Reading assessments and the checklist. What exists for whom is the row scope's business, never the query's."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.access.models import User
from app.cases.assessments.checklist import Checklist
from app.cases.assessments.models import REVIEW_SUBJECTS, Assessment, ChecklistVersion, State
from app.cases.models import Case
from app.cases.queries import get_case
from app.core.errors import NotFoundError, found
from app.deadlines.models import Deadline
from app.extensions import db

_WHOLE = (
    selectinload(Assessment.ratings),
    joinedload(Assessment.checklist),
    joinedload(Assessment.saved_by).lazyload(User.unit),
    joinedload(Assessment.ended_by).lazyload(User.unit),
)


def get_assessment(case_id: int, assessment_id: int) -> Assessment:
    """The assessment of that case with its ratings and checklist. Raises NotFoundError when there is none in sight."""
    case = get_case(case_id)
    chosen = Assessment.id == assessment_id, Assessment.case_id == case_id, Assessment.state != State.DISCARDED
    assessment = found(db.session.scalar(select(Assessment).where(*chosen).options(*_WHOLE)))
    _know_case(assessment, case)
    return assessment


def get_draft(case_id: int, assessment_id: int) -> Assessment:
    """The same, of a draft. Raises NotFoundError when it has been signed."""
    assessment = get_assessment(case_id, assessment_id)
    if not assessment.is_draft:
        raise NotFoundError
    return assessment


def draft_of(case: Case) -> Assessment | None:
    """The draft that somebody is writing."""
    return _first(case, _of(case).where(Assessment.state == State.DRAFT))


def latest_signed(case: Case) -> Assessment | None:
    """The assessment that holds now."""
    return _first(case, _signed(case).limit(1))


def signed_of(case: Case) -> list[Assessment]:
    """Every signed assessment of the case, the latest first."""
    assessments = list(db.session.scalars(_signed(case)))
    for assessment in assessments:
        _know_case(assessment, case)
    return assessments


def assessments_of(case: Case) -> list[Assessment]:
    """The signed assessments, the latest first, and the draft in front of them."""
    chosen = _of(case).where(Assessment.state != State.DISCARDED).order_by(Assessment.id.desc())
    assessments = list(db.session.scalars(chosen))
    for assessment in assessments:
        _know_case(assessment, case)
    return assessments


def _of(case: Case) -> Select[Assessment]:
    return select(Assessment).where(Assessment.case_id == case.id).options(*_WHOLE)


def _signed(case: Case) -> Select[Assessment]:
    return _of(case).where(Assessment.state == State.SIGNED).order_by(Assessment.id.desc())


def _first(case: Case, chosen: Select[Assessment]) -> Assessment | None:
    assessment = db.session.scalar(chosen)
    if assessment is not None:
        _know_case(assessment, case)
    return assessment


def _know_case(assessment: Assessment, case: Case) -> None:
    """Let the assessment answer which case it is of without asking the database."""
    set_committed_value(assessment, "case", case)


def lock_case(case_id: int) -> None:
    """Let nobody else begin a draft in the case until the transaction ends."""
    # key_share: what else is added to the case meanwhile need not wait.
    db.session.execute(select(Case.id).where(Case.id == case_id).with_for_update(of=Case, key_share=True))


def running_review(case_id: int) -> Deadline | None:
    """The clock of the next review, if one runs."""
    return db.session.scalar(
        select(Deadline)
        .where(Deadline.case_id == case_id, Deadline.subject_kind.in_(REVIEW_SUBJECTS), Deadline.stopped_at.is_(None))
        .order_by(Deadline.due_on)
        .limit(1)
    )


def checklist_on(day: date) -> ChecklistVersion:
    """The version of the checklist that is in force on the day: the newest that has begun."""
    return found(
        db.session.scalar(
            select(ChecklistVersion)
            .where(ChecklistVersion.valid_from <= day)
            .order_by(ChecklistVersion.version.desc())
            .limit(1)
        )
    )


def checklists() -> list[ChecklistVersion]:
    """Every version, the newest first, with who made it."""
    return list(
        db.session.scalars(
            select(ChecklistVersion)
            .options(joinedload(ChecklistVersion.made_by).lazyload(User.unit))
            .order_by(ChecklistVersion.version.desc())
        )
    )


def get_checklist(checklist_id: int) -> ChecklistVersion:
    """The version. Raises NotFoundError when there is none."""
    return found(
        db.session.scalar(
            select(ChecklistVersion)
            .where(ChecklistVersion.id == checklist_id)
            .options(joinedload(ChecklistVersion.made_by).lazyload(User.unit))
        )
    )


def checklist_of(assessment: Assessment) -> Checklist:
    """The checklist that the assessment is written by."""
    return Checklist.read(assessment.checklist.content)
