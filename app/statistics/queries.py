"""The figures' selects.

They run on the statistics role's own connection, which is granted only columns that identify nobody
directly: Core selects on columns, never entities.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, case, func, or_, select

from app.cases.models import Case, CaseSpell, CaseStatus, Niveau
from app.deadlines.models import Deadline, DeadlineRule, StopOutcome
from app.netvaerkssamraad.models import SUMMONS_RULE

cases = Case.__table__.c
spells = CaseSpell.__table__.c
niveauer = Niveau.__table__.c
deadlines = Deadline.__table__.c
rules = DeadlineRule.__table__.c


@dataclass(frozen=True)
class SummonsFigures:
    """Netværkssamråd of a half-year; the five counts after the first add up to it."""

    documentation_received: int
    summoned_in_time: int
    summoned_late: int
    exempt: int
    waiting_in_time: int
    waiting_overdue: int
    median_days: float | None


def niveau_names(connection: Connection) -> dict[int, str]:
    """The levels in use, each as the screens write it."""
    rows = connection.execute(select(niveauer.number, niveauer.name).where(niveauer.active).order_by(niveauer.number))
    return {number: f"Niveau {number} · {name}" for number, name in rows}


def cases_opened(connection: Connection, first: date, last: date) -> dict[int, int]:
    """How many cases became active from first to last, by the niveau that they were accepted on."""
    opened = cases.accepted_on.between(first, last)
    counted = select(cases.opened_niveau, func.count()).where(opened).group_by(cases.opened_niveau)
    return {niveau: count for niveau, count in connection.execute(counted)}  # noqa: C416 - rows, not pairs


def cases_active(connection: Connection, day: date) -> dict[int, int]:
    """How many cases were active at the end of the day, by the niveau that they were on that day."""
    active = spells.status == CaseStatus.ACTIVE
    then = and_(spells.from_day <= day, or_(spells.until_day.is_(None), spells.until_day > day))
    counted = select(spells.niveau, func.count()).where(active, then).group_by(spells.niveau)
    return {niveau: count for niveau, count in connection.execute(counted)}  # noqa: C416 - rows, not pairs


def summons_figures(connection: Connection, first: date, last: date, as_of: date) -> SummonsFigures:
    """How the clocks that began from first to last stood at the end of the day as_of.

    Those that turned out to be registered by mistake are not counted, whenever that was found.
    """
    stopped = and_(deadlines.stopped_on.is_not(None), deadlines.stopped_on <= as_of)
    summoned = and_(stopped, deadlines.outcome == StopOutcome.MET)
    waiting = func.coalesce(deadlines.stopped_on > as_of, True)
    in_time = deadlines.stopped_on <= deadlines.due_on
    days = case((summoned, deadlines.stopped_on - deadlines.started_on))
    row = connection.execute(
        select(
            func.count().label("documentation_received"),
            func.count().filter(summoned, in_time).label("summoned_in_time"),
            func.count().filter(summoned, ~in_time).label("summoned_late"),
            func.count().filter(stopped, deadlines.outcome != StopOutcome.MET).label("exempt"),
            func.count().filter(waiting, deadlines.due_on >= as_of).label("waiting_in_time"),
            func.count().filter(waiting, deadlines.due_on < as_of).label("waiting_overdue"),
            func.percentile_cont(0.5).within_group(days).label("median_days"),
        )
        .join_from(Deadline.__table__, DeadlineRule.__table__, deadlines.rule_id == rules.id)
        .where(rules.code == SUMMONS_RULE, deadlines.started_on.between(first, last))
        .where(deadlines.outcome.is_distinct_from(StopOutcome.CANCELLED))
    ).one()
    return SummonsFigures(**row._mapping)  # noqa: SLF001 - SQLAlchemy's way to a row as a mapping
