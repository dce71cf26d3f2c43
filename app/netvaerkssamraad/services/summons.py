"""What stops the clock: the summons, or a reason why nobody is summoned."""

from collections.abc import Collection
from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.deadlines.models import StopOutcome
from app.deadlines.services import stop_deadline
from app.extensions import db
from app.netvaerkssamraad import queries, repeat, steps
from app.netvaerkssamraad.age import age_on
from app.netvaerkssamraad.models import ADULT, Exemption, Means, Netvaerkssamraad, Outcome, Party, PartyRole
from app.netvaerkssamraad.steps import Step


def send_summons(
    samraad: Netvaerkssamraad,
    *,
    sent_at: datetime,
    means: Means,
    parties: Collection[Party],
    late_reason: str | None = None,
    no_custody_holder: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Register that the summons was sent, which stops the clock.

    no_custody_holder: why no custody holder is summoned, when the young person is under 18.
    Raises DomainError when it has been sent before, the instant cannot be right, somebody is missing among the parties,
    or the summons was late and nothing is said about why.
    """
    steps.require(samraad, Step.SUMMON)
    _require_possible(samraad, sent_at, at)
    under_18 = age_on(samraad.case, local_day(sent_at)) < ADULT
    _require_those_who_must_come(samraad, parties, no_custody_holder, under_18=under_18)
    clock = queries.clock_of(samraad)
    stop_deadline(clock, outcome=StopOutcome.MET, stopped_at=sent_at, reason=late_reason, by=by, at=at)
    samraad.summoned_at = sent_at
    samraad.means = means
    samraad.no_custody_holder = no_custody_holder
    for party in parties:
        party.summoned = True
    log.record(
        Event.SUMMONS_SENT,
        by=by,
        at=at,
        case_id=samraad.case_id,
        subject=samraad.subject,
        means=means.value,
        parties=sorted(p.id for p in parties),
    )
    db.session.flush()


def exempt(samraad: Netvaerkssamraad, *, exemption: Exemption, reason: str, by: User, at: datetime) -> None:
    """Register why nobody is summoned, which stops the clock.

    Documentation that was registered by mistake is cancelled: it counts as no netværkssamråd at all.
    Raises DomainError when it has been summoned to, or has ended.
    """
    steps.require(samraad, Step.EXEMPT)
    mistake = exemption is Exemption.MISTAKE
    stopped_as = StopOutcome.CANCELLED if mistake else StopOutcome.EXEMPT
    stop_deadline(queries.clock_of(samraad), outcome=stopped_as, stopped_at=at, reason=reason, by=by, at=at)
    samraad.outcome = exemption.outcome
    samraad.exemption = exemption
    samraad.reason = reason
    log.record(
        Event.SAMRAAD_CANCELLED if mistake else Event.SAMRAAD_EXEMPTED,
        by=by,
        at=at,
        case_id=samraad.case_id,
        subject=samraad.subject,
        exemption=exemption.value,
    )
    db.session.flush()


def change_measures(samraad: Netvaerkssamraad, *, reason: str, by: User, at: datetime) -> None:
    """Register that measures are changed instead of summoning anew, which stops the clock.

    See `repeat` for the rule. Raises DomainError when no meeting was held in the year before the documentation.
    """
    steps.require(samraad, Step.CHANGE_MEASURES)
    if repeat.earlier_meeting(queries.days_held(samraad.case_id), samraad.received_on) is None:
        raise DomainError(
            "Der er ikke holdt et netværkssamråd om borgeren i året før dokumentationen. Der skal indkaldes."
        )
    stop_deadline(queries.clock_of(samraad), outcome=StopOutcome.EXEMPT, stopped_at=at, reason=reason, by=by, at=at)
    samraad.outcome = Outcome.MEASURES
    samraad.reason = reason
    log.record(Event.MEASURES_CHANGED, by=by, at=at, case_id=samraad.case_id, subject=samraad.subject)
    db.session.flush()


def _require_possible(samraad: Netvaerkssamraad, sent_at: datetime, at: datetime) -> None:
    if sent_at > at:
        same_day = local_day(sent_at) == local_day(at)
        raise DomainError("Indkaldelsen kan ikke være sendt i fremtiden.", "sent_time" if same_day else "sent_on")
    if sent_at < samraad.received_at:
        same_day = local_day(sent_at) == samraad.received_on
        received = danish.format_instant(samraad.received_at)
        raise DomainError(
            f"Indkaldelsen kan ikke være sendt, før dokumentationen blev modtaget ({received}).",
            "sent_time" if same_day else "sent_on",
        )


def _require_those_who_must_come(
    samraad: Netvaerkssamraad, parties: Collection[Party], no_custody_holder: str | None, *, under_18: bool
) -> None:
    """Refuse a summons without the young person, or without a custody holder and no word about why."""
    if any(party.samraad_id != samraad.id for party in parties):
        raise DomainError("Vælg mellem netværkssamrådets egne parter.", "parties")
    roles = {party.role for party in parties}
    if PartyRole.YOUNG_PERSON not in roles:
        raise DomainError("Den unge skal indkaldes.", "parties")
    if under_18 and PartyRole.CUSTODY_HOLDER not in roles and not no_custody_holder:
        raise DomainError(
            "Den unge er under 18 år: indkald mindst én forældremyndighedsindehaver, eller skriv hvorfor ikke.",
            "no_custody_holder",
        )
