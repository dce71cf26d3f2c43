"""The year 2017: as many cases on each niveau as the published report for its second half says.

Source: half-year report, 2nd half of 2017, as of 30-11-2017: about 120 cases on niveau 1 in the year, and
36 on niveau 2 and 3 on niveau 3 opened since January.
"""

from datetime import UTC, date, time, timedelta
from random import Random

from app.cases import services as cases
from app.cases.codes import Result, Theme
from app.cases.intake.services import close_case
from app.cases.models import Case, Referrer
from app.core import clock
from app.core.cpr import age_on
from app.demo import incidents, names, stages
from app.demo.acting import acting
from app.demo.invented import People
from app.demo.unit import DemoUnit
from app.netvaerkssamraad.models import ADULT
from app.people import services as people
from app.people.models import AddressProtection

OPENED_2017 = {1: 120, 2: 36, 3: 3}
FIRST, LAST = date(2017, 1, 4), date(2017, 11, 29)
AGES = {1: (10, 16), 2: (14, 23), 3: (16, 24)}
REFERRERS = {
    1: (Referrer.SCHOOL, Referrer.SCHOOL, Referrer.CLUB, Referrer.OWN, Referrer.POLICE),
    2: (Referrer.POLICE, Referrer.POLICE, Referrer.FAMILY_SECTION, Referrer.PRISON_SERVICE, Referrer.HOUSING),
    3: (Referrer.POLICE,),
}
THEMES = (
    (Theme.ABSENCE, Theme.UNREST),
    (Theme.CRIME,),
    (Theme.CRIME, Theme.VIOLENCE),
    (Theme.DRUGS,),
    (Theme.GANG, Theme.CRIME),
)
RESULTS = (Result.GOALS_MET, Result.PARTLY_MET, Result.DECLINED, Result.MOVED)
FRIDAY = 4
JULY = 7
YOUNG_NIVEAU = 2
SUMMONS_DAYS = 7
SUMMONED_AFTER = (2, 5, 7, 4, 9, 3, 6, 1, 7, 5)


def open_the_year(unit: DemoUnit, people_of: People, random: Random) -> list[Case]:
    """Open the cases of 2017 in the order of their days, and close most of them later."""
    niveauer = [niveau for niveau, count in OPENED_2017.items() for _ in range(count)]
    random.shuffle(niveauer)
    days = sorted(_working_day(random) for _ in niveauer)
    opened = [open_one(unit, people_of, random, niveau, day) for niveau, day in zip(niveauer, days, strict=True)]
    for case, summons_after in zip((case for case in opened if _is_young(case)), SUMMONED_AFTER, strict=False):
        received = case.opened_at + timedelta(days=3)
        sent = received + timedelta(days=summons_after)
        summon = stages.summon if summons_after <= SUMMONS_DAYS else stages.summon_late
        acts = [(sent, summon), (sent + timedelta(days=9), stages.hold)]
        stages.show(unit, case, random, received=received, acts=acts)
    incidents.make_year(unit, opened, random)
    for case in opened:
        _close_later(case, random)
    return opened


def _is_young(case: Case) -> bool:
    return case.niveau == YOUNG_NIVEAU and age_on(case.citizen.birth_month, case.opened_on) < ADULT - 1


def open_one(unit: DemoUnit, people_of: People, random: Random, niveau: int, day: date) -> Case:
    """Open one case on an invented citizen, in office hours of the day, or of the Friday before a weekend."""
    day -= timedelta(days=max(day.weekday() - FRIDAY, 0))
    at = clock.from_local(day, time(random.randint(8, 15), random.randint(0, 59))).astimezone(UTC)
    owner = random.choice(unit.coordinators)
    person = people_of.of_age(random.randint(*AGES[niveau]), day)
    school = random.choice(unit.schools)
    with acting(owner, at):
        citizen = people.create_citizen(
            name=person.name,
            cpr=person.cpr,
            sex=person.sex,
            bydel_id=school.bydel_id,
            school_id=school.id,
            address_protection=random.choice((AddressProtection.NO, AddressProtection.NO, AddressProtection.UNKNOWN)),
            by=owner,
            at=at,
        )
        return cases.open_case(
            citizen,
            niveau=niveau,
            referrer=random.choice(REFERRERS[niveau]),
            concern=random.choice(names.CONCERNS),
            owner_id=owner.id,
            suitable=names.SUITABLE[day.toordinal() % len(names.SUITABLE)],
            themes=THEMES[day.toordinal() % len(THEMES)],
            by=owner,
            at=at,
        )


def _working_day(random: Random) -> date:
    while True:
        day = FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))
        if day.weekday() <= FRIDAY and day.month != JULY:
            return day


def _close_later(case: Case, random: Random) -> None:
    """Close the case after some months."""
    day = case.opened_on + timedelta(days=random.randint(60, 520))
    at = clock.from_local(day, time(14)).astimezone(UTC)
    owner = case.owner
    assert owner is not None  # noqa: S101 - for the type checker: these cases are opened with an owner
    with acting(owner, at):
        close_case(
            case,
            reasons=names.CLOSED_BECAUSE[case.id % len(names.CLOSED_BECAUSE)],
            result=RESULTS[case.id % len(RESULTS)],
            risk_view="Risikoen er lavere end ved begyndelsen.",
            by=owner,
            at=at,
        )
