"""Rows for the tests, committed through the owner's connection and encrypted by the models.

They are handed out detached on purpose: a test works with what the application's own session loads under its row scope,
and uses these for their ids and for what is known about them.
"""

import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.access.models import Absence, Role, Unit, User
from app.cases.models import AccessKind, Case, CaseAccess, CaseStatus, Referrer
from app.core import cpr as cpr_numbers
from app.core import crypto, name_tokens
from app.core.model import Base
from app.people.models import AddressProtection, Citizen, Sex
from app.places.models import Bydel, School
from tests.moments import at

ThingT = TypeVar("ThingT", bound=Base)

RESTRICTED_FROM_NIVEAU = 3
LONG_AGO = at("2020-01-01 08.00")
FIRST_NAMES = ("Amir", "Bodil", "Casper", "Ditte", "Elias", "Fatima", "Gustav", "Hodan", "Idris", "Josefine")
LAST_NAMES = ("Ørsted", "Aagaard", "Holm", "Yıldız", "Lund", "Nguyen", "Kjær", "Farah", "Bech", "Østergaard")

_NEXT_NUMBER = text(
    "INSERT INTO case_numbers AS n (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = n.last + 1 RETURNING last"
)
_ATTACH = text("UPDATE citizens SET attached = true WHERE id = :id")


