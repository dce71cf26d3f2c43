"""Events to show, registered through the services on the day the unit got to know of them.

The year 2017 as the published report for its second half tells it, as of 30-11-2017: 21 of the 36 on niveau 2 have
served or are serving, and three young people under 18 are remanded. Whatever the seed: the served are the oldest of
the 36, and the remanded are chosen among those under 18. Around them stands what must not be counted on that day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from app.access.models import User
from app.cases.incidents import services
from app.cases.incidents.facts import IncidentFacts
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource, OffenceGroup, Verdict
from app.cases.models import Case
from app.core import clock
from app.core.cpr import age_on
from app.demo.acting import acting
from app.demo.unit import DemoUnit

SERVED_2017, REMANDED_2017 = 21, 3
AS_OF = date(2017, 11, 30)
HALF_YEAR = date(2017, 7, 3)
CRIME, ADULT, RESPONSIBLE = 2, 18, 15
SERIOUS = (OffenceGroup.VIOLENCE, OffenceGroup.ROBBERY, OffenceGroup.WEAPONS)
GROUPS = (OffenceGroup.THEFT, OffenceGroup.BURGLARY, OffenceGroup.VIOLENCE, OffenceGroup.DRUGS, OffenceGroup.ROBBERY)
SOURCES = {
    IncidentKind.SENTENCE: IncidentSource.COURT,
    IncidentKind.IMPRISONMENT: IncidentSource.PRISON_SERVICE,
    IncidentKind.REIMPRISONMENT: IncidentSource.PRISON_SERVICE,
    IncidentKind.RELEASE: IncidentSource.PRISON_SERVICE,
    IncidentKind.WITHDRAWAL: IncidentSource.PROSECUTION,
}

NOTES = (
    "Sammenstød ved stationen fredag aften, set på overvågningen.",
    "Nævnt af politiet på mødet; flere unge er set samme sted.",
    "Skolen har fundet stjålne telefoner i skabet.",
)


@dataclass(frozen=True)
class _Teller:
    """Registers events of one case; what happened before it was opened became known that day."""

    unit: DemoUnit
    case: Case
    random: Random

    @property
    def by(self) -> User:
        """The one who answers for the case."""
        return next((user for user in self.unit.coordinators if user.id == self.case.owner_id), self.unit.leader)

    def tell(self, kind: IncidentKind, happened_on: date, known_on: date | None = None, **facts: Any) -> Incident:
        """Register an event at half past eleven on the day it became known."""
        known = max(known_on or happened_on, self.case.opened_on)
        at = max(_late_morning(known), self.case.opened_at + timedelta(minutes=15))
        told = IncidentFacts(
            happened_on=happened_on, known_on=known, source=SOURCES.get(kind, IncidentSource.POLICE), **facts
        )
        with acting(self.by, at):
            return services.register_incident(self.case, kind=kind, facts=told, by=self.by, at=at)

    def crime(self, act_on: date, charged_on: date, sentenced_on: date | None = None) -> Incident:
        """A charge, and a sentence that follows from it."""
        group = self.random.choice(GROUPS)
        facts: dict[str, Any] = {"act_on": act_on, "offence_group": group, "against_person": group in SERIOUS}
        charge = self.tell(IncidentKind.CHARGE, charged_on, **facts)
        if sentenced_on is None:
            return charge
        return self.tell(IncidentKind.SENTENCE, sentenced_on, about=charge, **facts)

    def void(self, incident: Incident, reason: str) -> None:
        """Say a day later that it was a mistake."""
        at = _late_morning(incident.known_on + timedelta(days=1))
        with acting(self.by, at):
            services.void_incident(incident, reason=reason, by=self.by, at=at)

    def judge(self, incident: Incident, index_on: date, verdict: Verdict, reasons: str, at: datetime) -> None:
        """Confirm recidivism, or set it aside."""
        with acting(self.by, at):
            services.review_recidivism(incident, index_on=index_on, verdict=verdict, reasons=reasons, by=self.by, at=at)


def _late_morning(day: date) -> datetime:
    return clock.from_local(day, time(11, 30)).astimezone(UTC)


def _days(random: Random, least: int, most: int) -> timedelta:
    return timedelta(days=random.randint(least, most))


def _age(case: Case, day: date) -> int:
    """The age as the figures count it, from the month of birth."""
    return age_on(case.citizen.birth_month, day)


def make_year(unit: DemoUnit, opened: list[Case], random: Random) -> None:
    """The events of 2017, on all its cases."""
    crime = sorted(
        (case for case in opened if case.niveau == CRIME), key=lambda case: (case.citizen.birth_month, case.id)
    )
    served = crime[:SERVED_2017]
    young = _by_fitness([case for case in opened if case not in served])
    remanded, later = young[:REMANDED_2017], young[REMANDED_2017]
    for number, case in enumerate(served):
        _serve(_Teller(unit, case, random), is_released=number % 3 != 0)
    for case in remanded:
        _remand(_Teller(unit, case, random))
    _remand(_Teller(unit, later, random), known_on=AS_OF + timedelta(days=8))
    uncounted = [case for case in crime if case not in {*served, *remanded, later}]
    for case, leave in zip(uncounted, (_serves_later, _never_served, _remanded_as_adult), strict=False):
        leave(_Teller(unit, case, random))
    for case in uncounted[3:]:
        _charge(_Teller(unit, case, random))


def _by_fitness(cases: list[Case]) -> list[Case]:
    """Those under 18 to the end of the year, the likeliest to be remanded first: of age to be, and on a high niveau.

    All on niveau 1 are under 18 then, so there are always enough.
    """
    minors = [case for case in cases if _age(case, AS_OF) < ADULT]
    return sorted(minors, key=lambda case: (_age(case, case.opened_on) < RESPONSIBLE, -case.niveau, case.id))


def _serve(teller: _Teller, *, is_released: bool) -> None:
    """Crime, sentence and imprisonment before the case, and a release soon, or not before the report."""
    random = teller.random
    imprisoned = teller.case.opened_on - _days(random, 20, 300)
    act = imprisoned - _days(random, 150, 400)
    sentence = teller.crime(act, act + _days(random, 1, 20), imprisoned - _days(random, 10, 60))
    kind = random.choice((IncidentKind.IMPRISONMENT, IncidentKind.IMPRISONMENT, IncidentKind.REIMPRISONMENT))
    prison = teller.tell(kind, imprisoned, about=sentence)
    released = imprisoned + _days(random, 40, 200) if is_released else AS_OF + _days(random, 20, 300)
    teller.tell(IncidentKind.RELEASE, released, about=prison)


def _remand(teller: _Teller, known_on: date | None = None) -> None:
    """A charge of serious crime and remand in the half-year, which goes on past the day of the report."""
    begins = max(teller.case.opened_on, HALF_YEAR)
    remanded = min(begins + _days(teller.random, 1, 40), AS_OF - timedelta(days=1))
    group = teller.random.choice(SERIOUS)
    facts: dict[str, Any] = {"act_on": remanded - timedelta(days=2), "offence_group": group, "against_person": True}
    charge = teller.tell(IncidentKind.CHARGE, remanded, known_on, **facts)
    remand = teller.tell(IncidentKind.REMAND, remanded, known_on, until_day=remanded + timedelta(days=28), about=charge)
    teller.tell(IncidentKind.RELEASE, AS_OF + _days(teller.random, 10, 60), about=remand)


def _serves_later(teller: _Teller) -> None:
    """Imprisoned before the day of the report, which the unit got to know after it."""
    known = AS_OF + timedelta(days=5)
    teller.tell(IncidentKind.IMPRISONMENT, max(teller.case.opened_on, AS_OF - timedelta(days=10)), known)


def _never_served(teller: _Teller) -> None:
    """An imprisonment that was another's, and a charge that was dropped."""
    prison = teller.tell(IncidentKind.IMPRISONMENT, teller.case.opened_on)
    teller.void(prison, "Det var en fætter med samme navn, der blev indsat.")
    charge = _charge(teller)
    teller.tell(IncidentKind.WITHDRAWAL, charge.happened_on + timedelta(days=30), about=charge)


