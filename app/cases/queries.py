"""Reading one case and who sees it. What exists for whom is the row scope's business, never the query's."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, bindparam, column, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from app.access.models import Role, User
from app.access.policy import OWNING_ROLES
from app.access.queries import users
from app.cases.models import AccessKind, Case, CaseAccess
from app.core import danish
from app.core.database import row_scope
from app.core.errors import found
from app.deadlines.resolvers import CaseContact
from app.extensions import db
from app.people.models import Citizen
from app.places.models import Bydel, School

NAMED_ROLES = (Role.KOORDINATOR, Role.MENTOR)
GIVEN_BY_HAND = (AccessKind.MEMBER, AccessKind.MENTOR)


_CASE = (
    select(Case)
    .where(Case.id == bindparam("case_id"))
    .options(
        joinedload(Case.citizen).options(
            joinedload(Citizen.bydel).load_only(Bydel.name), joinedload(Citizen.school).load_only(School.name)
        ),
        joinedload(Case.owner).lazyload(User.unit),
        joinedload(Case.unit),
        # Asked of every case that is opened: rows about the reader, who has one or two.
        joinedload(Case.access),
    )
    # Ending one's own access is followed by looking again.
    .execution_options(populate_existing=True)
)


def get_case(case_id: int) -> Case:
    """The case with its citizen, places, unit, owner, and why the reader sees it, in one statement.

    Raises NotFoundError when there is none, which is also said of one out of sight.
    """
    return found(find_case(case_id))


def find_case(case_id: int) -> Case | None:
    """The case, or None when it does not exist for the reader."""
    return db.session.scalars(_CASE, {"case_id": case_id}).unique().one_or_none()


def cases_of(citizen_id: int) -> list[Case]:
    """The citizen's cases in sight, the newest first."""
    return list(db.session.scalars(select(Case).where(Case.citizen_id == citizen_id).order_by(Case.number.desc())))


def other_open_cases(case: Case) -> list[Case]:
    """Open cases of the same citizen in sight of the reader, beside this one.

    Somebody who did not see this one may have opened them; whoever sees both has to know.
    """
    same = Case.citizen_id == case.citizen_id, Case.id != case.id, Case.closed_on.is_(None)
    return list(db.session.scalars(select(Case).where(*same).order_by(Case.number).options(lazyload(Case.citizen))))


def open_case_of(citizen_id: int) -> Case | None:
    """The citizen's open case, if there is one in sight."""
    return next((case for case in cases_of(citizen_id) if case.is_open), None)


@dataclass(frozen=True)
class Member:
    """Somebody who sees, saw or will see a case by name. id is that of the access."""

    id: int
    user_id: int
    name: str
    role: Role
    kind: AccessKind
    from_day: date
    to_day: date | None

    def is_valid(self, today: date) -> bool:
        """Whether it holds today."""
        return self.overlaps(today, today)

    def is_over(self, today: date) -> bool:
        """Whether it has ended."""
        return self.to_day is not None and self.to_day < today

    def overlaps(self, from_day: date, to_day: date | None) -> bool:
        """Whether it holds on any of the days; None is open."""
        return (self.to_day is None or self.to_day >= from_day) and (to_day is None or self.from_day <= to_day)


_ROW: Any = func.ek_case_members(bindparam("case_id")).table_valued(
    column("id", Integer), column("user_id", Integer), column("kind", String),
    column("from_day", Date), column("to_day", Date),
)  # fmt: skip
_MEMBERS = select(_ROW, User.name, User.role).join(User, User.id == _ROW.c.user_id).order_by(_ROW.c.from_day, _ROW.c.id)


def members(case_id: int) -> list[Member]:
    """Everybody who sees, saw or will see the case by name, by the day it began. Nobody's when it is out of sight."""
    return [
        Member(each.id, each.user_id, each.name, each.role, AccessKind(each.kind), each.from_day, each.to_day)
        for each in db.session.execute(_MEMBERS, {"case_id": case_id})
    ]


def given_access(case_id: int, access_id: int) -> Member:
    """Access to that case that was given by hand, ended or not. Raises NotFoundError when there is none."""
    given = (member for member in members(case_id) if member.kind in GIVEN_BY_HAND)
    return found(next((member for member in given if member.id == access_id), None))


def possible_owners(unit_id: int) -> list[User]:
    """Those who can answer for a case of the unit, by name."""
    return [user for user in users(unit_id=unit_id, active=True) if user.role in OWNING_ROLES]


_OWNER_NAMES = select(User.id, User.name).where(User.unit_id == bindparam("unit_id"), User.role.in_(OWNING_ROLES))


def owner_names(unit_id: int | None) -> dict[int, str]:
    """Those who answer for cases of the unit, or once did, by name."""
    rows = db.session.execute(_OWNER_NAMES, {"unit_id": unit_id}).all()
    return {row.id: row.name for row in sorted(rows, key=lambda row: danish.sort_key(row.name))}


def possible_members(unit_id: int) -> list[User]:
    """Those who can be named on a case of the unit, by name; its leader sees it anyway."""
    return [user for user in users(unit_id=unit_id, active=True) if user.role in NAMED_ROLES]


def contacts(case_ids: Collection[int]) -> dict[int, CaseContact]:
    """What reminders of the cases need: the cases, and who is named on them or barred. For the scheduler."""
    today = row_scope(db.session()).today
    barred, named = defaultdict(set), defaultdict(set)
    for access in db.session.execute(
        select(CaseAccess.case_id, CaseAccess.user_id, CaseAccess.kind, CaseAccess.from_day).where(
            CaseAccess.case_id.in_(case_ids), or_(CaseAccess.to_day.is_(None), CaseAccess.to_day >= today)
        )
    ):
        if access.kind is AccessKind.BARRED:
            barred[access.case_id].add(access.user_id)
        elif today is not None and access.from_day <= today:
            named[access.case_id].add(access.user_id)
    cases = select(Case.id, Case.number, Case.unit_id, Case.owner_id, Case.restricted).where(Case.id.in_(case_ids))
    return {
        case.id: CaseContact(
            case.number,
            case.unit_id,
            case.owner_id,
            frozenset(barred[case.id]),
            restricted=case.restricted,
            named_ids=frozenset(named[case.id]),
        )
        for case in db.session.execute(cases)
    }
