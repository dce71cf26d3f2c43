"""Signing: what is missing, the signature, and the clock of the next review."""

from dataclasses import dataclass
from datetime import date, datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.assessments import queries
from app.cases.assessments.checklist import Checklist
from app.cases.assessments.models import REVIEW_RULES, Assessment, Rating, State
from app.cases.assessments.services.drafts import require_open
from app.cases.models import Case
from app.core.danish import format_date
from app.core.errors import DomainError
from app.deadlines import arithmetic
from app.deadlines.models import StopOutcome
from app.deadlines.queries import rule_on
from app.deadlines.services import start_deadline, stop_deadline
from app.extensions import db

DEMANDED = {
    "main_source": "Vælg, hvad vurderingen mest bygger på.",
    "urgency": "Vælg, hvor meget det haster.",
    "urgency_reasons": "Skriv, hvorfor det haster så meget eller så lidt.",
    "proposed_niveau": "Vælg det niveau, som vurderingen peger på.",
}


@dataclass(frozen=True)
class Missing:
    """Something without which nobody can sign.

    field: name on the form; for an item its code, and for answers that were carried over that of their domain.
    """

    field: str
    message: str
    is_item: bool = False
    is_domain: bool = False


def missing(draft: Assessment) -> list[Missing]:
    """What is to be done before the draft can be signed: filled in, in the order of the form, or looked at again."""
    checklist = queries.checklist_of(draft)
    stored = {rating.item: rating.rating for rating in draft.ratings}
    items = [
        Missing(code, item.text, is_item=True) for code, item in checklist.items.items() if stored.get(code) is None
    ]
    items += _unconfirmed(draft, checklist)
    facts = [Missing(name, message) for name, message in DEMANDED.items() if getattr(draft, name) is None]
    return facts[:1] + items + facts[1:] if draft.main_source is None else items + facts


def _unconfirmed(draft: Assessment, checklist: Checklist) -> list[Missing]:
    """The domains in which something stands as it was carried over: nobody has said that it still holds."""
    carried = {rating.item for rating in draft.ratings if rating.carried}
    return [
        Missing(domain.code, f"Bekræft eller ret det, der er overført i {domain.name.lower()}.", is_domain=True)
        for domain in checklist.domains
        if any(item.code in carried for item in domain.asked)
    ]


def latest_review_day(case: Case, proposed_niveau: int | None, at: datetime) -> date:
    """The last day for looking again: by the rule of the case's niveau, or of the proposed one when that is higher."""
    rule = rule_on(_review_rule(case, proposed_niveau), arithmetic.local_day(at))
    return arithmetic.due_date(at, rule.length, rule.unit, rule.direction)


def sign(draft: Assessment, *, late_reason: str | None = None, by: User, at: datetime) -> None:
    """Sign the draft: from now on it stands. The clock of the earlier review stops, and that of the next one starts.

    late_reason: why the review before comes late; needed only when it does.
    Raises DomainError when the case is closed, something is missing, or a day cannot be right.
    """
    require_open(draft.case)
    if missing(draft):
        raise DomainError("Der mangler noget i kladden, før den kan underskrives.")
    today, latest = arithmetic.local_day(at), latest_review_day(draft.case, draft.proposed_niveau, at)
    review_on = draft.review_on or latest
    _require_possible_days(draft, today, review_on, latest)
    _stop_running(draft.case, StopOutcome.MET, late_reason, by=by, at=at)
    draft.review_on, draft.saved_by_id, draft.saved_at = review_on, by.id, at
    db.session.flush()
    _fill_in_sources(draft)
    db.session.flush()
    draft.state, draft.ended_by_id, draft.ended_at = State.SIGNED, by.id, at
    log.record(
        Event.ASSESSMENT_SIGNED,
        by=by,
        at=at,
        case_id=draft.case_id,
        subject=draft.subject,
        urgency=draft.urgency.value if draft.urgency else None,
        proposed_niveau=draft.proposed_niveau,
        review_on=review_on.isoformat(),
    )
    db.session.flush()
    start_deadline(
        case_id=draft.case_id,
        rule_code=_review_rule(draft.case, draft.proposed_niveau),
        subject=draft.subject,
        started_at=at,
        due_on=review_on,
        by=by,
        at=at,
    )


def stop_review(case: Case, *, by: User, at: datetime) -> None:
    """Let the clock of the next review go, as when the case is closed. Nothing happens when none runs."""
    _stop_running(case, StopOutcome.CANCELLED, None, by=by, at=at)


def renew_review(case: Case, *, cause: tuple[str, int], reason: str, by: User, at: datetime) -> None:
    """Let the clock of the next review follow the niveau that the case is on now, counted from today.

    A clock that runs is let go, and the new one ends no later than it did: a day that was set is never put off by
    moving the case about. Nothing happens in a case that has never been assessed.

    cause: what the new clock is about: (LEVEL_CHANGE or DECISION, id). reason: why the old one is let go.
    """
    running = queries.running_review(case.id)
    if running is None and queries.latest_signed(case) is None:
        return
    due_on = latest_review_day(case, None, at)
    if running is not None:
        due_on = min(due_on, running.due_on)
        stop_deadline(running, outcome=StopOutcome.CANCELLED, stopped_at=at, reason=reason, by=by, at=at)
    rule_code = _review_rule(case, None)
    start_deadline(case_id=case.id, rule_code=rule_code, subject=cause, started_at=at, due_on=due_on, by=by, at=at)


def _stop_running(case: Case, outcome: StopOutcome, reason: str | None, *, by: User, at: datetime) -> None:
    running = queries.running_review(case.id)
    if running is not None:
        stop_deadline(running, outcome=outcome, stopped_at=at, reason=reason, by=by, at=at)


def _review_rule(case: Case, proposed_niveau: int | None) -> str:
    """The rule's code; niveauer above those that have a rule of their own are reviewed as often as the highest."""
    niveau = max(case.niveau, proposed_niveau or 1)
    return REVIEW_RULES[min(niveau, len(REVIEW_RULES)) - 1]


def _require_possible_days(draft: Assessment, today: date, review_on: date, latest: date) -> None:
    if draft.on_day > today:
        raise DomainError("Vurderingens dato ligger i fremtiden.", "on_day")
    earlier = queries.latest_signed(draft.case)
    if earlier is not None and draft.on_day < earlier.on_day:
        raise DomainError(
            f"Den forrige vurdering er fra {format_date(earlier.on_day)}. Den nye kan ikke være ældre.", "on_day"
        )
    if review_on <= today:
        raise DomainError("Datoen for næste vurdering skal ligge efter i dag.", "review_on")
    if review_on > latest:
        raise DomainError(f"På dette niveau skal I se på sagen igen senest {format_date(latest)}.", "review_on")


def _fill_in_sources(draft: Assessment) -> None:
    """Let what is known without a source or day of its own have those of the assessment."""
    for rating in draft.ratings:
        if rating.rating is None or rating.rating is Rating.UNKNOWN:
            continue
        rating.source = rating.source or draft.main_source
        rating.observed_on = rating.observed_on or draft.on_day