def _remanded_as_adult(teller: _Teller) -> None:
    """A remand counts as one under 18 only until the birthday."""
    birthday = teller.case.citizen.birth_month.replace(year=teller.case.citizen.birth_month.year + ADULT)
    if max(birthday, teller.case.opened_on) <= AS_OF:
        teller.tell(IncidentKind.REMAND, max(birthday, teller.case.opened_on))


def _charge(teller: _Teller) -> Incident:
    """A charge, or suspicion of one who is too young to be charged."""
    charged = teller.case.opened_on + _days(teller.random, 0, 60)
    if _age(teller.case, teller.case.opened_on) < RESPONSIBLE:
        return teller.tell(IncidentKind.SUSPICION, charged, offence_group=teller.random.choice(GROUPS))
    return teller.crime(charged - _days(teller.random, 1, 30), charged)


def make_incidents(unit: DemoUnit, cases: list[Case], random: Random, *, at: datetime) -> None:
    """Events of the open cases on niveau 2 and 3: every answer that the tab can give stands in one of them."""
    today = clock.local_date(at)
    of_age = [case for case in cases if case.niveau >= CRIME and _age(case, case.opened_on) >= RESPONSIBLE]
    tellers = iter([_Teller(unit, case, random) for case in of_age])
    for show in (_confirmed, _set_aside, _unsaid, _dropped, _in_custody, _released, _fresh):
        teller = next(tellers, None)
        if teller is not None:
            show(teller, today, at)
    for teller in tellers:
        charged = _between(teller, today)
        teller.tell(IncidentKind.SUSPICION, charged, offence_group=random.choice(GROUPS), note=random.choice(NOTES))


