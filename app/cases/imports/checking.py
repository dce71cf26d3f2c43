"""The dry run: which rows can become cases, and why the others cannot."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ARRAY, Integer, any_, cast, select

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.imports.drafts import Choices, Draft, RowProblemsError, draft
from app.cases.imports.sheets import Row
from app.cases.models import Case
from app.core import name_tokens
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people import asking
from app.people.asking import KnownCitizen
from app.people.queries import cpr_index


@dataclass
class Checked:
    """A row with the case it is to become, or what speaks against it. citizen: who has the number already."""

    row: Row
    draft: Draft | None
    index: bytes | None
    reasons: list[str]
    citizen: KnownCitizen | None = None

    @property
    def line(self) -> int:
        """Its row in the file."""
        return self.row.line

    @property
    def content(self) -> str:
        """The cells, as they are kept."""
        return json.dumps(self.row.cells, ensure_ascii=False)

    @property
    def problem(self) -> str | None:
        """Why it cannot become a case; None when it can."""
        return "\n".join(self.reasons) or None


@dataclass
class _Seen:
    """The line on which each number stood first."""

    lines: dict[str, int] = field(default_factory=dict)


def check(rows: Iterable[Row], *, by: User, at: datetime) -> list[Checked]:
    """Check every row against the rules, the file itself, and what is known already.

    Asks about the CPR numbers, so that it must come before the savepoint of a form.
    Raises DomainError when more of them are in use out of sight than may be told.
    """
    choices, seen = Choices.for_user(by, local_day(at)), _Seen()
    checked = [_by_itself(row, choices, seen) for row in rows]
    _against_the_known(checked, by=by, at=at)
    return checked


def _by_itself(row: Row, choices: Choices, seen: _Seen) -> Checked:
    if row.reasons:
        return Checked(row, None, None, list(row.reasons))
    try:
        found = draft(row.cells, choices)
    except RowProblemsError as error:
        return Checked(row, None, None, error.reasons)
    if found.cpr is None:
        return Checked(row, found, None, [])
    first = seen.lines.setdefault(found.cpr.digits, row.line)
    reasons = [] if first == row.line else [f"»CPR-nummer« står også i række {first}. Slet den ene række."]
    return Checked(row, found, cpr_index(found.cpr), reasons)


def _against_the_known(checked: Collection[Checked], *, by: User, at: datetime) -> None:
    asked = {each.index: each for each in checked if each.index is not None and not each.reasons}
    known = asking.known(asked)
    taken = asking.taken_out_of_sight(asked.keys() - known.keys(), by=by, at=at)
    numbers = _open_cases([citizen.id for citizen in known.values()], by=by, at=at)
    lines: dict[int, int] = {}
    for index, each in asked.items():
        if index in taken:
            each.reasons.append("»CPR-nummer« er i brug i en sag, du ikke kan se. Kontakt din leder.")
        elif index in known:
            each.citizen = known[index]
            each.reasons += _against_citizen(each, known[index], numbers, lines)


def _against_citizen(each: Checked, citizen: KnownCitizen, numbers: dict[int, str], lines: dict[int, int]) -> list[str]:
    """lines: the row that each citizen was found by first; a present and a former number are one citizen's."""
    reasons = []
    first = lines.setdefault(citizen.id, each.line)
    if first != each.line:
        reasons.append(f"Borgeren står også i række {first}, med et andet CPR-nummer.")
    if citizen.id in numbers:
        reasons.append(f"Borgeren har allerede en åben sag, {numbers[citizen.id]}.")
    if each.draft is not None and not _same_name(citizen.name, each.draft.name):
        reasons.append("»Navn« er et andet end det, borgeren med CPR-nummeret er oprettet med. Ret det ene.")
    return reasons


def _same_name(one: str, other: str) -> bool:
    """Whether the words of one are all among those of the other; middle names come and go."""
    first, second = set(name_tokens.words(one)), set(name_tokens.words(other))
    return first <= second or second <= first


def _open_cases(citizen_ids: list[int], *, by: User, at: datetime) -> dict[int, str]:
    """The number of the open case in sight of each of the citizens; that it is told is recorded at the case.

    One that is out of sight neither hinders nor shows, as where a single case is opened.
    """
    if not citizen_ids:
        return {}
    statement = select(Case.id, Case.citizen_id, Case.number).where(
        Case.citizen_id == any_(cast(citizen_ids, ARRAY(Integer))), Case.closed_on.is_(None)
    )
    cases = db.session.execute(statement).all()
    if cases:
        ids = sorted(case.id for case in cases)
        log.record(Event.CASES_SEARCHED, by=by, at=at, listed_case_ids=ids, search="cpr")
    return {case.citizen_id: case.number for case in cases}
