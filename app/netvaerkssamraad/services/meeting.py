"""The meeting: held, or not."""

from datetime import date, datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.netvaerkssamraad import steps
from app.netvaerkssamraad.models import Netvaerkssamraad, Outcome
from app.netvaerkssamraad.steps import Step


def record_held(samraad: Netvaerkssamraad, *, held_on: date, by: User, at: datetime) -> None:
    """Register that the meeting was held. One that was not held at first may be held another day.

    Raises DomainError before the summons, the second time, and for an impossible day.
    """
    steps.require(samraad, Step.RECORD_HELD)
    if held_on > local_day(at):
        raise DomainError("Mødet kan ikke være holdt i fremtiden.", "held_on")
    if samraad.summoned_on is not None and held_on < samraad.summoned_on:
        sent = danish.format_date(samraad.summoned_on)
        raise DomainError(f"Mødet kan ikke være holdt, før indkaldelsen blev sendt ({sent}).", "held_on")
    samraad.outcome = Outcome.HELD
    samraad.held_on = held_on
    log.record(Event.SAMRAAD_HELD, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject)
    db.session.flush()


def record_not_held(samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None:
    """Register that the meeting was not held, and why. Raises DomainError before the summons and the second time."""
    steps.require(samraad, Step.RECORD_NOT_HELD)
    samraad.outcome = Outcome.NOT_HELD
    samraad.reason = reason
    log.record(Event.SAMRAAD_NOT_HELD, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject)
    db.session.flush()