def _between(teller: _Teller, today: date) -> date:
    """A day while the case has been open, before yesterday."""
    opened = teller.case.opened_on
    return opened + timedelta(days=teller.random.randint(1, max((today - opened).days - 3, 1)))


def _confirmed(teller: _Teller, today: date, at: datetime) -> None:
    """A relapse after a release, confirmed."""
    opened = teller.case.opened_on
    teller.tell(IncidentKind.RELEASE, opened - timedelta(days=30), note="Løsladt til egen bolig.")
    charged = _between(teller, today)
    charge = teller.crime(charged - timedelta(days=1), charged)
    teller.judge(charge, opened - timedelta(days=30), Verdict.CONFIRMED, "Ny handling efter løsladelsen.", at)


def _set_aside(teller: _Teller, today: date, at: datetime) -> None:
    """A charge for what was done before the case, whose day of the act was told late."""
    charge = teller.tell(IncidentKind.CHARGE, _between(teller, today), offence_group=OffenceGroup.BURGLARY)
    reasons = "Politiet oplyser, at handlingen ligger før sagens start."
    teller.judge(charge, teller.case.accepted_on or teller.case.opened_on, Verdict.SET_ASIDE, reasons, at)


def _unsaid(teller: _Teller, today: date, _at: datetime) -> None:
    """Recidivism that nobody has judged."""
    charged = _between(teller, today)
    teller.crime(charged - timedelta(days=1), charged)


def _dropped(teller: _Teller, today: date, _at: datetime) -> None:
    """A charge that was dropped, and one that was registered by mistake."""
    charge = _charge_by(teller, _between(teller, today))
    teller.tell(IncidentKind.WITHDRAWAL, today - timedelta(days=1), about=charge, note="Opgivet som bevisets stilling.")
    mistake = teller.tell(IncidentKind.SENTENCE, today - timedelta(days=2), offence_group=OffenceGroup.TRAFFIC)
    teller.void(mistake, "Dommen hører til en anden sag.")


def _charge_by(teller: _Teller, day: date) -> Incident:
    return teller.tell(IncidentKind.CHARGE, day, offence_group=teller.random.choice(GROUPS))


def _in_custody(teller: _Teller, today: date, _at: datetime) -> None:
    """A remand that ends within days."""
    teller.tell(IncidentKind.REMAND, today - timedelta(days=24), until_day=today + timedelta(days=4))


def _released(teller: _Teller, today: date, _at: datetime) -> None:
    """A sentence served, and a release some weeks ago."""
    prison = teller.tell(IncidentKind.IMPRISONMENT, today - timedelta(days=120))
    teller.tell(IncidentKind.RELEASE, today - timedelta(days=20), about=prison)


def _fresh(teller: _Teller, today: date, _at: datetime) -> None:
    """Suspicion of violence since yesterday, which calls for an akuthandleplan."""
    day = today - timedelta(days=1)
    facts: dict[str, Any] = {"act_on": day, "offence_group": OffenceGroup.VIOLENCE, "against_person": True}
    teller.tell(IncidentKind.SUSPICION, day, **facts, note=NOTES[0])
