"""The list for the team's meeting: which cases, what has happened in them, and what was said last."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, DateTime, Integer, String, Text, any_, cast, column, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.audit.models import Event
from app.cases.history import READINGS
from app.cases.models import Case, CaseStatus
from app.cases.review.models import CaseReview
from app.extensions import db

FROM_NIVEAU: Final = 2
QUIET_AFTER: Final = timedelta(days=30)
LOOKING_BACK: Final = timedelta(days=30)

# What nobody did in the case: looking, reminding, and going through it.
_NO_DOINGS: Final = sorted(
    READINGS | {Event.REMINDER_PLANNED.value, Event.REMINDER_NOT_SENT.value, Event.CASE_REVIEWED.value}
)
# Changes that are told, and that leave a case standing still: who sees it and who answers for it.
_WHO_HAS_IT: Final = frozenset(
    {Event.CASE_ACCESS_GIVEN.value, Event.CASE_ACCESS_ENDED.value, Event.CASE_OWNER_ASSIGNED.value}
)
_LABELS: Final = {event.value: event.label for event in Event}


@dataclass(frozen=True)
class Said:
    """What was said about a case at a meeting."""

    at: datetime
    on_day: date
    note: str
    who: str


@dataclass(frozen=True)
class Change:
    """Something that was done since the last review, and how often."""

    label: str
    times: int


@dataclass(frozen=True)
class Doings:
    """What was done in a case.

    last_at: when last, who has it and who sees it aside; since: from when the changes are counted.
    """

    last_at: datetime | None
    since: datetime
    changes: list[Change]

    def is_quiet(self, at: datetime) -> bool:
        """Whether nobody has done anything for long."""
        return self.last_at is None or at - self.last_at >= QUIET_AFTER


def to_review(*, offset: int, limit: int) -> list[int]:
    """Ids of the open cases on the higher niveauer: the highest first, and of these who has waited longest."""
    last = select(func.max(CaseReview.at)).where(CaseReview.case_id == Case.id).correlate(Case).scalar_subquery()
    statement = (
        select(Case.id)
        .where(Case.status == CaseStatus.ACTIVE, Case.niveau >= FROM_NIVEAU)
        .order_by(Case.niveau.desc(), last.asc().nulls_first(), Case.number)
        .offset(offset)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def last_said(case_ids: Sequence[int]) -> dict[int, Said]:
    """What was said last about each of the cases, in one statement."""
    statement = (
        select(CaseReview.case_id, CaseReview.at, CaseReview.on_day, CaseReview.note, User.name)
        .join(User, User.id == CaseReview.by_id)
        .where(CaseReview.case_id == any_(cast(list(case_ids), ARRAY(Integer))))
        .ext(distinct_on(CaseReview.case_id))
        .order_by(CaseReview.case_id, CaseReview.at.desc(), CaseReview.id.desc())
    )
    return {row.case_id: Said(row.at, row.on_day, row.note, row.name) for row in db.session.execute(statement)}


def doings(case_ids: Sequence[int], said: dict[int, Said], at: datetime) -> dict[int, Doings]:
    """What was done in each of the cases, in one statement; counted since its last review, or for some weeks."""
    since = {case_id: said[case_id].at if case_id in said else at - LOOKING_BACK for case_id in case_ids}
    row = func.ek_case_doings(
        cast(list(since), ARRAY(Integer)),
        cast(list(since.values()), ARRAY(DateTime(timezone=True))),
        cast(_NO_DOINGS, ARRAY(Text)),
    ).table_valued(
        column("case_id", Integer), column("event", String), column("times", Integer),
        column("last_at", DateTime(timezone=True)),
    )  # fmt: skip
    last: dict[int, datetime] = {}
    changes: dict[int, list[Change]] = defaultdict(list)
    for each in db.session.execute(select(row).order_by(row.c.last_at.desc(), row.c.event)):
        if each.event not in _WHO_HAS_IT:
            last.setdefault(each.case_id, each.last_at)
        if each.times:
            changes[each.case_id].append(Change(_LABELS.get(each.event, each.event), each.times))
    return {case_id: Doings(last.get(case_id), since[case_id], changes[case_id]) for case_id in since}


def reviews_of(case_id: int) -> list[CaseReview]:
    """What was said about a case at each meeting, the latest first."""
    statement = (
        select(CaseReview)
        .options(joinedload(CaseReview.by).lazyload(User.unit))
        .where(CaseReview.case_id == case_id)
        .order_by(CaseReview.at.desc(), CaseReview.id.desc())
    )
    return list(db.session.scalars(statement))
