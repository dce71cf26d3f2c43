"""Intake to show: referrals that wait, one rejected, cases closed and reopened, and levels that moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.access.models import User
from app.cases.codes import Consent, LegalBasis, Result, Theme
from app.cases.intake import services as intake
from app.cases.intake.services.endings import running_clocks
from app.cases.levels.services import change_level
from app.cases.models import Case, Referrer
from app.core import clock
from app.demo import names
from app.demo.acting import acting
from app.demo.invented import People
from app.demo.unit import DemoUnit
from app.people import services as people
from app.people.models import AddressProtection


@dataclass(frozen=True)
class Shown:
    """A referral to show: days since it came, and what it is about."""

    days: int
    referrer: Referrer
    contact: str
    themes: tuple[Theme, ...]
    basis: LegalBasis
    consent: Consent
    concern: str


REFERRALS = (
    Shown(
        12, Referrer.SCHOOL, "AKT-vejleder Mette Krogh, Engskolen, 43 00 00 11", (Theme.ABSENCE, Theme.DRUGS),
        LegalBasis.SSP, Consent.GIVEN, "Har ikke været i skole i tre uger og ses dagligt ved stationen.",
    ),
    Shown(
        6, Referrer.FAMILY_SECTION, "Rådgiver Henrik Toft, Familieafsnittet", (Theme.UNREST, Theme.VIOLENCE),
        LegalBasis.COOPERATION, Consent.NOT_ASKED, "Var med i to slagsmål ved indkøbscentret på en uge.",
    ),
    Shown(
        3, Referrer.POLICE, "Forebyggelsessekretariatet, Vestegnens Politi", (Theme.EXTREMISM,),
        LegalBasis.SSP, Consent.NOT_NEEDED, "Deler voldsvideoer og omtaler en navngiven gruppe på nettet.",
    ),
    Shown(
        1, Referrer.CLUB, "Klubleder Aya Demir, Klub Øst", (Theme.GANG, Theme.OTHER),
        LegalBasis.SSP, Consent.REFUSED, "Kommer med store pengebeløb og henter andre drenge i bil.",
    ),
    Shown(
        0, Referrer.CITIZEN, "Mor, 22 00 00 00", (Theme.DIGITAL,),
        LegalBasis.CONSENT, Consent.GIVEN, "Moderen ringer: sønnen deler billeder af en pige fra klassen.",
    ),
)  # fmt: skip
REJECTED = Shown(
    20, Referrer.HOUSING, "Boligsocial medarbejder Ida Bæk", (Theme.UNREST,),
    LegalBasis.OWN_TASK, Consent.NOT_ASKED, "Naboer klager over støj fra lejligheden om natten.",
)  # fmt: skip
LEVELS = (
    (1, 2, 40, "Er sigtet for tyveri for anden gang, og risikovurderingen peger på flere forhold."),
    (1, 2, 25, "Politiet oplyser om ny mistanke sammen med ældre kammerater."),
    (2, 1, 15, "Har gået fast i klub i et halvt år, og der er ikke kommet nye forhold."),
)


def make_intake(unit: DemoUnit, opened: list[Case], people_of: People, random: Random, *, at: datetime) -> None:
    """Let referrals wait, decide one, and let some of the open cases move and end."""
    for number, shown in enumerate(REFERRALS):
        by = unit.coordinators[number % len(unit.coordinators)]
        case = _refer(unit, shown, people_of, random, by=by, at=at)
        if number == 1:
            _visit(case, by=by, at=at - timedelta(days=shown.days - 1))
    by = unit.coordinators[0]
    rejected = _refer(unit, REJECTED, people_of, random, by=by, at=at)
    decided = at - timedelta(days=REJECTED.days - 2)
    with acting(by, decided):
        reasons = "Klagen handler om støj, og der er ingen tegn på kriminalitet. Boligselskabet tager den selv."
        intake.reject(rejected, reasons=reasons, told="Ida Bæk, pr. telefon", by=by, at=decided)
    _move_levels(unit, opened, at)
    _end_some(unit, opened, at)


def _refer(unit: DemoUnit, shown: Shown, people_of: People, random: Random, *, by: User, at: datetime) -> Case:
    then = at - timedelta(days=shown.days)
    day = clock.local_date(then)
    person = people_of.of_age(random.randint(12, 17), day)
    school = random.choice(unit.schools)
    with acting(by, then):
        citizen = people.create_citizen(
            name=person.name,
            cpr=person.cpr,
            sex=person.sex,
            bydel_id=school.bydel_id,
            school_id=school.id,
            address_protection=AddressProtection.UNKNOWN,
            by=by,
            at=then,
        )
        return intake.register_referral(
            citizen,
            referrer=shown.referrer,
            contact=shown.contact,
            themes=shown.themes,
            concern=shown.concern,
            legal_basis=shown.basis,
            consent=shown.consent,
            received_on=day,
            by=by,
            at=then,
        )


def _visit(case: Case, *, by: User, at: datetime) -> None:
    with acting(by, at):
        intake.take_into_visitation(case, by=by, at=at)


def _move_levels(unit: DemoUnit, opened: list[Case], at: datetime) -> None:
    """Move some cases that were opened before the day of the change."""
    moved: set[int] = set()
    for before, after, days, reasons in LEVELS:
        then = at - timedelta(days=days)
        fits = (case for case in opened if case.niveau == before and case.id not in moved)
        case = next((case for case in fits if case.opened_on < clock.local_date(then)), None)
        if case is None:
            continue
        moved.add(case.id)
        with acting(unit.leader, then):
            change_level(case, niveau=after, reasons=reasons, by=unit.leader, at=then)


def _end_some(unit: DemoUnit, opened: list[Case], at: datetime) -> None:
    """Close two cases in which no clock runs, and open one of them again."""
    with acting(unit.leader, at):
        quiet = [case for case in opened if case.owner_id is not None and not running_clocks(case)][-2:]
        for case in quiet:
            intake.close_case(
                case,
                reasons=names.CLOSED_BECAUSE[case.id % len(names.CLOSED_BECAUSE)],
                result=Result.GOALS_MET,
                risk_view="Risikoen er lav. Skolen holder øje og kontakter os ved nye tegn.",
                by=unit.leader,
                at=at,
            )
        if quiet:
            reasons = "Skolen har kontaktet os igen: fraværet er tilbage."
            intake.reopen_case(quiet[0], reasons=reasons, by=unit.leader, at=at)
