"""Registering events, correcting them, and saying whether they are recidivism."""

from datetime import date, datetime

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.incidents import queries
from app.cases.incidents.facts import IncidentFacts
from app.cases.incidents.models import (
    ABOUT_CRIME,
    CUSTODY,
    SUBJECT,
    Incident,
    IncidentKind,
    RecidivismReview,
    Verdict,
)
from app.cases.incidents.recidivism import counted_on, kind_counted
from app.cases.models import Case
from app.core.danish import format_date
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db


def register_incident(case: Case, *, kind: IncidentKind, facts: IncidentFacts, by: User, at: datetime) -> Incident:
    """Register an event in the case; a case that is closed takes them too, since recidivism is followed up.

    Raises DomainError when the days are in the wrong order or before the birth, what it is about does not fit, or the
    event stands there.
    """
    queries.lock_case(case.id)
    if facts.about is not None:
        db.session.refresh(facts.about)
    _require_sensible(case, kind, facts, local_day(at))
    about_id = facts.about.id if facts.about else None
    if queries.is_registered(case.id, kind, facts.happened_on, facts.offence_group, about_id):
        raise DomainError("Den hændelse står allerede i sagen. Ret den, hvis noget mangler.", "happened_on")
    incident = Incident(case=case, case_id=case.id, kind=kind, recorded_by_id=by.id, recorded_at=at, **facts.columns)
    db.session.add(incident)
    db.session.flush()
    log.record(
        Event.INCIDENT_REGISTERED, by=by, at=at, case_id=case.id, subject=_subject(incident), incident=kind.value
    )
    return incident


def change_incident(incident: Incident, *, facts: IncidentFacts, by: User, at: datetime) -> list[str]:
    """Correct what is known of an event; return the names of what changed. Its kind stays: another kind is a mistake.

    Raises DomainError as registering does, or when the event was registered by mistake.
    """
    _require_standing(incident)
    _require_sensible(incident.case, incident.kind, facts, local_day(at), own=incident)
    changed = [name for name, value in facts.columns.items() if getattr(incident, name) != value]
    if changed:
        for name in changed:
            setattr(incident, name, facts.columns[name])
        db.session.flush()
        log.record(
            Event.INCIDENT_CHANGED,
            by=by,
            at=at,
            case_id=incident.case_id,
            subject=_subject(incident),
            incident=incident.kind.value,
            fields=changed,
        )
    return changed


def void_incident(incident: Incident, *, reason: str, by: User, at: datetime) -> None:
    """Say that an event was registered by mistake; it stays to be read, and counts nowhere.

    Raises DomainError when it has been voided already, or another event is about it.
    """
    queries.lock_case(incident.case_id)
    _require_standing(incident)
    followers = queries.followed_by(incident)
    if followers:
        kind = followers[0].kind.label.lower()
        raise DomainError(f"En anden hændelse ({kind}) følger af den her. Annullér først den.")
    incident.voided_by_id = by.id
    incident.voided_at = at
    incident.void_reason = reason
    db.session.flush()
    kind_code = incident.kind.value
    log.record(
        Event.INCIDENT_VOIDED, by=by, at=at, case_id=incident.case_id, subject=_subject(incident), incident=kind_code
    )


def review_recidivism(
    incident: Incident, *, index_on: date, verdict: Verdict, reasons: str, by: User, at: datetime
) -> RecidivismReview:
    """Confirm that an event is recidivism against the index day, or set it aside; the last word holds.

    Raises DomainError when the event does not count against that day.
    """
    _require_standing(incident)
    (fact,) = queries.facts_of([incident])
    kind = kind_counted(incident.kind)
    if kind is None or counted_on(fact, index_on) is None:
        raise DomainError("Hændelsen tæller ikke som recidiv fra den dag.", "verdict")
    review = RecidivismReview(
        case_id=incident.case_id,
        incident_id=incident.id,
        kind=kind,
        index_on=index_on,
        verdict=verdict,
        reasons=reasons,
        decided_by_id=by.id,
        decided_at=at,
    )
    db.session.add(review)
    db.session.flush()
    log.record(
        Event.RECIDIVISM_REVIEWED,
        by=by,
        at=at,
        case_id=incident.case_id,
        subject=_subject(incident),
        recidivism=kind.value,
        verdict=verdict.value,
    )
    return review


def _subject(incident: Incident) -> tuple[str, int]:
    return SUBJECT, incident.id


def _require_standing(incident: Incident) -> None:
    if incident.is_voided:
        raise DomainError("Hændelsen er annulleret og kan ikke ændres.")


def _require_sensible(
    case: Case, kind: IncidentKind, facts: IncidentFacts, today: date, *, own: Incident | None = None
) -> None:
    """Refuse days in the wrong order, and what an event of the kind cannot have."""
    if facts.happened_on > today:
        raise DomainError("Datoen ligger i fremtiden.", "happened_on")
    if facts.known_on > today:
        raise DomainError("Dagen ligger i fremtiden.", "known_on")
    if facts.known_on < facts.happened_on:
        raise DomainError("I kan ikke have kendt hændelsen, før den skete.", "known_on")
    if facts.act_on is not None and facts.act_on > facts.happened_on:
        raise DomainError("Gerningsdagen ligger efter hændelsen.", "act_on")
    _require_born(case.citizen.birth_date, facts)
    _require_lasting(kind, facts)
    _require_fitting_about(case.id, kind, facts, own)


def _require_born(birth_date: date, facts: IncidentFacts) -> None:
    """Refuse days on which there was nobody to whom it could happen: they are mistyped, and would be counted from."""
    for field, day in (("happened_on", facts.happened_on), ("act_on", facts.act_on)):
        if day is not None and day < birth_date:
            raise DomainError(f"Borgeren er født {format_date(birth_date)}. Ret datoen.", field)


def _require_lasting(kind: IncidentKind, facts: IncidentFacts) -> None:
    if facts.until_day is None:
        return
    if kind not in CUSTODY:
        raise DomainError("Kun varetægt og indsættelse varer til en dag.", "until_day")
    if facts.until_day < facts.happened_on:
        raise DomainError("Den sidste dag ligger før den første.", "until_day")


def _require_fitting_about(case_id: int, kind: IncidentKind, facts: IncidentFacts, own: Incident | None) -> None:
    about = facts.about
    if about is None:
        if kind is IncidentKind.WITHDRAWAL:
            raise DomainError("Vælg, hvad der er frafaldet.", "about")
        return
    if about.case_id != case_id or about.is_voided or about is own:
        raise DomainError("Vælg en hændelse fra listen.", "about")
    if about.happened_on > facts.happened_on:
        raise DomainError("Den hændelse, den følger af, ligger senere.", "about")
    if kind is IncidentKind.WITHDRAWAL and about.kind not in ABOUT_CRIME:
        raise DomainError("Kun mistanke, sigtelse, tiltale og dom kan frafaldes eller ophæves.", "about")
