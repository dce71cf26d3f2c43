"""Registering all the people of a døgnrapport at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.access.models import User
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.intake.services.referrals import register_referral
from app.cases.models import OPEN_STATUSES, Case, Referrer
from app.core import name_tokens
from app.core.cpr import Cpr
from app.extensions import db
from app.people import asking
from app.people.models import AddressProtection, Citizen, Sex
from app.people.queries import cpr_index, get_citizen
from app.people.services import IN_USE, create_citizen


@dataclass(frozen=True)
class Person:
    """Somebody in the report."""

    name: str
    cpr: Cpr
    happened: str
    theme: Theme


@dataclass(frozen=True)
class Report:
    """What all of its people have in common."""

    received_on: date
    referrer: Referrer
    contact: str | None
    legal_basis: LegalBasis
    consent: Consent


@dataclass(frozen=True)
class Checked:
    """What is known of the people by their place in the list: visible citizens, and what stands against whom."""

    citizen_ids: dict[int, int]
    problems: dict[int, str]


def check(people: Sequence[Person], *, by: User, at: datetime) -> Checked:
    """Look whom the numbers belong to. Ask before the savepoint of the form: the questions are recorded.

    Raises DomainError when more numbers are in use out of sight than may be answered within the hour.
    """
    indexes = [cpr_index(person.cpr) for person in people]
    known = asking.known(indexes)
    open_cases = _open_cases([citizen.id for citizen in known.values()])
    hidden = asking.taken_out_of_sight([index for index in indexes if index not in known], by=by, at=at)
    citizen_ids, problems = {}, {}
    for place, (person, index) in enumerate(zip(people, indexes, strict=True)):
        citizen = known.get(index)
        if index in indexes[:place]:
            problems[place] = "Personen står to gange på listen."
        elif index in hidden:
            problems[place] = IN_USE
        elif citizen is not None:
            citizen_ids[place] = citizen.id
            if not _may_be_named(person.name, citizen.name):
                problems[place] = f"CPR-nummeret hører til {citizen.name}. Ret navnet eller nummeret."
            elif citizen.id in open_cases:
                number = open_cases[citizen.id]
                problems[place] = f"Har allerede en åben sag, {number}. Skriv det dér, og spring rækken over."
    return Checked(citizen_ids, problems)


def _open_cases(citizen_ids: Sequence[int]) -> dict[int, str]:
    """Numbers of the open cases in sight, by citizen."""
    statement = select(Case.citizen_id, Case.number).where(
        Case.citizen_id.in_(citizen_ids), Case.status.in_(OPEN_STATUSES)
    )
    return {row.citizen_id: row.number for row in db.session.execute(statement)}


def _may_be_named(typed: str, known: str) -> bool:
    """Whether the two names share a word."""
    return not set(name_tokens.words(typed)).isdisjoint(name_tokens.words(known))


def register_people(
    people: Sequence[Person], report: Report, checked: Checked, *, by: User, at: datetime
) -> list[Case]:
    """Make a referral of each.

    checked: the answer of `check` about the same people.
    Raises DomainError when one of them cannot become a referral after all.
    """
    return [
        register_referral(
            _citizen(person, checked.citizen_ids.get(place), by=by, at=at),
            referrer=report.referrer,
            contact=report.contact,
            themes=[person.theme],
            concern=person.happened,
            legal_basis=report.legal_basis,
            consent=report.consent,
            received_on=report.received_on,
            by=by,
            at=at,
        )
        for place, person in enumerate(people)
    ]


def _citizen(person: Person, citizen_id: int | None, *, by: User, at: datetime) -> Citizen:
    if citizen_id is not None:
        return get_citizen(citizen_id)
    return create_citizen(
        name=person.name,
        cpr=person.cpr,
        sex=Sex.MALE if int(person.cpr.digits[-1]) % 2 else Sex.FEMALE,
        bydel_id=None,
        school_id=None,
        address_protection=AddressProtection.UNKNOWN,
        by=by,
        at=at,
    )
