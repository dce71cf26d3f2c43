"""The pages that are measured, for whom, and what they are held to."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.access.models import Role, User
from app.cases.journal.models import JournalNote
from app.cases.models import AccessKind, Case, CaseAccess, CaseStatus
from app.core.name_tokens import words
from app.demo.large import NOTES_OF_A_BUSY_CASE
from tests.bench.client import Answer, AnswerError, Connection, SignedIn, request, sign_in
from tests.bench.installation import Site, Web

COORDINATOR, MENTOR = "koordinator", "mentor"
CASE_HOLD, LIST_HOLD, GROWTH_HOLD = 4.0, 6.0, 1.3
MOST_STATEMENTS = 15
_SAMPLE = 40
_LOCATION = re.compile(rb"^location: (\S+)", re.IGNORECASE | re.MULTILINE)

Visit = Callable[[Connection], float]
"""Visits a page once, and returns the seconds it took."""


@dataclass(frozen=True)
class Target:
    """What is asked for: an address, or words that are typed into the search box."""

    path: str
    sought: str | None = None


@dataclass(frozen=True)
class Page:
    """A page as one employee sees it. Its targets are visited in turn."""

    label: str
    login: str
    hold: float
    targets: Sequence[Target]


def pages_of(site: Site) -> list[Page]:
    """The pages of an installation, with addresses chosen among its cases; the same ones in every run."""
    engine = create_engine(site.owner_url)
    with Session(engine) as session:
        sample = _sample(session, Random(site.cases))
        mentors = _mentors_cases(session, site.email(MENTOR))
        busy = _busy_cases(session)
    engine.dispose()
    numbers = [case.id for case in sample]
    return [
        Page("case page", COORDINATOR, CASE_HOLD, _addresses("/sager/{}", numbers)),
        Page("case page", MENTOR, CASE_HOLD, _addresses("/sager/{}", mentors)),
        Page("netværkssamråd tab", COORDINATOR, LIST_HOLD, _addresses("/sager/{}/netvaerkssamraad", numbers)),
        Page("journal with 200 notes", COORDINATOR, LIST_HOLD, _addresses("/sager/{}/journal", busy)),
        Page("list of cases", COORDINATOR, LIST_HOLD, [Target("/sager")]),
        Page("list of cases", MENTOR, LIST_HOLD, [Target("/sager")]),
        Page("name search", COORDINATOR, LIST_HOLD, [Target("/sager", _typed(case)) for case in sample]),
        Page(
            "name search, closed too",
            COORDINATOR,
            LIST_HOLD,
            [Target("/sager?status=alle", _typed(case)) for case in sample],
        ),
        Page("CPR search", COORDINATOR, LIST_HOLD, [Target("/sager", case.citizen.cpr) for case in sample]),
        Page("Min dag", COORDINATOR, LIST_HOLD, [Target("/")]),
        Page("Min dag", MENTOR, LIST_HOLD, [Target("/")]),
        Page("frister", COORDINATOR, LIST_HOLD, [Target("/frister")]),
        Page("frister", MENTOR, LIST_HOLD, [Target("/frister")]),
    ]


def _sample(session: Session, random: Random) -> list[Case]:
    """Cases that every coordinator sees: half of them open, half from all of the closed history."""
    found: list[Case] = []
    for status in (CaseStatus.ACTIVE, CaseStatus.CLOSED):
        ids = session.scalars(
            select(Case.id).where(Case.status == status, Case.restricted.is_(False)).order_by(Case.id)
        ).all()
        chosen = random.sample(ids, _SAMPLE // 2)
        found += session.scalars(select(Case).where(Case.id.in_(chosen)))
    random.shuffle(found)
    return found


def _mentors_cases(session: Session, email: str) -> list[int]:
    statement = (
        select(CaseAccess.case_id)
        .join(User, User.id == CaseAccess.user_id)
        .where(User.email == email, User.role == Role.MENTOR, CaseAccess.kind == AccessKind.MENTOR)
    )
    return list(session.scalars(statement.order_by(CaseAccess.case_id)))


def _busy_cases(session: Session) -> list[int]:
    """Cases with many journal notes that every coordinator sees."""
    statement = (
        select(JournalNote.case_id)
        .join(Case, Case.id == JournalNote.case_id)
        .where(Case.restricted.is_(False))
        .group_by(JournalNote.case_id)
        .having(func.count() >= NOTES_OF_A_BUSY_CASE)
        .order_by(JournalNote.case_id)
    )
    return list(session.scalars(statement.limit(_SAMPLE)))


def _typed(case: Case) -> str:
    """What somebody types to find the citizen: the beginning of the first name and of the last."""
    first, *_, last = words(case.citizen.name)
    return f"{first[:4]} {last[:3]}"


def _addresses(pattern: str, numbers: Sequence[int]) -> list[Target]:
    return [Target(pattern.format(number)) for number in numbers]


class Visitors:
    """The employees of one installation, signed in."""

    def __init__(self, site: Site, web: Web) -> None:
        self._sessions = {login: sign_in(web.port, site.email(login), site.password) for login in (COORDINATOR, MENTOR)}

    def visits(self, page: Page) -> list[Visit]:
        """One visit for each target of the page."""
        session = self._sessions[page.login]
        return [
            _search(session, target) if target.sought else _show(session.request(target.path))
            for target in page.targets
        ]


def bare_visits(rows: int, *, recorded: bool = False) -> list[Visit]:
    """Visits of the bare page, or of the one that also commits a row, for rows from all of the table."""
    chosen = Random(rows).sample(range(1, rows + 1), _SAMPLE)
    return [_show(request(f"/{number}/recorded" if recorded else f"/{number}")) for number in chosen]


def _show(content: bytes) -> Visit:
    def visit(connection: Connection) -> float:
        return expect(connection.send(content), 200).seconds

    return visit


def _search(session: SignedIn, target: Target) -> Visit:
    """Post the words and follow to what they find; both answers are waited for, so both count."""
    posted = session.request(target.path, {"words": target.sought or ""})

    def visit(connection: Connection) -> float:
        accepted = expect(connection.send(posted), 302)
        shown = expect(connection.send(session.request(location(accepted))), 200)
        return accepted.seconds + shown.seconds

    return visit


def location(answer: Answer) -> str:
    """Where a redirect leads."""
    match: Any = _LOCATION.search(answer.head)
    return str(match[1].decode())


def expect(answer: Answer, status: int) -> Answer:
    """Raise AnswerError when the answer is another than the one that is measured."""
    if answer.status != status:
        raise AnswerError(f"answered {answer.status} instead of {status}")
    return answer