class Make:
    """Makes things; whatever is not given is made up."""

    def __init__(self, owner: Engine) -> None:
        self._owner = owner
        self._count = itertools.count(1)
        self._serials = itertools.count(5000)
        self._clerks: dict[int, User] = {}

    def add(self, thing: ThingT, **known: Any) -> ThingT:
        """Commit a thing as the owner; `known` are its relationships, which a detached thing cannot load."""
        with Session(self._owner, expire_on_commit=False) as session:
            session.add(thing)
            session.flush()
            session.refresh(thing, [column.key for column in thing.__mapper__.column_attrs])
            session.commit()
            session.expunge_all()
        for name, value in known.items():
            set_committed_value(thing, name, value)
        return thing

    def number(self) -> int:
        """A number that this test has not had before."""
        return next(self._count)

    def unit(self, name: str | None = None) -> Unit:
        """A unit."""
        return self.add(Unit(name=name or f"Enhed {self.number()}"))

    def user(
        self,
        role: Role = Role.KOORDINATOR,
        unit: Unit | None = None,
        *,
        name: str | None = None,
        email: str | None = "",
        active: bool = True,
    ) -> User:
        """A user; in a unit of its own when none is given. `email=None` makes one whom no mail reaches."""
        number = self.number()
        unit = unit or self.unit()
        user = User(
            name=name or f"{FIRST_NAMES[number % 10]} {role.label} {number}",
            email=f"{role.value}{number}@kommune.example" if email == "" else email,
            role=role,
            unit_id=unit.id,
            active=active,
            created_at=LONG_AGO,
            disabled_at=None if active else LONG_AGO,
        )
        return self.add(user, unit=unit)

    def absence(self, user: User, from_day: date, to_day: date, substitute: User | None = None) -> Absence:
        """Days on which the user is away."""
        absence = Absence(
            user_id=user.id,
            from_day=from_day,
            to_day=to_day,
            substitute_id=substitute.id if substitute else None,
            created_by_id=user.id,
            created_at=LONG_AGO,
        )
        return self.add(absence, user=user, substitute=substitute)

    def bydel(self, name: str | None = None, *, active: bool = True) -> Bydel:
        """A district."""
        return self.add(Bydel(name=name or f"Bydel {self.number()}", active=active))

    def school(self, name: str | None = None, bydel: Bydel | None = None, *, active: bool = True) -> School:
        """A school."""
        bydel = bydel or self.bydel()
        return self.add(School(name=name or f"Skole {self.number()}", bydel_id=bydel.id, active=active), bydel=bydel)

    def cpr(self, born: date = date(2010, 5, 17)) -> cpr_numbers.Cpr:
        """A CPR number that nobody else in the test has; for births from 2000 to 2036."""
        return cpr_numbers.parse(f"{born:%d%m%y}{next(self._serials)}", today=date.max)

    def citizen(
        self,
        name: str | None = None,
        *,
        cpr: cpr_numbers.Cpr | None = None,
        born: date | None = None,
        sex: Sex = Sex.UNKNOWN,
        address_protection: AddressProtection = AddressProtection.NO,
        bydel: Bydel | None = None,
        school: School | None = None,
        created_by: User | None = None,
        attached: bool = False,
    ) -> Citizen:
        """A citizen, not yet attached to a case. born: of one whose CPR number is not known."""
        number = self.number()
        name = name or f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10 % 10]}"
        if born is None:
            cpr = cpr or self.cpr()
        created_by = created_by or self._clerk(None)
        keyring = crypto.installed()
        citizen = Citizen(
            name=name,
            name_tokens=name_tokens.tokens(name, keyring),
            cpr=cpr.digits if cpr else None,
            cpr_index=keyring.blind_index(cpr.digits, "cpr") if cpr else None,
            birth_month=(cpr.birth_date if cpr else born or LONG_AGO.date()).replace(day=1),
            stated_birth_date=None if born is None else born.isoformat(),
            sex=sex,
            address_protection=address_protection,
            bydel_id=bydel.id if bydel else None,
            school_id=school.id if school else None,
            attached=attached,
            created_by_id=created_by.id,
            created_at=LONG_AGO,
        )
        return self.add(citizen, bydel=bydel, school=school)

    def case(
        self,
        niveau: int = 1,
        *,
        citizen: Citizen | None = None,
        unit: Unit | None = None,
        owner: User | None = None,
        members: Iterable[User] = (),
        mentors: Iterable[User] = (),
        restricted: bool | None = None,
        opened: date = date(2026, 1, 5),
        closed: date | None = None,
        referrer: Referrer = Referrer.POLICE,
        concern: str = "Bekymring for omgangskredsen",
        status: CaseStatus | None = None,
    ) -> Case:
        """A case on a citizen of its own; in the owner's unit, if there is one, and restricted from niveau 3."""
        status = status or (CaseStatus.CLOSED if closed else CaseStatus.ACTIVE)
        unit = unit or (owner.unit if owner else None) or self.unit()
        opened_by = owner or self._clerk(unit)
        citizen = citizen or self.citizen(created_by=opened_by)
        case_id, number = self._reserve(opened.year, citizen)
        case = Case(
            id=case_id,
            number=number,
            citizen_id=citizen.id,
            unit_id=unit.id,
            owner_id=owner.id if owner else None,
            restricted=niveau >= RESTRICTED_FROM_NIVEAU if restricted is None else restricted,
            niveau=niveau,
            opened_niveau=niveau,
            status=status,
            referrer=referrer,
            concern=concern,
            received_on=opened,
            opened_on=opened,
            accepted_on=opened if status in {CaseStatus.ACTIVE, CaseStatus.CLOSED} else None,
            closed_on=closed,
            opened_by_id=opened_by.id,
            opened_at=at(opened.isoformat()),
        )
        named = [
            (AccessKind.OWNER, [owner] if owner else []),
            (AccessKind.MEMBER, members),
            (AccessKind.MENTOR, mentors),
        ]
        self.add(case, citizen=citizen, unit=unit, owner=owner, access=[])
        for kind, users in named:
            for user in users:
                self.access(case, user, kind)
        return case

    def access(
        self,
        case: Case,
        user: User,
        kind: AccessKind = AccessKind.MEMBER,
        from_day: date = date(2020, 1, 1),
        to_day: date | None = None,
    ) -> CaseAccess:
        """A row about who sees the case."""
        row = CaseAccess(case_id=case.id, user_id=user.id, kind=kind, from_day=from_day, to_day=to_day)
        set_committed_value(case, "access", [*case.access, self.add(row)])
        return row

    def ended(self, case: Case, user: User, today: date) -> CaseAccess:
        """Access whose last day was yesterday."""
        return self.access(case, user, to_day=today - timedelta(days=1))

    def _clerk(self, unit: Unit | None) -> User:
        """Whoever did what nobody is said to have done; one for each unit, closed."""
        key = unit.id if unit else 0
        if key not in self._clerks:
            self._clerks[key] = self.user(unit=unit, name="Tidligere medarbejder", email=None, active=False)
        return self._clerks[key]

    def _reserve(self, year: int, citizen: Citizen) -> tuple[int, str]:
        with self._owner.begin() as connection:
            connection.execute(_ATTACH, {"id": citizen.id})
            last = connection.scalar(_NEXT_NUMBER, {"year": year})
            case_id = connection.scalar(text("SELECT nextval('case_ids')"))
        set_committed_value(citizen, "attached", True)
        return int(case_id or 0), f"{year}-{last:04}"
