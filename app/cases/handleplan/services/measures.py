"""What is done, by whom, and with what result."""

from datetime import date, datetime

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan.codes import ENDINGS, MeasureResult, MeasureState
from app.cases.handleplan.models import Handleplan, Measure
from app.cases.handleplan.particulars import Particulars
from app.cases.handleplan.services.requirements import record, require_one_responsible, require_open
from app.core.errors import DomainError
from app.extensions import db


def add_measure(plan: Handleplan, agreed: Particulars, *, by: User, at: datetime) -> Measure:
    """Agree on a measure.

    Raises DomainError when the plan is closed or acute, nobody or two are responsible, the days are in the wrong
    order, the kind is offered no more, or the goal is another plan's.
    """
    require_open(plan)
    if plan.is_acute:
        raise DomainError("En akuthandleplan har linjer og ikke indsatser.")
    if not agreed.kind.active:
        raise DomainError(f"{agreed.kind.label} kan ikke længere vælges.", "kind")
    _require_sound(plan, agreed)
    measure = Measure(plan=plan, plan_id=plan.id, case_id=plan.case_id, **agreed.columns())
    db.session.add(measure)
    db.session.flush()
    record(Event.MEASURE_ADDED, plan, by=by, at=at, measure=measure.id, catalogue=agreed.kind.id)
    return measure


def change_measure(measure: Measure, agreed: Particulars, *, by: User, at: datetime) -> None:
    """Agree otherwise on a measure. Raises DomainError as `add_measure`, and when the measure has ended."""
    require_open(measure.plan)
    if not measure.is_open:
        raise DomainError("Indsatsen er slut. Genoptag den, før du retter i den.")
    if not agreed.kind.active and agreed.kind.id != measure.catalogue_id:
        raise DomainError(f"{agreed.kind.label} kan ikke længere vælges.", "kind")
    _require_sound(measure.plan, agreed)
    for name, value in agreed.columns().items():
        setattr(measure, name, value)
    if db.session.is_modified(measure):
        record(Event.MEASURE_CHANGED, measure.plan, by=by, at=at, measure=measure.id, catalogue=agreed.kind.id)
    db.session.flush()


def end_measure(
    measure: Measure,
    *,
    state: MeasureState,
    ended_on: date,
    result: MeasureResult,
    result_note: str | None,
    by: User,
    at: datetime,
) -> None:
    """Say how a measure ended; said again, it corrects what was said.

    state: carried through or broken off.
    Raises DomainError when the plan is closed, or the measure would end before it began.
    """
    require_open(measure.plan)
    if state not in ENDINGS:
        raise DomainError("Vælg, om indsatsen blev gennemført eller afbrudt.", "state")
    if state is MeasureState.ENDED and result is MeasureResult.NEVER_BEGUN:
        raise DomainError("En indsats, der ikke kom i gang, er ikke gennemført.", "result")
    if ended_on < measure.from_day and result is not MeasureResult.NEVER_BEGUN:
        raise DomainError("Indsatsen kan ikke slutte, før den begyndte.", "ended_on")
    measure.state = state
    measure.ended_on = ended_on
    measure.result = result
    measure.result_note = result_note
    record(Event.MEASURE_ENDED, measure.plan, by=by, at=at, measure=measure.id, measure_result=result.value)
    db.session.flush()


def reopen_measure(measure: Measure, *, by: User, at: datetime) -> None:
    """Take up a measure again whose end was said too early. Raises DomainError when the plan is closed."""
    require_open(measure.plan)
    if measure.is_open:
        return
    measure.state = MeasureState.RUNNING
    measure.ended_on = measure.result = measure.result_note = None
    record(Event.MEASURE_REOPENED, measure.plan, by=by, at=at, measure=measure.id)
    db.session.flush()


def _require_sound(plan: Handleplan, agreed: Particulars) -> None:
    require_one_responsible(agreed.responsible_user_id, agreed.organisation)
    if agreed.to_day is not None and agreed.to_day < agreed.from_day:
        raise DomainError("Indsatsen kan ikke slutte, før den begynder.", "to_day")
    if agreed.goal is not None and agreed.goal.plan_id != plan.id:
        raise DomainError("Målet hører til en anden plan.", "goal")
    if agreed.state in ENDINGS:
        raise DomainError("Vælg, om indsatsen er planlagt eller i gang.", "state")
