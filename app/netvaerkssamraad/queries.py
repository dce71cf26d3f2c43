"""Reading netværkssamråd. What exists for whom is the row scope's business, never the query's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.access.models import User
from app.access.policy import Reader
from app.audit.models import AuditEvent, Event
from app.cases.models import Case
from app.cases.summaries import Clock, Summary, summaries
from app.cases.worklist import hint_named
from app.core.errors import found
from app.deadlines.models import Deadline
from app.deadlines.queries import deadline_of
from app.extensions import db
from app.netvaerkssamraad.models import SUBJECT, Documentation, Netvaerkssamraad, Outcome, Party, Stage


def get_samraad(case_id: int, samraad_id: int) -> Netvaerkssamraad:
    """The netværkssamråd of that case, with its parties. Raises NotFoundError when there is none in sight."""
    return found(
        db.session.scalar(
            select(Netvaerkssamraad)
            .where(Netvaerkssamraad.id == samraad_id, Netvaerkssamraad.case_id == case_id)
            .options(selectinload(Netvaerkssamraad.parties), joinedload(Netvaerkssamraad.registered_by))
        )
    )


def get_party(case_id: int, samraad_id: int, party_id: int) -> Party:
    """The party of that netværkssamråd of that case. Raises NotFoundError when there is none in sight."""
    return found(
        db.session.scalar(
            select(Party).where(
                Party.id == party_id,
                Party.samraad_id == samraad_id,
                Party.case_id == case_id,
                Party.removed_at.is_(None),
            )
        )
    )


def clock_of(samraad: Netvaerkssamraad) -> Deadline:
    """The deadline for summoning."""
    return found(deadline_of(SUBJECT, samraad.id))


def samraad_of_case(case_id: int) -> list[Netvaerkssamraad]:
    """All netværkssamråd of a case with their parties, the latest documentation first."""
    return list(
        db.session.scalars(
            select(Netvaerkssamraad)
            .where(Netvaerkssamraad.case_id == case_id)
            # The case is loaded already, by whoever asks for what it has.
            .options(
                lazyload(Netvaerkssamraad.case),
                selectinload(Netvaerkssamraad.parties).lazyload(Party.samraad),
                joinedload(Netvaerkssamraad.registered_by).lazyload(User.unit),
            )
            .order_by(Netvaerkssamraad.received_at.desc(), Netvaerkssamraad.id.desc())
        )
    )


def days_held(case_id: int) -> list[date]:
    """The days on which a netværkssamråd was held about the case's citizen, in this case or an earlier one in sight."""
    citizen = select(Case.citizen_id).where(Case.id == case_id).scalar_subquery()
    held = (
        select(Netvaerkssamraad.held_on)
        .join(Case, Case.id == Netvaerkssamraad.case_id)
        .where(Case.citizen_id == citizen, Netvaerkssamraad.held_on.is_not(None))
    )
    return [day for day in db.session.scalars(held) if day is not None]


def lock_case(case_id: int) -> None:
    """Let nobody else register documentation in the case until the transaction ends."""
    # key_share: what else is added to the case meanwhile need not wait.
    db.session.execute(select(Case.id).where(Case.id == case_id).with_for_update(of=Case, key_share=True))


def is_registered(case_id: int, documentation: Documentation, received_at: datetime) -> bool:
    """Whether documentation of that kind, received at that instant, stands in the case and has not been cancelled."""
    same = select(Netvaerkssamraad.id).where(
        Netvaerkssamraad.case_id == case_id,
        Netvaerkssamraad.documentation == documentation,
        Netvaerkssamraad.received_at == received_at,
        Netvaerkssamraad.outcome.is_distinct_from(Outcome.CANCELLED),
    )
    return db.session.scalar(same.limit(1)) is not None


@dataclass(frozen=True)
class UnderWay:
    """The case of an open netværkssamråd. clock: None when the summons has stopped it."""

    case: Summary
    clock: Clock | None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage.SUMMONED if self.clock is None else Stage.AWAITS_SUMMONS


def under_way(reader: Reader, limit: int) -> list[UnderWay]:
    """What is open in the reader's cases: the clock that ends first at the top, the meetings to come at the end.

    The first few are found along the index of running clocks, and only their cases are loaded.
    """
    found: list[tuple[int, Clock | None]] = [
        (case_id, Clock(due_on)) for case_id, due_on in db.session.execute(_running(reader).limit(limit))
    ]
    if len(found) < limit:
        found += [(case_id, None) for case_id in db.session.scalars(_summoned(reader).limit(limit - len(found)))]
    # One that has just gone out of sight is left out.
    cases = summaries([case_id for case_id, _ in found], reader.today)
    return [UnderWay(cases[case_id], clock) for case_id, clock in found if case_id in cases]


def _running(reader: Reader) -> Select[int, date]:
    """Case and due date of those whose clock runs."""
    return (
        select(Deadline.case_id, Deadline.due_on)
        .where(Deadline.stopped_at.is_(None), Deadline.subject_kind == SUBJECT, *hint_named(reader, Deadline.case_id))
        .order_by(Deadline.due_on, Deadline.subject_id)
    )


def _summoned(reader: Reader) -> Select[int]:
    """Cases of those whose clock has stopped, and whose meeting has not been held."""
    return (
        select(Netvaerkssamraad.case_id)
        .join(Deadline, (Deadline.subject_kind == SUBJECT) & (Deadline.subject_id == Netvaerkssamraad.id))
        .where(
            Netvaerkssamraad.outcome.is_(None),
            Deadline.stopped_at.is_not(None),
            *hint_named(reader, Netvaerkssamraad.case_id),
        )
        .order_by(Deadline.due_on, Netvaerkssamraad.id)
    )


@dataclass(frozen=True)
class Taken:
    """A step that was taken in a netværkssamråd: what, when it was registered, and by whom."""

    samraad: Netvaerkssamraad
    event: str | None
    at: datetime
    who: str


def steps_taken(case_id: int, events: Collection[Event]) -> list[Taken]:
    """The steps of all of the case's netværkssamråd, in the order they were registered, in one statement.

    One without any in the record has a single row without an event.
    """
    of_it = (
        (AuditEvent.case_id == case_id)
        & (AuditEvent.subject_type == SUBJECT)
        & (AuditEvent.subject_id == Netvaerkssamraad.id)
        & AuditEvent.event.in_([event.value for event in events])
    )
    rows = db.session.execute(
        select(Netvaerkssamraad, AuditEvent.event, AuditEvent.at, User.name)
        .outerjoin(AuditEvent, of_it)
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(Netvaerkssamraad.case_id == case_id)
        .options(lazyload(Netvaerkssamraad.case))
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    return [
        Taken(samraad, event or None, at if event else samraad.registered_at, who or "")
        for samraad, event, at, who in rows
    ]
