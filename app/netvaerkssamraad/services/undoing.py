"""Taking back what was registered by mistake. What stood there, and why it was taken back, is kept."""

from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.deadlines.services import reopen_deadline
from app.extensions import db
from app.netvaerkssamraad import queries, steps
from app.netvaerkssamraad.models import Netvaerkssamraad, Outcome, Stage
from app.netvaerkssamraad.steps import Step


def undo_summons(samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None:
    """Take back a summons that was not sent: nobody is summoned, and the clock runs on.

    Raises DomainError when there is none, or the meeting has been registered.
    """
    steps.require(samraad, Step.UNDO_SUMMONS)
    clock = queries.clock_of(samraad)
    sent = danish.format_instant(samraad.summoned_at) if samraad.summoned_at else ""
    given = (clock.reason, samraad.no_custody_holder)
    _keep(samraad, f"Indkaldelsen, registreret som sendt {sent}, er fortrudt.", *given, why=reason, at=at)
    samraad.summoned_at = None
    samraad.means = None
    samraad.no_custody_holder = None
    for party in samraad.parties:
        party.summoned = False
    reopen_deadline(clock, by=by, at=at)
    log.record(Event.SUMMONS_UNDONE, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject)
    db.session.flush()


def undo_meeting(samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None:
    """Take back what was last registered of the meeting; one that was not held at first is so again.

    Raises DomainError when nothing has been registered of it.
    """
    steps.require(samraad, Step.UNDO_MEETING)
    undone = samraad.outcome
    if samraad.held_on is not None:
        held = danish.format_date(samraad.held_on)
        _keep(samraad, f"Mødet, registreret som holdt {held}, er fortrudt.", why=reason, at=at)
        samraad.outcome = Outcome.NOT_HELD if samraad.reason else None
        samraad.held_on = None
    else:
        _keep(samraad, "At mødet ikke blev holdt, er fortrudt.", samraad.reason, why=reason, at=at)
        samraad.outcome = None
        samraad.reason = None
    log.record(Event.SAMRAAD_UNDONE, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject, undone=undone)
    db.session.flush()


def undo_exemption(samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None:
    """Take back that nobody is to be summoned, whatever it was for; the clock runs on.

    Raises DomainError when it did not end so, or the documentation, cancelled, has been registered anew meanwhile.
    """
    steps.require(samraad, Step.UNDO_EXEMPTION)
    undone = samraad.outcome
    if samraad.stage is Stage.CANCELLED:
        _require_only_one(samraad)
    _keep(samraad, f"„{samraad.stage.label}“ er fortrudt.", samraad.reason, why=reason, at=at)
    samraad.outcome = None
    samraad.exemption = None
    samraad.reason = None
    reopen_deadline(queries.clock_of(samraad), by=by, at=at)
    log.record(Event.EXEMPTION_UNDONE, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject, undone=undone)
    db.session.flush()


def _keep(samraad: Netvaerkssamraad, what: str, *given: str | None, why: str, at: datetime) -> None:
    """Write down what is undone, the reasons that stood there, and why."""
    stood = "".join(f" Der stod: {text}" for text in given if text)
    line = f"{danish.format_instant(at)}: {what}{stood} Hvorfor: {why}"
    samraad.undone = f"{samraad.undone}\n{line}" if samraad.undone else line


def _require_only_one(samraad: Netvaerkssamraad) -> None:
    queries.lock_case(samraad.case_id)
    if queries.is_registered(samraad.case_id, samraad.documentation, samraad.received_at):
        raise DomainError("Den samme dokumentation er siden registreret igen. Annulleringen kan ikke fortrydes.")
