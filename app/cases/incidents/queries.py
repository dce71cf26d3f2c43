"""Reading events. What exists for whom is the row scope's business, never the query's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased, joinedload, lazyload

from app.access.models import User
from app.cases.incidents.models import CUSTODY, Incident, IncidentKind, OffenceGroup, RecidivismReview, Verdict
from app.cases.incidents.recidivism import Fact, Judgement
from app.cases.models import Case
from app.core.errors import found
from app.extensions import db


def get_incident(case_id: int, incident_id: int) -> Incident:
    """The event of that case. Raises NotFoundError when there is none in sight, or it was registered by mistake."""
    return found(
        db.session.scalar(
            select(Incident).where(
                Incident.id == incident_id, Incident.case_id == case_id, Incident.voided_at.is_(None)
            )
        )
    )


def incidents_of(case_id: int) -> list[Incident]:
    """All events of a case, those registered by mistake too, the latest first."""
    return list(
        db.session.scalars(
            select(Incident)
            .where(Incident.case_id == case_id)
            # The case is loaded already, by whoever asks for what it has.
            .options(
                lazyload(Incident.case),
                joinedload(Incident.recorded_by).lazyload(User.unit),
                joinedload(Incident.voided_by).lazyload(User.unit),
            )
            .order_by(Incident.happened_on.desc(), Incident.id.desc())
        )
    )


def reviews_of(case_id: int) -> list[RecidivismReview]:
    """What was said of recidivism in the case, in the order it was said."""
    return list(
        db.session.scalars(
            select(RecidivismReview)
            .where(RecidivismReview.case_id == case_id)
            .options(joinedload(RecidivismReview.decided_by).lazyload(User.unit))
            .order_by(RecidivismReview.id)
        )
    )


def lock_case(case_id: int) -> None:
    """Let nobody else register an event in the case until the transaction ends."""
    # key_share: what else is added to the case meanwhile need not wait.
    db.session.execute(select(Case.id).where(Case.id == case_id).with_for_update(of=Case, key_share=True))


def is_registered(
    case_id: int, kind: IncidentKind, happened_on: date, offence_group: OffenceGroup | None, about_id: int | None
) -> bool:
    """Whether such an event stands in the case and was no mistake."""
    same = select(Incident.id).where(
        Incident.case_id == case_id,
        Incident.kind == kind,
        Incident.happened_on == happened_on,
        Incident.offence_group.is_not_distinct_from(offence_group),
        Incident.about_incident_id.is_not_distinct_from(about_id),
        Incident.voided_at.is_(None),
    )
    return db.session.scalar(same.limit(1)) is not None


def followed_by(incident: Incident) -> list[Incident]:
    """The events that are about this one and are no mistakes."""
    return list(
        db.session.scalars(
            select(Incident)
            .where(
                Incident.case_id == incident.case_id,
                Incident.about_incident_id == incident.id,
                Incident.voided_at.is_(None),
            )
            .options(lazyload(Incident.case))
            .order_by(Incident.happened_on, Incident.id)
        )
    )


def facts_of(incidents: Collection[Incident]) -> list[Fact]:
    """The events as recidivism sees them, without those that were mistakes."""
    return [
        Fact(each.id, each.kind, each.happened_on, each.act_on, each.known_on, each.about_incident_id)
        for each in incidents
        if not each.is_voided
    ]


def judgements_of(reviews: Collection[RecidivismReview]) -> list[Judgement]:
    """What was last said of each event and index day."""
    return [Judgement(each.incident_id, each.index_on, each.verdict) for each in reviews]


@dataclass(frozen=True)
class Story:
    """What recidivism in a case is worked out of."""

    started_on: date
    facts: list[Fact]
    judgements: list[Judgement]


def story_column(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """What recidivism in the case is worked out of, as jsonb; NULL where the case has no events."""
    case, incident, review = aliased(Case), aliased(Incident), aliased(RecidivismReview)
    facts = (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(
                    incident.id,
                    incident.kind,
                    incident.happened_on,
                    incident.act_on,
                    incident.known_on,
                    incident.about_incident_id,
                )
            )
        )
        .where(incident.case_id == case.id, incident.voided_at.is_(None))
        .correlate(case)
        .scalar_subquery()
    )
    said = func.jsonb_build_array(review.incident_id, review.index_on, review.verdict)
    in_order = func.jsonb_agg(aggregate_order_by(said, review.id))
    reviews = (
        select(func.coalesce(in_order, func.jsonb_build_array()))
        .where(review.case_id == case.id)
        .correlate(case)
        .scalar_subquery()
    )
    any_event = select(incident.id).where(incident.case_id == case.id, incident.voided_at.is_(None)).correlate(case)
    return (
        select(func.jsonb_build_array(func.coalesce(case.accepted_on, case.opened_on), facts, reviews))
        .where(case.id == case_id, any_event.exists())
        .scalar_subquery()
    )


def story_of(value: Any) -> Story | None:
    """Read what `story_column` gave."""
    if value is None:
        return None
    started_on, facts, reviews = value
    return Story(
        date.fromisoformat(started_on),
        [
            Fact(id_, IncidentKind(kind), _day(happened), act and _day(act), _day(known), about)
            for id_, kind, happened, act, known, about in facts
        ],
        [Judgement(incident_id, _day(index_on), Verdict(verdict)) for incident_id, index_on, verdict in reviews],
    )


_day = date.fromisoformat


def stories(case_ids: Collection[int]) -> dict[int, Story]:
    """What recidivism in the cases in sight is worked out of; those without events are left out."""
    rows = db.session.execute(select(Case.id, story_column(Case.__table__.c.id)).where(Case.id.in_(case_ids)))
    found_stories = {case_id: story_of(value) for case_id, value in rows}
    return {case_id: story for case_id, story in found_stories.items() if story is not None}


@dataclass(frozen=True)
class EndingCustody:
    """Custody whose end was set."""

    case_id: int
    kind: IncidentKind
    until_day: date


def custody_ending(case_ids: Collection[int], last: date) -> list[EndingCustody]:
    """Custody that was to end by the day, where neither a release nor other custody has come after it."""
    later = aliased(Incident)
    ended = select(later.id).where(
        later.case_id == Incident.case_id,
        later.kind.in_(CUSTODY | {IncidentKind.RELEASE}),
        later.voided_at.is_(None),
        tuple_(later.happened_on, later.id) > tuple_(Incident.happened_on, Incident.id),
    )
    rows = select(Incident.case_id, Incident.kind, Incident.until_day).where(
        Incident.case_id.in_(case_ids),
        Incident.kind.in_(CUSTODY),
        Incident.voided_at.is_(None),
        Incident.until_day <= last,
        ~ended.exists(),
    )
    found_rows = db.session.execute(rows)
    return [EndingCustody(case_id, kind, until) for case_id, kind, until in found_rows if until is not None]
