"""What lists show of cases: plain rows, because a list of objects costs more than all else on the page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Integer, any_, bindparam, func, select

from app.access.models import User
from app.cases.models import Case, CaseStatus
from app.deadlines.models import Deadline, DeadlineState, running_state
from app.extensions import db
from app.people.models import Citizen
from app.places.models import Bydel


@dataclass(frozen=True)
class Clock:
    """The most pressing running deadline of a case."""

    due_on: date

    def state(self, today: date) -> DeadlineState:
        """Where it stands today."""
        return running_state(self.due_on, today)


@dataclass(frozen=True)
class Summary:
    """A case as a line of a list.

    owner: the name; None when nobody answers for the case. due_on: of its most pressing running deadline.
    """

    id: int
    number: str
    niveau: int
    status: CaseStatus
    opened_on: date
    name: str
    owner: str | None
    bydel: str | None
    due_on: date | None

    @property
    def clock(self) -> Clock | None:
        """The running deadline, if there is one."""
        return None if self.due_on is None else Clock(self.due_on)


_IDS = any_(bindparam("ids", type_=ARRAY(Integer)))
_DUE = (
    select(func.min(Deadline.due_on))
    .where(Deadline.case_id == Case.id, Deadline.stopped_at.is_(None))
    .scalar_subquery()
)
_SUMMARIES = (
    select(
        Case.id,
        Case.number,
        Case.niveau,
        Case.status,
        Case.opened_on,
        Citizen.name,
        User.name.label("owner"),
        Bydel.name.label("bydel"),
        _DUE.label("due_on"),
    )
    .join(Citizen, Citizen.id == Case.citizen_id)
    .outerjoin(User, User.id == Case.owner_id)
    .outerjoin(Bydel, Bydel.id == Citizen.bydel_id)
    .where(Case.id == _IDS)
)


def summaries(case_ids: list[int]) -> dict[int, Summary]:
    """The cases in sight, in one statement, by id and in the order of the ids."""
    if not case_ids:
        return {}
    found = {row.id: Summary(*row) for row in db.session.execute(_SUMMARIES, {"ids": case_ids})}
    return {case_id: found[case_id] for case_id in case_ids if case_id in found}
