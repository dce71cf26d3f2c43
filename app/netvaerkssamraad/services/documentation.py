"""The police's documentation arrives: the clock starts."""

from datetime import datetime, timedelta

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.models import Case
from app.core import danish
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.deadlines.services import start_deadline
from app.extensions import db
from app.netvaerkssamraad import queries
from app.netvaerkssamraad.age import age_on, birth_date
from app.netvaerkssamraad.models import ADULT, SUMMONS_RULE, Documentation, Netvaerkssamraad, PartyRole
from app.netvaerkssamraad.services.parties import enter_party

OLDEST = timedelta(days=2 * 365)


def register_documentation(
    case: Case,
    *,
    documentation: Documentation,
    documentation_other: str | None = None,
    received_at: datetime,
    received_from: str,
    why_serious: str,
    by: User,
    at: datetime,
) -> Netvaerkssamraad:
    """Register the police's documentation, which starts the clock, and make the young person a party.

    documentation_other: what it is, when it is none of the known kinds.
    why_serious: the caseworker's reasons; what counts as serious crime is a decision, not a look-up.
    Raises DomainError when the case is closed, the instant cannot be right, the citizen had turned 18, or the same
    documentation has been registered before.
    """
    _require_open(case)
    _require_told(documentation, documentation_other)
    _require_possible(received_at, case, at)
    age = _age_under_18(case, received_at)
    _require_new(case, documentation, received_at)
    samraad = Netvaerkssamraad(
        case_id=case.id,
        documentation=documentation,
        documentation_other=documentation_other if documentation is Documentation.OTHER else None,
        received_at=received_at,
        received_from=received_from,
        why_serious=why_serious,
        age=age,
        registered_by_id=by.id,
        registered_at=at,
    )
    db.session.add(samraad)
    db.session.flush()
    _begin(samraad, case, by=by, at=at)
    return samraad


def _begin(samraad: Netvaerkssamraad, case: Case, *, by: User, at: datetime) -> None:
    """Record it, start the clock, and make the young person a party."""
    log.record(
        Event.DOCUMENTATION_REGISTERED,
        by=by,
        at=at,
        case_id=case.id,
        subject=samraad.subject,
        documentation=samraad.documentation.value,
    )
    start_deadline(
        case_id=case.id,
        rule_code=SUMMONS_RULE,
        subject=samraad.subject,
        started_at=samraad.received_at,
        by=by,
        at=at,
    )
    enter_party(samraad, role=PartyRole.YOUNG_PERSON, name=case.citizen.name, by=by, at=at)


def _require_open(case: Case) -> None:
    if not case.is_open:
        raise DomainError("Sagen er afsluttet. Der kan ikke registreres dokumentation i den.")


def _require_told(documentation: Documentation, other: str | None) -> None:
    if documentation is Documentation.OTHER and not other:
        raise DomainError("Skriv, hvad det er for dokumentation.", "documentation_other")


def _require_possible(received_at: datetime, case: Case, at: datetime) -> None:
    """Refuse an instant that can only be a slip of the pen."""
    if received_at > at:
        same_day = local_day(received_at) == local_day(at)
        raise DomainError(
            "Dokumentationen kan ikke være modtaget i fremtiden.", "received_time" if same_day else "received_on"
        )
    born = birth_date(case)
    if local_day(received_at) < born:
        raise DomainError(f"Datoen ligger før borgeren blev født ({danish.format_date(born)}).", "received_on")
    if at - received_at > OLDEST:
        raise DomainError("Datoen ligger mere end to år tilbage. Se på årstallet.", "received_on")


def _age_under_18(case: Case, received_at: datetime) -> int:
    day = local_day(received_at)
    age = age_on(case, day)
    if age >= ADULT:
        raise DomainError(
            f"Borgeren var {age} år den {danish.format_date(day)}. "
            "Reglen om netværkssamråd gælder kun for unge, der er under 18 år, når dokumentationen modtages.",
            "received_on",
        )
    return age


def _require_new(case: Case, documentation: Documentation, received_at: datetime) -> None:
    """Refuse what somebody has registered already, also when two do so at the same moment."""
    queries.lock_case(case.id)
    if queries.is_registered(case.id, documentation, received_at):
        raise DomainError("Den dokumentation er allerede registreret: samme slags, modtaget på samme tidspunkt.")
