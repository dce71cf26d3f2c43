"""A large synthetic unit for measurements.

The closed history grows with the number of cases; 2,000 at most are open, and the number of employees stays.
Each case has one netværkssamråd with five parties, one deadline and five events in the record; one open case in fifty
has two hundred journal notes as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Table

from app.access.models import Role
from app.audit.models import AuditEvent, Event
from app.cases.journal.models import JournalNote, NoteKind
from app.cases.models import AccessKind, Case, CaseAccess, CaseNumber, CaseStatus, Referrer
from app.core import clock, crypto, name_tokens
from app.core.model import Base
from app.deadlines import arithmetic
from app.deadlines.models import Deadline, StopOutcome
from app.deadlines.queries import rule_on
from app.demo import names
from app.demo.bulk import copy_rows, restart_identity
from app.demo.invented import People
from app.demo.unit import DemoUnit
from app.extensions import db
from app.netvaerkssamraad.models import (
    SUBJECT,
    SUMMONS_RULE,
    Documentation,
    Means,
    Netvaerkssamraad,
    Outcome,
    Party,
    PartyRole,
)
from app.people.models import AddressProtection, Citizen

OPEN = 2000
YEARS_BACK = 10
PARTIES = (PartyRole.YOUNG_PERSON, PartyRole.CUSTODY_HOLDER, PartyRole.CUSTODY_HOLDER, PartyRole.NETWORK)
PARTIES_EACH = (*PARTIES, PartyRole.PROFESSIONAL)
READS_EACH = 5
CASES_PER_MENTOR = 12
AGES = (11, 16)
ONE_IN_SO_MANY_IS_BUSY = 50
NOTES_OF_A_BUSY_CASE = 200


@dataclass
class _Rows:
    """The rows of each table, by column."""

    of: dict[type[Base], tuple[list[str], list[list[Any]]]] = field(default_factory=dict)

    def add(self, model: type[Base], **values: Any) -> None:
        """Keep one row; every row of a table has the same columns."""
        _, rows = self.of.setdefault(model, (list(values), []))
        rows.append(list(values.values()))

    def copy(self, connection: Connection, order: tuple[type[Base], ...]) -> dict[str, int]:
        """Copy everything in, and let go of it."""
        counts = {}
        for model in order:
            columns, rows = self.of.pop(model, ([], []))
            counts[model.__tablename__] = copy_rows(connection, _table(model), columns, rows) if rows else 0
        return counts


ORDER = (Citizen, CaseAccess, Case, Netvaerkssamraad, Party, Deadline, JournalNote, AuditEvent)
CHUNK = 5000


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker: models here are not joins
    return table


def make_cases(unit: DemoUnit, people: People, random: Random, *, count: int, at: datetime) -> dict[str, int]:
    """Make so many cases; return how many rows each table got."""
    maker = _Maker(unit, people, random, at)
    total: dict[str, int] = {}
    connection = db.session.connection()
    for number, day in enumerate(_days(random, count, clock.local_date(at)), start=1):
        maker.make(number, day, is_open=number > count - OPEN)
        if number % CHUNK == 0 or number == count:
            for table, rows in maker.rows.copy(connection, ORDER).items():
                total[table] = total.get(table, 0) + rows
    maker.leave_counters(connection)
    return total


def _days(random: Random, count: int, today: date) -> Iterator[date]:
    """The days on which the cases were opened, the open ones within the last ten months."""
    closed = max(count - OPEN, 0)
    old = sorted(random.randint(360, YEARS_BACK * 365) for _ in range(closed))
    new = sorted(random.randint(0, 300) for _ in range(count - closed))
    for back in [*reversed(old), *reversed(new)]:
        yield today - timedelta(days=back)


class _Maker:
    """Makes cases one after the other."""

    def __init__(self, unit: DemoUnit, people: People, random: Random, at: datetime) -> None:
        self.rows = _Rows()
        self._unit, self._people, self._random, self._at = unit, people, random, at
        self._keyring = crypto.installed()
        self._rule = rule_on(SUMMONS_RULE, clock.local_date(at))
        self._last: dict[int, int] = {}
        self._owners = [user for user in unit.employees.values() if user.role is Role.KOORDINATOR]

    def make(self, number: int, day: date, *, is_open: bool) -> None:
        """One case with all that hangs on it."""
        instant = clock.from_local(day, time(10)).astimezone(UTC)
        owner = self._random.choice(self._owners).id
        self._citizen(number, day, owner, instant, is_open=is_open)
        self._case(number, day, owner, instant, is_open=is_open)
        self._samraad(number, owner, instant, is_open=is_open)
        if is_open and number % ONE_IN_SO_MANY_IS_BUSY == 0:
            self._notes(number, owner, instant)
        for read in range(READS_EACH):
            self.rows.add(
                AuditEvent,
                at=instant + timedelta(days=read),
                event=Event.CASE_READ.value,
                user_id=owner,
                case_id=number,
                basis="owner",
                details={"tab": "sag"},
            )

    def _citizen(self, number: int, day: date, owner: int, instant: datetime, *, is_open: bool) -> None:
        person = self._people.of_age(self._random.randint(*AGES), day)
        school = self._random.choice(self._unit.schools)
        self.rows.add(
            Citizen,
            id=number,
            name=person.name,
            name_tokens=name_tokens.tokens(person.name, self._keyring),
            cpr=person.cpr.digits,
            cpr_index=self._keyring.blind_index(person.cpr.digits, "cpr"),
            birth_month=person.cpr.birth_date.replace(day=1),
            sex=person.sex,
            address_protection=AddressProtection.NO,
            bydel_id=school.bydel_id,
            school_id=school.id,
            attached=True,
            in_active_case=is_open,
            created_by_id=owner,
            created_at=instant,
            version=1,
        )

    def _case(self, number: int, day: date, owner: int, instant: datetime, *, is_open: bool) -> None:
        self._last[day.year] = self._last.get(day.year, 0) + 1
        niveau = self._random.choices((1, 2, 3), (78, 20, 2))[0]
        self.rows.add(CaseAccess, case_id=number, user_id=owner, kind=AccessKind.OWNER, from_day=day)
        if is_open and self._random.random() < len(self._unit.mentors) * CASES_PER_MENTOR / OPEN:
            mentor = self._random.choice(self._unit.mentors).id
            self.rows.add(CaseAccess, case_id=number, user_id=mentor, kind=AccessKind.MENTOR, from_day=day)
        self.rows.add(
            Case,
            id=number,
            number=f"{day.year}-{self._last[day.year]:04}",
            citizen_id=number,
            unit_id=self._unit.unit.id,
            owner_id=owner,
            restricted=niveau == 3,  # noqa: PLR2004 - niveau 3 is restricted
            niveau=niveau,
            opened_niveau=niveau,
            status=CaseStatus.ACTIVE if is_open else CaseStatus.CLOSED,
            referrer=self._random.choice(list(Referrer)),
            concern=self._random.choice(names.CONCERNS),
            received_on=day,
            opened_on=day,
            accepted_on=day,
            closed_on=None if is_open else day + timedelta(days=self._random.randint(30, 350)),
            opened_by_id=owner,
            opened_at=instant,
            version=1,
        )

    def _samraad(self, number: int, owner: int, instant: datetime, *, is_open: bool) -> None:
        due_on = arithmetic.due_date(instant, self._rule.length, self._rule.unit, self._rule.direction)
        summoned = None if is_open else instant + timedelta(days=self._random.randint(1, 8))
        self.rows.add(
            Netvaerkssamraad,
            id=number,
            case_id=number,
            documentation=Documentation.POLICE_LIST,
            received_at=instant,
            received_from="Vestegnens Politi",
            why_serious=self._random.choice(names.WHY_SERIOUS),
            age=15,
            registered_by_id=owner,
            registered_at=instant,
            summoned_at=summoned,
            means=Means.DIGITAL_POST if summoned else None,
            outcome=Outcome.NOT_HELD if summoned else None,
            reason="Familien ønskede et andet forløb." if summoned else None,
            version=1,
        )
        for role in PARTIES_EACH:
            name = f"{self._random.choice(names.GIRLS)} {self._random.choice(names.FAMILY)}"
            self.rows.add(
                Party, samraad_id=number, case_id=number, role=role, name=name, summoned=summoned is not None, version=1
            )
        self.rows.add(
            Deadline,
            case_id=number,
            rule_id=self._rule.id,
            subject_kind=SUBJECT,
            subject_id=number,
            started_at=instant,
            started_on=clock.local_date(instant),
            due_on=due_on,
            last_workday=arithmetic.last_workday(due_on),
            next_reminder_on=None if summoned else clock.local_date(self._at),
            stopped_at=summoned,
            stopped_on=summoned and clock.local_date(summoned),
            outcome=StopOutcome.MET if summoned else None,
            version=1,
        )

    def _notes(self, number: int, owner: int, instant: datetime) -> None:
        for note in range(NOTES_OF_A_BUSY_CASE):
            written_at = instant + timedelta(hours=note)
            self.rows.add(
                JournalNote,
                case_id=number,
                original_id=None,
                revision=1,
                kind=self._random.choice((NoteKind.PHONE, NoteKind.CONVERSATION, NoteKind.OTHER)),
                happened_on=clock.local_date(written_at),
                happened_time=None,
                parties=f"{self._random.choice(names.GIRLS)} {self._random.choice(names.FAMILY)}",
                text=self._random.choice(names.CONCERNS),
                author_id=owner,
                written_at=written_at,
                superseded_at=None,
            )

    def leave_counters(self, connection: Connection) -> None:
        """Let numbers and ids go on after what was copied in."""
        years = [[year, last] for year, last in self._last.items()]
        copy_rows(connection, _table(CaseNumber), ["year", "last"], years)
        for model in (Citizen, Netvaerkssamraad):
            restart_identity(connection, _table(model))
        connection.exec_driver_sql("SELECT setval('case_ids', (SELECT max(id) FROM cases))")
