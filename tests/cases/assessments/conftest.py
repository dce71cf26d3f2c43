"""A coordinator's case on niveau 2, and assessments in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.cases.assessments import queries, services
from app.cases.assessments.models import Assessment, Rating, RatingSource, Urgency
from app.cases.assessments.said import Said
from app.cases.models import Case
from app.cases.queries import get_case
from tests.browser import Browser
from tests.conftest import ActAs, Freeze
from tests.factories import Make
from tests.moments import at

MORNING = "2026-03-03 10.00"
NOW = at(MORNING)
JUDGEMENT: dict[str, Any] = {
    "main_source": RatingSource.CITIZEN,
    "urgency": Urgency.MODERATE,
    "urgency_reasons": "To nye forhold på en måned",
    "proposed_niveau": 2,
}
JUDGEMENT_TYPED = {
    "main_source": "borgeren",
    "urgency": "moderat",
    "urgency_reasons": "To nye forhold på en måned",
    "proposed_niveau": "2",
}


@dataclass
class Desk:
    """The coordinator's desk: acts by the coordinator in one case, through the services."""

    case: Case
    by: User
    session: scoped_session[Session]

    def start(self, now: datetime = NOW) -> Assessment:
        services.start_draft(self.case, by=self.by, at=now)
        return self.draft()

    def draft(self) -> Assessment:
        """The draft as it is read from the database."""
        self.session.flush()
        self.session.expire_all()
        draft = queries.draft_of(get_case(self.case.id))
        assert draft is not None
        return draft

    def save(
        self,
        draft: Assessment,
        answers: Mapping[str, Said] | None = None,
        now: datetime = NOW,
        by: User | None = None,
        **facts: Any,
    ) -> bool:
        return services.save_draft(draft, facts=facts, answers=answers or {}, by=by or self.by, at=now)

    def finish(self, draft: Assessment, now: datetime = NOW, **facts: Any) -> Assessment:
        """Fill in whatever is missing."""
        services.mark_rest_unknown(draft, by=self.by, at=now)
        services.confirm_carried(draft, by=self.by, at=now)
        self.save(draft, now=now, **JUDGEMENT | facts)
        return self.draft()

    def signed(
        self,
        now: datetime = NOW,
        answers: Mapping[str, Said] | None = None,
        late_reason: str | None = None,
        **facts: Any,
    ) -> Assessment:
        """A whole assessment, from the first click to the signature."""
        draft = self.start(now)
        self.save(draft, answers, now)
        draft = self.finish(draft, now, **{"on_day": now.date()} | facts)
        services.sign(draft, late_reason=late_reason, by=self.by, at=now)
        self.session.expire_all()
        return queries.get_assessment(self.case.id, draft.id)


def said(assessment: Assessment, item: str) -> Any:
    """What the assessment says about an item."""
    return next(rating for rating in assessment.ratings if rating.item == item)


def rated(rating: Rating, reasons: str | None = None) -> Said:
    return Said(rating, reasons=reasons)


@pytest.fixture
def koordinator(make: Make) -> User:
    return make.user(name="Karin Kjær")


@pytest.fixture
def case(make: Make, koordinator: User) -> Case:
    citizen = make.citizen("Fatima Yıldız", created_by=koordinator)
    return make.case(2, citizen=citizen, owner=koordinator, opened=date(2026, 1, 5))


@pytest.fixture
def desk(db_session: scoped_session[Session], acting_as: ActAs, case: Case, koordinator: User) -> Desk:
    acting_as(koordinator, date(2026, 3, 3))
    return Desk(get_case(case.id), koordinator, db_session)


@pytest.fixture
def tab(case: Case) -> str:
    """The address of the tab."""
    return f"/sager/{case.id}/risikovurdering"


MoveTo = Callable[[str], object]


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
    move_to(MORNING)
    return client


@pytest.fixture
def draft_url(browse: Browser, tab: str) -> str:
    """The address of a draft that was begun just now."""
    return browse.submit(browse.get(tab), form="Begynd vurderingen").url
