"""The draft: one per case, begun from what was signed last, and saved as it is written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm.attributes import flag_modified

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.assessments import queries
from app.cases.assessments.checklist import Checklist
from app.cases.assessments.models import Assessment, ItemRating, Rating, State
from app.cases.assessments.said import Said
from app.cases.models import Case
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db

# Drafts are saved every few seconds. The record tells of each sitting, not of each pause between two words.
SITTING: Final = timedelta(minutes=15)


def start_draft(case: Case, *, by: User, at: datetime) -> Assessment:
    """Begin an assessment by the checklist in force, filled in with what was signed last and marked as carried over.

    Raises DomainError when the case is not open, or somebody is writing one already.
    """
    require_open(case)
    queries.lock_case(case.id)
    draft = queries.draft_of(case)
    if draft is not None:
        raise DomainError(f"{draft.saved_by.name} er allerede i gang med en kladde i sagen.")
    version = queries.checklist_on(local_day(at))
    draft = Assessment(
        case_id=case.id,
        checklist_id=version.id,
        on_day=local_day(at),
        started_by_id=by.id,
        started_at=at,
        saved_by_id=by.id,
        saved_at=at,
    )
    earlier = queries.latest_signed(case)
    db.session.add(draft)
    db.session.flush()
    known = {rating.item: rating for rating in earlier.ratings} if earlier else {}
    items = Checklist.read(version.content).items
    db.session.add_all([_begun(draft, code, known.get(code)) for code in items])
    log.record(Event.ASSESSMENT_STARTED, by=by, at=at, case_id=case.id, subject=draft.subject)
    db.session.flush()
    return draft


def _begun(draft: Assessment, item: str, earlier: ItemRating | None) -> ItemRating:
    """A line of the new draft, with what the earlier assessment said."""
    rating = ItemRating(assessment_id=draft.id, case_id=draft.case_id, item=item, carried=earlier is not None)
    if earlier is not None:
        rating.rating, rating.source = earlier.rating, earlier.source
        rating.observed_on, rating.reasons = earlier.observed_on, earlier.reasons
    return rating


def save_draft(
    draft: Assessment, *, facts: Mapping[str, Any], answers: Mapping[str, Said], by: User, at: datetime
) -> bool:
    """Save what has been written so far; return whether anything was new.

    facts: values by the names in FACTS; those that are missing stay. answers: by code of the item; likewise.
    An item that is changed or confirmed counts as carried over no more.
    Raises DomainError when the case is closed; StaleDataError when somebody else saved at the same moment.
    """
    require_open(draft.case)
    ratings = {rating.item: rating for rating in draft.ratings}
    news = {code: said for code, said in answers.items() if code in ratings and _is_new(ratings[code], said)}
    changed = {name: value for name, value in facts.items() if getattr(draft, name) != value}
    if not news and not changed:
        return False
    _record_sitting(draft, by=by, at=at)
    for name, value in changed.items():
        setattr(draft, name, value)
    draft.saved_by_id, draft.saved_at = by.id, at
    flag_modified(draft, "saved_at")
    # The assessment before its ratings, in every act: two who save at once meet at one row, and neither waits in vain.
    db.session.flush()
    for code, said in news.items():
        rating = ratings[code]
        rating.rating, rating.source = said.rating, said.source
        rating.observed_on, rating.reasons = said.observed_on, said.reasons
        rating.carried = False
    db.session.flush()
    return True


def mark_rest_unknown(draft: Assessment, *, by: User, at: datetime) -> int:
    """Mark every item that has no answer as unknown; return how many there were."""
    rest = {rating.item: Said(Rating.UNKNOWN) for rating in draft.ratings if rating.rating is None}
    save_draft(draft, facts={}, answers=rest, by=by, at=at)
    return len(rest)


def confirm_carried(draft: Assessment, *, by: User, at: datetime) -> int:
    """Say that all that was carried over still holds; return how many answers there were."""
    carried = {
        rating.item: Said(rating.rating, rating.source, rating.observed_on, rating.reasons, confirmed=True)
        for rating in draft.ratings
        if rating.carried
    }
    save_draft(draft, facts={}, answers=carried, by=by, at=at)
    return len(carried)


def discard_draft(draft: Assessment, *, by: User, at: datetime) -> None:
    """Give the draft up. It is shown no more, but stays in the database."""
    draft.state, draft.ended_by_id, draft.ended_at = State.DISCARDED, by.id, at
    log.record(Event.ASSESSMENT_DISCARDED, by=by, at=at, case_id=draft.case_id, subject=draft.subject)
    db.session.flush()


def require_open(case: Case) -> None:
    """Raise DomainError when the case is not open."""
    if case.closed_on is not None:
        raise DomainError("Sagen er afsluttet. Der kan ikke skrives risikovurderinger i den.")


def _is_new(rating: ItemRating, said: Said) -> bool:
    if rating.carried and said.confirmed:
        return True
    stored = rating.rating, rating.source, rating.observed_on, rating.reasons
    return stored != (said.rating, said.source, said.observed_on, said.reasons)


def _record_sitting(draft: Assessment, *, by: User, at: datetime) -> None:
    begun_just_now = draft.version == 1
    if begun_just_now or draft.saved_by_id != by.id or at - draft.saved_at > SITTING:
        log.record(Event.ASSESSMENT_SAVED, by=by, at=at, case_id=draft.case_id, subject=draft.subject)
