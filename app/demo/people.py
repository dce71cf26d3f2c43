"""How citizens can be reached, and what happens to their numbers: one is new, one is unknown, one came twice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from app.access.models import User
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.intake.services import register_referral
from app.cases.models import Case, CaseStatus, Referrer
from app.core import clock
from app.demo.acting import acting
from app.demo.invented import People
from app.demo.unit import DemoUnit
from app.extensions import db
from app.people import contacts, services
from app.people.contacts import ContactFacts
from app.people.merging import MergedFacts, merge_citizens
from app.people.models import AddressProtection, Citizen, ContactKind, CprChangeKind
from app.people.numbers import set_cpr

REACHED = 30
STREETS = ("Kongsholmvej", "Herstedøstervej", "Blokland", "Gymnasievej", "Roskildevej", "Trippendalsvej")
NOTES = ("mors telefon", "ring efter kl. 15", "svarer bedst på sms", None, None)


def make_people(
    unit: DemoUnit, cases: Sequence[Case], people_of: People, random: Random, *, at: datetime
) -> dict[str, int]:
    """Write phones and addresses on the first of the open cases, and let the rare things happen once each."""
    with acting(unit.leader, at):
        for case in cases[:REACHED]:
            _reach(case, random, by=unit.leader, at=at)
        _new_number(cases[-1].citizen, people_of, by=unit.leader, at=at)
        _came_twice(cases[-2].citizen, by=unit.leader, at=at)
    with acting(unit.coordinators[0], at):
        _number_unknown(by=unit.coordinators[0], at=at)
    return {"kontaktoplysninger": REACHED}


def _reach(case: Case, random: Random, *, by: User, at: datetime) -> None:
    """A number and an address; numbers of eight noughts and a few are nobody's."""
    today = clock.local_date(at)
    phone = f"00 00 {random.randrange(100):02} {random.randrange(100):02}"
    address = f"{random.choice(STREETS)} {random.randint(1, 80)}, 2620 Albertslund"
    facts = [
        ContactFacts(ContactKind.PHONE, phone, random.choice(NOTES)),
        ContactFacts(ContactKind.ADDRESS, address, None, today - timedelta(days=random.randint(200, 900))),
    ]
    if random.random() < 0.2:  # noqa: PLR2004 - about one in five has moved
        moved = today - timedelta(days=random.randint(20, 150))
        facts.append(
            ContactFacts(ContactKind.ADDRESS, f"{random.choice(STREETS)} 3, 2620 Albertslund", None, None, moved)
        )
    for each in facts:
        contacts.add_contact_point(case.citizen, each, by=by, at=at)


def _new_number(citizen: Citizen, people_of: People, *, by: User, at: datetime) -> None:
    another = people_of.another_number(citizen.birth_date)
    set_cpr(citizen, another, kind=CprChangeKind.NEW, reasons="Har fået nyt erstatningsnummer.", by=by, at=at)


def _came_twice(citizen: Citizen, *, by: User, at: datetime) -> None:
    """Somebody had typed the name without a number, and saw afterwards that it was the same person."""
    again = _without_number(citizen.name, citizen.birth_date, citizen, by=by, at=at)
    facts = MergedFacts(citizen.name, citizen.sex, citizen.address_protection, citizen.bydel_id, citizen.school_id)
    merge_citizens(citizen, again, facts, reasons="Samme navn, fødselsdag og skole.", by=by, at=at)


def _number_unknown(*, by: User, at: datetime) -> None:
    """A referral on somebody who looks like the citizen of a closed case."""
    newest = select(Case).where(Case.status == CaseStatus.CLOSED).order_by(Case.number.desc()).limit(1)
    former = db.session.scalars(newest).one().citizen
    citizen = _without_number(former.name, former.birth_date, former, by=by, at=at)
    register_referral(
        citizen,
        referrer=Referrer.CLUB,
        contact="Klubben Hedemarken, vagttelefonen",
        themes=[Theme.CRIME],
        concern="Klubben ser en ung, der går ud og ind af biler ved parkeringspladsen om aftenen.",
        legal_basis=LegalBasis.CONSENT,
        consent=Consent.GIVEN,
        received_on=clock.local_date(at),
        by=by,
        at=at,
    )


def _without_number(name: str, born: date, like: Citizen, *, by: User, at: datetime) -> Citizen:
    return services.create_citizen(
        name=name,
        cpr=None,
        birth_date=born,
        sex=like.sex,
        bydel_id=like.bydel_id,
        school_id=like.school_id,
        address_protection=AddressProtection.UNKNOWN,
        by=by,
        at=at,
    )
