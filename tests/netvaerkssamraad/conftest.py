"""A coordinator's case on a young person, and netværkssamråd in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.models import Case
from app.cases.queries import get_case
from app.deadlines.models import Deadline
from app.deadlines.queries import deadline_of
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Documentation, Means, Netvaerkssamraad, Party, PartyRole
from tests.browser import Browser
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.moments import at

BORN = date(2010, 5, 17)
RECEIVED = at("2026-03-03 10.00")


@dataclass
class Desk:
    """The coordinator's desk: acts by the coordinator in one case, through the services."""

    case: Case
    by: User
    session: scoped_session[Session]

    def register(self, received_at: datetime = RECEIVED, now: datetime | None = None, **known: Any) -> Netvaerkssamraad:
        facts = {
            "documentation": Documentation.POLICE_LIST,
            "received_from": "Københavns Vestegns Politi",
            "why_serious": "Røveri med kniv",
        }
        return services.register_documentation(
            self.case, received_at=received_at, **facts | known, by=self.by, at=now or received_at
        )

    def parent(self, samraad: Netvaerkssamraad, name: str = "Mona Holm") -> Party:
        now = samraad.received_at
        return services.add_party(samraad, role=PartyRole.CUSTODY_HOLDER, name=name, by=self.by, at=now)

    def summon(self, samraad: Netvaerkssamraad, sent_at: datetime, now: datetime | None = None, **known: Any) -> None:
        facts: dict[str, Any] = {"means": Means.DIGITAL_POST, "parties": samraad.parties, "sent_at": sent_at}
        services.send_summons(samraad, **facts | known, by=self.by, at=now or sent_at)

    def summoned(self, received_at: datetime = RECEIVED) -> Netvaerkssamraad:
        samraad = self.register(received_at)
        self.parent(samraad)
        self.summon(samraad, received_at)
        return samraad

    def held(self, held_on: date) -> Netvaerkssamraad:
        samraad = self.summoned(at(held_on.isoformat() + " 08.00"))
        services.record_held(samraad, held_on=held_on, by=self.by, at=at(held_on.isoformat()))
        return samraad

    def clock(self, samraad: Netvaerkssamraad) -> Deadline:
        deadline = deadline_of("netvaerkssamraad", samraad.id)
        assert deadline is not None
        return deadline


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(name="Karin Kjær")


@pytest.fixture
def case(make: Make, koordinator: User) -> Case:
    citizen = make.citizen("Fatima Yıldız", cpr=make.cpr(BORN), created_by=koordinator)
    return make.case(2, citizen=citizen, owner=koordinator)


@pytest.fixture
def desk(db_session: scoped_session[Session], acting_as: ActAs, case: Case, koordinator: User) -> Desk:
    acting_as(koordinator, date(2026, 3, 3))
    return Desk(get_case(case.id), koordinator, db_session)


TYPED = {"received_from": "Københavns Vestegns Politi", "why_serious": "Røveri med kniv"}
MoveTo = Callable[[str], object]


@pytest.fixture
def tab(case: Case) -> str:
    """The address of the tab."""
    return f"/sager/{case.id}/netvaerkssamraad"


@pytest.fixture
def move_to(frozen: Freeze, client: Browser, koordinator: User) -> MoveTo:
    """Let all clocks show another moment; the coordinator has signed in again by then."""

    def move(moment: str) -> None:
        frozen(moment)
        client.sign_in(koordinator)

    return move


@pytest.fixture
def browse(move_to: MoveTo, client: Browser) -> Browser:
    """The coordinator's browser, on Tuesday 3 March 2026 at ten o'clock."""
    move_to("2026-03-03 10.00")
    return client


@pytest.fixture
def samraad_url(browse: Browser, tab: str) -> str:
    """The address of a netværkssamråd whose documentation was received just now."""
    return browse.submit(browse.get(f"{tab}/ny"), TYPED).url
