"""A small municipality: two units with all six roles, and a case for each way in which somebody can stand to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.access.models import Role, Unit, User
from app.cases.models import AccessKind, Case
from tests.factories import Make

MISSING = "missing"


@dataclass(frozen=True)
class Team:
    """A unit and one user of each role."""

    unit: Unit
    mentor: User
    koordinator: User
    leder: User
    analytiker: User
    administrator: User
    revisor: User

    @classmethod
    def made(cls, make: Make, name: str) -> "Team":
        """Make the unit and its users."""
        unit = make.unit(name)
        return cls(unit, **{role.value: make.user(role, unit, name=f"{role.label} {name}") for role in Role})

    def __iter__(self) -> Iterator[User]:
        return (self.of(role) for role in Role)

    def of(self, role: Role) -> User:
        """The team's user in the role."""
        user: User = getattr(self, role.value)
        return user


@dataclass(frozen=True)
class World:
    """`cases` by how the users of `nord` stand to them; nobody there differs but by role.

    unit: their unit's. elsewhere: another unit's. owner, mentor: another's, which they answer for, or are mentors of.
    named: another unit's and restricted, and they are among the named. restricted: their unit's, and they are not.
    restricted_named: their unit's, and they are. ended, coming: another unit's, on which they were named until
    yesterday, or are from tomorrow. barred: their unit's, named on it, but barred.
    """

    nord: Team
    syd: Team
    cases: dict[str, Case]

    def case_id(self, relation: str) -> int:
        """The id of the case in that relation; `missing` has one that does not exist."""
        return 99_999 if relation == MISSING else self.cases[relation].id

    @classmethod
    def made(cls, make: Make, today: date) -> "World":
        """Make everybody and everything, as of that day."""
        nord, syd = Team.made(make, "Nord"), Team.made(make, "Syd")
        own, other = nord.unit, syd.unit
        cases = {
            "unit": make.case(1, unit=own),
            "elsewhere": make.case(1, unit=other),
            "owner": make.case(2, owner=nord.koordinator, unit=other),
            "named": make.case(3, members=nord, unit=other),
            "mentor": make.case(2, mentors=nord, unit=other),
            "restricted": make.case(3, unit=own),
            "restricted_named": make.case(3, members=nord, unit=own),
            "ended": make.case(1, unit=other),
            "coming": make.case(1, unit=other),
            "barred": make.case(1, members=nord, unit=own),
        }
        for user in nord:
            make.ended(cases["ended"], user, today)
            make.access(cases["coming"], user, from_day=today + timedelta(days=1))
            make.access(cases["barred"], user, AccessKind.BARRED)
            if user is not nord.koordinator:
                make.access(cases["owner"], user, AccessKind.OWNER)
        return cls(nord, syd, cases)
