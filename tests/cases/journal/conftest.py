"""A coordinator's case on a young person, and a journal in it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.journal import services
from app.cases.journal.models import JournalLetter, JournalNote, NoteKind
from app.cases.models import Case
from app.cases.queries import get_case
from tests.browser import Browser
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.moments import at

TODAY = date(2026, 11, 20)
NOW = at("2026-11-20 10.00")
BORN = date(2010, 5, 17)


@dataclass
class Desk:
    """The coordinator's desk: acts by the coordinator in one case, through the services."""

    case: Case
    by: User
    session: scoped_session[Session]

    def note(self, text: str = "Moren er bekymret", now: datetime = NOW, **known: Any) -> JournalNote:
        facts: dict[str, Any] = {
            "kind": NoteKind.PHONE,
            "happened_on": TODAY,
            "happened_time": time(9, 30),
            "parties": "Moren",
        }
        return services.add_note(self.case, **facts | known, text=text, by=self.by, at=now)

    def correct(self, note: JournalNote, now: datetime = NOW, by: User | None = None, **changed: Any) -> JournalNote:
        facts: dict[str, Any] = {
            name: getattr(note, name) for name in ("kind", "happened_on", "happened_time", "parties", "text")
        }
        return services.correct_note(note, **facts | changed, by=by or self.by, at=now)

    def letter(self, now: datetime = NOW, **known: Any) -> JournalLetter:
        facts: dict[str, Any] = {
            "recipient": "Forældremyndighedsindehaver for Fatima Yıldız",
            "meeting_on": date(2026, 11, 27),
            "meeting_time": time(14, 30),
            "place": "Rådhuset, lokale 2",
            "contact": "Karin Kjær, 22 00 00 00",
        }
        return services.make_letter(self.case, **facts | known, by=self.by, at=now)


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(name="Karin Kjær")


@pytest.fixture
def case(make: Make, koordinator: User) -> Case:
    citizen = make.citizen("Fatima Yıldız", cpr=make.cpr(BORN), created_by=koordinator)
    return make.case(2, citizen=citizen, owner=koordinator, concern="Ses med ældre drenge")


@pytest.fixture
def desk(db_session: scoped_session[Session], acting_as: ActAs, case: Case, koordinator: User) -> Desk:
    acting_as(koordinator, TODAY)
    return Desk(get_case(case.id), koordinator, db_session)


@pytest.fixture
def home(case: Case) -> str:
    """The address of the tab."""
    return f"/sager/{case.id}/journal"


@pytest.fixture
def browse(frozen: Freeze, client: Browser, koordinator: User) -> Browser:
    """The coordinator's browser, on Friday 20 November 2026 at ten o'clock."""
    frozen("2026-11-20 10.00")
    return client.sign_in(koordinator)
