"""Who takes part in a netværkssamråd."""

from datetime import datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.core.errors import DomainError
from app.extensions import db
from app.netvaerkssamraad import steps
from app.netvaerkssamraad.models import Netvaerkssamraad, Party, PartyRole
from app.netvaerkssamraad.steps import Step


def add_party(
    samraad: Netvaerkssamraad,
    *,
    role: PartyRole,
    name: str,
    contact: str | None = None,
    organisation: str | None = None,
    summoned: bool = False,
    by: User,
    at: datetime,
) -> Party:
    """Add somebody to the parties.

    summoned: whether the party was summoned, too, after the others; only once the summons has been sent.
    Raises DomainError when the netværkssamråd has ended, or the person is a party already.
    """
    steps.require(samraad, Step.CHANGE_PARTIES)
    _require_other_than_young_person(role)
    _require_only_once(samraad, role, name)
    summoned = summoned and samraad.summoned_at is not None
    return enter_party(
        samraad, role=role, name=name, contact=contact, organisation=organisation, summoned=summoned, by=by, at=at
    )


def enter_party(
    samraad: Netvaerkssamraad,
    *,
    role: PartyRole,
    name: str,
    contact: str | None = None,
    organisation: str | None = None,
    summoned: bool = False,
    by: User,
    at: datetime,
) -> Party:
    """Add a party of any role, unchecked: the young person becomes one when the documentation is registered."""
    party = Party(
        samraad=samraad,
        case_id=samraad.case_id,
        role=role,
        name=name,
        contact=contact,
        organisation=organisation,
        summoned=summoned,
    )
    db.session.add(party)
    db.session.flush()
    db.session.expire(samraad, ["parties"])
    log.record(
        Event.PARTY_ADDED,
        by=by,
        at=at,
        case_id=samraad.case_id,
        subject=samraad.subject,
        party=party.id,
        role=role.value,
        summoned=summoned,
    )
    return party


def change_party(
    party: Party,
    *,
    role: PartyRole,
    name: str,
    contact: str | None,
    organisation: str | None,
    summoned: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Correct what is known of a party. Whoever has been summoned stays so.

    Of the young person only the contact data are kept here; name and role are the case's.
    Raises DomainError when the netværkssamråd has ended, or the person is a party already.
    """
    steps.require(party.samraad, Step.CHANGE_PARTIES)
    if party.role is not PartyRole.YOUNG_PERSON:
        _require_other_than_young_person(role)
        _require_only_once(party.samraad, role, name, but=party)
        party.role = role
        party.name = name
        party.organisation = organisation
    party.contact = contact
    party.summoned = party.summoned or (summoned and party.samraad.summoned_at is not None)
    log.record(
        Event.PARTY_CHANGED,
        by=by,
        at=at,
        case_id=party.samraad.case_id,
        subject=party.samraad.subject,
        party=party.id,
        role=party.role.value,
        summoned=party.summoned,
    )
    db.session.flush()


def remove_party(party: Party, *, by: User, at: datetime) -> None:
    """Take somebody off the parties; the row stays.

    Raises DomainError for the young person, for whoever has been summoned, and when the netværkssamråd has ended.
    """
    steps.require(party.samraad, Step.CHANGE_PARTIES)
    if party.role is PartyRole.YOUNG_PERSON:
        raise DomainError("Den unge er altid part og kan ikke fjernes.")
    if party.summoned:
        raise DomainError(f"{party.full_name} er indkaldt og kan ikke fjernes.")
    party.removed_at = at
    log.record(
        Event.PARTY_REMOVED,
        by=by,
        at=at,
        case_id=party.samraad.case_id,
        subject=party.samraad.subject,
        party=party.id,
        role=party.role.value,
    )
    db.session.flush()
    db.session.expire(party.samraad, ["parties"])


def _require_other_than_young_person(role: PartyRole) -> None:
    if role is PartyRole.YOUNG_PERSON:
        raise DomainError("Den unge er allerede part.", "role")


def _require_only_once(samraad: Netvaerkssamraad, role: PartyRole, name: str, *, but: Party | None = None) -> None:
    same = (name.casefold(), role)
    if any((party.name.casefold(), party.role) == same for party in samraad.parties if party is not but):
        raise DomainError(f"{name} er allerede part som {role.label.lower()}.", "name")
