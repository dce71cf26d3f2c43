"""Acting on the members of a group as one, each in the own case: nobody's name stands in another's case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.groups import services
from app.cases.groups.models import Group, GroupMember
from app.cases.intake.services import register_referral
from app.cases.journal.models import NoteKind
from app.cases.journal.services import add_note
from app.cases.models import Case
from app.core.cpr import Cpr
from app.core.errors import DomainError
from app.extensions import db
from app.people import services as people
from app.people.models import AddressProtection, Citizen, Sex
from app.people.services import CprAnswer


@dataclass(frozen=True)
class Outcome:
    """What happened to one member. case: where it can be seen; None when nothing was done."""

    name: str
    words: str
    case: Case | None = None

    @property
    def done(self) -> bool:
        """Whether anything was done."""
        return self.case is not None


Cases = Mapping[int, Sequence[Case]]


def open_case_of(member: GroupMember, cases: Cases) -> Case | None:
    """The member's open case in sight, if there is one."""
    return next((case for case in cases.get(member.citizen_id or 0, ()) if case.is_open), None)


def write_in_journals(
    group: Group,
    members: Collection[GroupMember],
    cases: Cases,
    *,
    kind: NoteKind,
    happened_on: date,
    happened_time: time | None,
    text: str,
    by: User,
    at: datetime,
) -> list[Outcome]:
    """Write the same note in each member's open case.

    Raises DomainError when nobody is chosen, or the note itself cannot be written.
    """
    _require_somebody(members)
    outcomes = []
    for member in members:
        case = open_case_of(member, cases)
        if case is None:
            outcomes.append(Outcome(member.name, "Har ingen åben sag, du kan skrive i. Intet er skrevet."))
            continue
        add_note(
            case,
            kind=kind,
            happened_on=happened_on,
            happened_time=happened_time,
            parties=None,
            text=text,
            by=by,
            at=at,
        )
        outcomes.append(Outcome(member.name, "Notatet er skrevet i sagen.", case))
    log.record(Event.GROUP_ACTED, by=by, at=at, subject=group.subject, act="journal")
    return outcomes


def ask_numbers(members: Collection[GroupMember], *, by: User, at: datetime) -> dict[int, CprAnswer]:
    """Ask of each person without a case whether the CPR number may be used; by id of the membership.

    Before the savepoint of the form: the record of a question stands also when the form is refused.
    """
    return {
        member.id: people.ask_cpr(number, by=by, at=at)
        for member in members
        if member.person is not None and (number := member.person.number) is not None
    }


def open_referrals(
    group: Group,
    members: Collection[GroupMember],
    cases: Cases,
    answers: Mapping[int, CprAnswer],
    *,
    referral: Mapping[str, Any],
    by: User,
    at: datetime,
) -> list[Outcome]:
    """Register a referral on each member who has no open case in sight; somebody without a case becomes a citizen.

    answers: of ask_numbers. referral: what register_referral takes beside the citizen, who and when.
    Raises DomainError when nobody is chosen. What is refused for one member is told of that member alone.
    """
    _require_somebody(members)
    outcomes = []
    for member in members:
        case = open_case_of(member, cases)
        if case is not None:
            outcomes.append(Outcome(member.name, f"Har allerede en åben sag, {case.number}. Intet er oprettet."))
        else:
            outcomes.append(_tried(member, answers.get(member.id), referral, by, at))
    log.record(Event.GROUP_ACTED, by=by, at=at, subject=group.subject, act="referral")
    return outcomes


def _tried(
    member: GroupMember, answer: CprAnswer | None, referral: Mapping[str, Any], by: User, at: datetime
) -> Outcome:
    name = member.name
    try:
        with db.session.begin_nested():
            case = _refer(member, answer, referral, by, at)
    except DomainError as error:
        return Outcome(name, error.message)
    return Outcome(name, "Henvendelsen er oprettet.", case)


def _refer(member: GroupMember, answer: CprAnswer | None, referral: Mapping[str, Any], by: User, at: datetime) -> Case:
    if member.citizen is not None:
        return register_referral(member.citizen, **referral, by=by, at=at)
    person = member.person
    citizen = _citizen_of(member, answer, by, at)
    case = register_referral(citizen, **referral, by=by, at=at)
    if person is not None:
        services.become_citizen(person, citizen, by=by, at=at)
    return case


def _citizen_of(member: GroupMember, answer: CprAnswer | None, by: User, at: datetime) -> Citizen:
    person = member.person
    if person is None or (person.cpr is None and person.birth_date is None):
        raise DomainError("Hverken CPR-nummer eller fødselsdato er kendt. Skriv en af dem på medlemmet først.")
    if answer is not None and answer.citizen is not None:
        return answer.citizen
    if answer is not None:
        answer.require_free()
    number = person.number
    return people.create_citizen(
        name=person.name,
        cpr=number,
        birth_date=person.born if number is None else None,
        sex=Sex.UNKNOWN if number is None else _sex(number),
        bydel_id=None,
        school_id=None,
        address_protection=AddressProtection.UNKNOWN,
        by=by,
        at=at,
    )


def _sex(number: Cpr) -> Sex:
    """The last digit of men's is odd."""
    return Sex.MALE if int(number.digits[-1]) % 2 else Sex.FEMALE


def _require_somebody(members: Collection[GroupMember]) -> None:
    if not members:
        raise DomainError("Vælg mindst ét medlem.", "members")
