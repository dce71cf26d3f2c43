"""What a plan tells elsewhere on the case: on the timeline, among the tasks, and at a glance. One statement each."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from enum import IntEnum
from typing import Any, Final

from flask import url_for
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    ScalarSelect,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.access.models import User
from app.cases.glances import Shown
from app.cases.handleplan.codes import LineOutcome, MeasureResult, PlanKind
from app.cases.handleplan.models import AcuteLine, CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.models import Case
from app.cases.tasks import Task
from app.cases.timeline import Entry
from app.core import clock
from app.core.danish import format_date, plural
from app.core.model import UtcDateTime
from app.extensions import db

KIND: Final = "handleplan"
NOON: Final = time(12)


class What(IntEnum):
    """What a row of a union tells."""

    STARTED = 0
    CLOSED = 1
    BEGUN = 2
    ENDED = 3
    HELD = 4
    LINE = 5
    OVERDUE = 6


# The typed texts of a union's rows, each with the column that it is encrypted as.
_TEXTS: Final[dict[str, Any]] = {
    "plan_text": Handleplan.aim,
    "measure_text": Measure.text,
    "follow_up_text": FollowUp.text,
    "line_text": AcuteLine.what,
    "organisation": Measure.organisation,
    "note": Measure.note,
    "result_note": Measure.result_note,
}


def _blank(column: Any) -> ColumnElement[Any]:
    """An empty value where another branch of a union has the column: each is decrypted as its own."""
    return type_coerce(cast(null(), LargeBinary), column.type)


def _row(
    what: What,
    plan: Any,
    *,
    at: Any = None,
    day: Any = None,
    who: Any = None,
    code: Any = None,
    responsible: Any = None,
    **texts: Any,
) -> Select[Any]:
    """One branch of the union: the same columns in the same order, whatever the table. texts: those of _TEXTS."""
    return select(
        literal(what.value).label("what"),
        plan.label("plan_id"),
        type_coerce(cast(null(), DateTime(timezone=True)) if at is None else at, UtcDateTime).label("at"),
        (cast(null(), Date) if day is None else day).label("day"),
        (cast(null(), Integer) if who is None else who).label("who"),
        (cast(null(), String) if code is None else cast(code, String)).label("code"),
        (cast(null(), String) if responsible is None else cast(responsible, String)).label("responsible"),
        *((texts[name] if name in texts else _blank(column)).label(name) for name, column in _TEXTS.items()),
    )


# ---------------------------------------------------------------- timeline


def entries(case: Case) -> Iterator[Entry]:
    """What was begun, ended, held and done in the plans of the case."""
    told = union_all(*_told(case.id)).subquery()
    rows = db.session.execute(select(told, User.name.label("name")).outerjoin(User, User.id == told.c.who))
    for row in rows:
        yield Entry(
            at=row.at if row.at is not None else clock.from_local(row.day, NOON),
            kind=KIND,
            title=_title(row),
            text=row.plan_text or row.measure_text or row.follow_up_text or row.line_text or "",
            who=row.name or "",
            url=url_for("handleplan.show", case_id=case.id, plan_id=row.plan_id),
            searched=" ".join(filter(None, (row.responsible, row.organisation, row.note, row.result_note))),
        )


def _told(case_id: int) -> Iterable[Select[Any]]:
    return (
        _row(
            What.STARTED,
            Handleplan.id,
            at=Handleplan.started_at,
            who=Handleplan.started_by_id,
            code=Handleplan.kind,
            plan_text=Handleplan.aim,
        ).where(Handleplan.case_id == case_id),
        _row(What.CLOSED, Handleplan.id, day=Handleplan.closed_on, code=Handleplan.kind).where(
            Handleplan.case_id == case_id, Handleplan.closed_on.is_not(None)
        ),
        *_measures_told(case_id),
        _row(What.HELD, FollowUp.plan_id, day=FollowUp.held_on, follow_up_text=FollowUp.text).where(
            FollowUp.case_id == case_id, FollowUp.held_on.is_not(None)
        ),
        _row(What.LINE, AcuteLine.plan_id, at=AcuteLine.ended_at, line_text=AcuteLine.what).where(
            AcuteLine.case_id == case_id, AcuteLine.outcome == LineOutcome.DONE
        ),
    )


def _measures_told(case_id: int) -> Iterable[Select[Any]]:
    measures = CatalogueMeasure.id == Measure.catalogue_id
    responsible = select(User.name).where(User.id == Measure.responsible_user_id).scalar_subquery()
    return (
        _row(
            What.BEGUN,
            Measure.plan_id,
            day=Measure.from_day,
            code=CatalogueMeasure.label,
            responsible=responsible,
            measure_text=Measure.text,
            organisation=Measure.organisation,
            note=Measure.note,
        )
        .join(CatalogueMeasure, measures)
        .where(Measure.case_id == case_id),
        _row(
            What.ENDED,
            Measure.plan_id,
            day=Measure.ended_on,
            code=func.concat_ws("|", Measure.result, CatalogueMeasure.label),
            result_note=Measure.result_note,
        )
        .join(CatalogueMeasure, measures)
        .where(Measure.case_id == case_id, Measure.ended_on.is_not(None)),
    )


def _title(row: Any) -> str:
    match row.what:
        case What.STARTED:
            return f"{PlanKind(row.code).label} begyndt"
        case What.CLOSED:
            return f"{PlanKind(row.code).label} afsluttet"
        case What.BEGUN:
            return f"Indsats aftalt: {row.code}"
        case What.ENDED:
            result, label = row.code.split("|", 1)
            return f"Indsats slut: {label} ({MeasureResult(result).label.lower()})"
        case What.HELD:
            return "Opfølgning på handleplanen"
        case _:
            return "Akuthandleplan: udført"


# ---------------------------------------------------------------- tasks


def tasks(case_ids: Collection[int], today: date) -> Iterator[Task]:
    """Follow-ups to hold, lines to do, and measures whose last day has passed without a result."""
    due = union_all(*_due(case_ids, today))
    for row in db.session.execute(due):
        yield Task(
            case_id=row.case_id,
            title=_to_do(row),
            due_on=row.day if row.at is None else clock.local_date(row.at),
            url=url_for("handleplan.index", case_id=row.case_id),
        )


def _due(case_ids: Collection[int], today: date) -> Iterable[Select[Any]]:
    under_way = (Handleplan.case_id.in_(case_ids), Handleplan.closed_on.is_(None), Case.closed_on.is_(None))
    branches = (
        _row(What.HELD, FollowUp.plan_id, day=FollowUp.on_day)
        .join(Handleplan, Handleplan.id == FollowUp.plan_id)
        .where(FollowUp.held_on.is_(None), FollowUp.cancelled_on.is_(None)),
        _row(What.LINE, AcuteLine.plan_id, at=AcuteLine.due_at, line_text=AcuteLine.what)
        .join(Handleplan, Handleplan.id == AcuteLine.plan_id)
        .where(AcuteLine.outcome.is_(None)),
        _row(What.OVERDUE, Measure.plan_id, day=Measure.to_day, code=CatalogueMeasure.label)
        .join(Handleplan, Handleplan.id == Measure.plan_id)
        .join(CatalogueMeasure, CatalogueMeasure.id == Measure.catalogue_id)
        .where(Measure.ended_on.is_(None), Measure.to_day < today),
    )
    for branch in branches:
        yield (branch.add_columns(Handleplan.case_id).join(Case, Case.id == Handleplan.case_id).where(*under_way))


def _to_do(row: Any) -> str:
    if row.what == What.HELD:
        return "Opfølgning på handleplanen"
    if row.what == What.LINE:
        return f"Akut: {row.line_text}"
    return f"Skriv resultatet af indsatsen {row.code}"


# ---------------------------------------------------------------- at a glance


def glance(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """How many goals and lines are open, and when the plan is looked at next."""
    plans = select(Handleplan.id).where(Handleplan.case_id == case_id, Handleplan.closed_on.is_(None))
    plan = plans.where(Handleplan.kind == PlanKind.PLAN).scalar_subquery()
    acute = plans.where(Handleplan.kind == PlanKind.ACUTE).scalar_subquery()
    goals = select(func.count()).where(Goal.plan_id == plan, Goal.state == "igang").scalar_subquery()
    follow_up = (
        select(func.min(FollowUp.on_day))
        .where(FollowUp.plan_id == plan, FollowUp.held_on.is_(None), FollowUp.cancelled_on.is_(None))
        .scalar_subquery()
    )
    lines = select(func.count()).where(AcuteLine.plan_id == acute, AcuteLine.outcome.is_(None)).scalar_subquery()
    next_line = (
        select(func.min(AcuteLine.due_at))
        .where(AcuteLine.plan_id == acute, AcuteLine.outcome.is_(None))
        .scalar_subquery()
    )
    return select(
        func.jsonb_build_object(
            "plan", plan, "goals", goals, "follow_up", follow_up, "acute", acute, "lines", lines, "due", next_line
        )
    ).scalar_subquery()


def words(value: Any, today: date) -> Shown | None:
    """The line of the glance, short; the akuthandleplan comes first, as it does in the day."""
    if value["acute"] is not None:
        return _acute_words(value, today)
    if value["plan"] is None:
        return None
    if value["follow_up"] is None:
        return Shown("Ingen opfølgning aftalt", "soon")
    on_day = date.fromisoformat(value["follow_up"])
    if on_day <= today:
        return Shown(f"Opfølgning {format_date(on_day)}", "late" if on_day < today else "today")
    return Shown(f"{plural(value['goals'], 'mål', 'mål')} i gang, opfølgning {format_date(on_day)}")


def _acute_words(value: Any, today: date) -> Shown:
    if value["due"] is None:
        return Shown("Akut: alt er gjort", "ok")
    due = clock.local_date(datetime.fromisoformat(value["due"]))
    return Shown(f"Akut: {value['lines']} mangler", "late" if due < today else "today")
