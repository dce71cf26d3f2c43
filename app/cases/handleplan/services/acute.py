"""The akuthandleplan: begun in one click, with what is always to be thought of in the first three days."""

from datetime import date, datetime, timedelta
from typing import Final

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan import queries
from app.cases.handleplan.codes import TERMS, LineOutcome, PlanKind
from app.cases.handleplan.models import AcuteLine, Handleplan
from app.cases.handleplan.services.requirements import (
    record,
    require_at_most_one_responsible,
    require_open,
    require_open_case,
)
from app.cases.models import Case
from app.core.database import row_scope
from app.core.errors import DomainError
from app.extensions import db

# The unit's own practice: what is thought of after every serious event. Lines are struck or added per case.
STANDARD_LINES: Final[tuple[tuple[int, str], ...]] = (
    (24, "Tal med borgeren og de nærmeste om, hvad der er sket, og hvordan de har det."),
    (24, "Vurder faren lige nu: hævn, nye hændelser, udsatte søskende."),
    (24, "Aftal med politiet, hvem der gør hvad."),
    (24, "Sig det til leder og til dem, der er navngivet på sagen."),
    (72, "Mød dem, der ser borgeren til daglig: skole, klub, familieafsnit, bosted."),
    (72, "Aftal, hvor borgeren er de næste dage, og hvem der følger op."),
    (72, "Tag stilling til ny risikovurdering og til niveau."),
    (72, "Tag stilling til netværkssamråd, underretning og hjælp til familien."),
)


def start_acute(case: Case, *, incident_id: int | None, by: User, at: datetime) -> Handleplan:
    """Begin an akuthandleplan with the standard lines, or give the one that is already under way.

    incident_id: the event that it answers. The case's owner, or else whoever begins it, does what the lines say until
    somebody else is chosen.
    Raises DomainError when the case is closed, or has no such event.
    """
    require_open_case(case)
    queries.lock_case(case.id)
    under_way = queries.open_plan(case.id, PlanKind.ACUTE)
    if under_way is not None:
        return under_way
    if incident_id is not None and not queries.is_incident_of(case.id, incident_id):
        raise DomainError("Hændelsen findes ikke i sagen.")
    plan = Handleplan(
        case=case,
        case_id=case.id,
        kind=PlanKind.ACUTE,
        incident_id=incident_id,
        started_on=_today(),
        started_at=at,
        started_by_id=by.id,
    )
    db.session.add(plan)
    db.session.flush()
    record(Event.ACUTE_STARTED, plan, by=by, at=at, incident=incident_id)
    for hours, what in STANDARD_LINES:
        _add(plan, hours=hours, what=what, responsible_user_id=case.owner_id or by.id, organisation=None)
    db.session.flush()
    return plan


def add_line(
    plan: Handleplan,
    *,
    hours: int,
    what: str,
    responsible_user_id: int | None,
    organisation: str | None,
    by: User,
    at: datetime,
) -> AcuteLine:
    """Add something to be done.

    Raises DomainError when the plan is closed or no akuthandleplan, or when two are to do it.
    """
    require_open(plan)
    if not plan.is_acute:
        raise DomainError("Linjer hører til en akuthandleplan.")
    if hours not in TERMS:
        raise DomainError("Vælg 24 eller 72 timer.", "hours")
    require_at_most_one_responsible(responsible_user_id, organisation)
    line = _add(plan, hours=hours, what=what, responsible_user_id=responsible_user_id, organisation=organisation)
    db.session.flush()
    record(Event.LINE_ADDED, plan, by=by, at=at, line=line.id)
    return line


def change_line(
    line: AcuteLine,
    *,
    what: str,
    responsible_user_id: int | None,
    organisation: str | None,
    by: User,
    at: datetime,
) -> None:
    """Say otherwise what is to be done, or who does it. Raises DomainError as `add_line`, and when it is done."""
    _require_to_do(line)
    require_at_most_one_responsible(responsible_user_id, organisation)
    line.what = what
    line.responsible_user_id = responsible_user_id
    line.organisation = organisation
    if db.session.is_modified(line):
        record(Event.LINE_CHANGED, line.plan, by=by, at=at, line=line.id)
    db.session.flush()


def end_line(line: AcuteLine, *, outcome: LineOutcome, by: User, at: datetime) -> None:
    """Say that it is done, or not needed; said twice it stays as it was first said. Raises DomainError when closed."""
    require_open(line.plan)
    if not line.is_open:
        return
    line.outcome = outcome
    line.ended_at = at
    record(Event.LINE_ENDED, line.plan, by=by, at=at, line=line.id, line_outcome=outcome.value)
    db.session.flush()


def reopen_line(line: AcuteLine, *, by: User, at: datetime) -> None:
    """Take back that it is done. Raises DomainError when the plan is closed."""
    require_open(line.plan)
    if line.is_open:
        return
    line.outcome = line.ended_at = None
    record(Event.LINE_REOPENED, line.plan, by=by, at=at, line=line.id)
    db.session.flush()


def _add(
    plan: Handleplan, *, hours: int, what: str, responsible_user_id: int | None, organisation: str | None
) -> AcuteLine:
    line = AcuteLine(
        plan=plan,
        plan_id=plan.id,
        case_id=plan.case_id,
        hours=hours,
        what=what,
        responsible_user_id=responsible_user_id,
        organisation=organisation,
        due_at=plan.started_at + timedelta(hours=hours),
    )
    db.session.add(line)
    return line


def _today() -> date:
    today = row_scope(db.session()).today
    if today is None:
        raise RuntimeError("nobody acts")
    return today


def _require_to_do(line: AcuteLine) -> None:
    require_open(line.plan)
    if not line.is_open:
        raise DomainError("Linjen er allerede markeret. Fortryd først.")
