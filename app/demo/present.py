"""The present: open cases on all niveauer, and a clock at every stage."""

from datetime import datetime, timedelta
from random import Random

from app.cases import services as cases
from app.cases.models import AccessKind, Case
from app.core import clock
from app.core.cpr import age_on
from app.demo import stages
from app.demo.acting import acting
from app.demo.assessments import make_assessments
from app.demo.handleplan import make_handleplaner
from app.demo.history import open_one
from app.demo.incidents import make_incidents
from app.demo.intake import make_intake
from app.demo.invented import People
from app.demo.journal import make_journal
from app.demo.meetings import make_meetings
from app.demo.network import make_network
from app.demo.people import make_people
from app.demo.unit import DemoUnit
from app.netvaerkssamraad.models import ADULT

OPEN = {1: 26, 2: 14, 3: 2}
WITH_MENTOR = 15

# Days since the documentation came, and what happened how many days ago: running since today and up to overdue,
# summoned, held, late, exempt; the last one is long past, and its case is asked for anew by the first.
STAGES: tuple[tuple[int, tuple[tuple[int, stages.Act], ...]], ...] = (
    (5, ()),
    (0, ()),
    (2, ()),
    (4, ()),
    (6, ()),
    (7, ()),
    (9, ()),
    (5, ((1, stages.summon),)),
    (20, ((17, stages.summon), (6, stages.hold))),
    (24, ((15, stages.summon_late), (8, stages.not_held))),
    (12, ((10, stages.exempt),)),
)
HELD_BEFORE = (24, ((22, stages.summon), (14, stages.hold)))


def make_present(unit: DemoUnit, people_of: People, random: Random, *, at: datetime) -> dict[str, int]:
    """Open the cases of the last ten months, give mentors some, and start the clocks."""
    niveauer = [niveau for niveau, count in OPEN.items() for _ in range(count)]
    random.shuffle(niveauer)
    days_ago = sorted((random.randint(25, 300) for _ in niveauer), reverse=True)
    opened = [
        open_one(unit, people_of, random, niveau, clock.local_date(at) - timedelta(days=days))
        for niveau, days in zip(niveauer, days_ago, strict=True)
    ]
    _give_mentors(unit, opened, random, at)
    young = sorted((case for case in opened if _is_young(case, at)), key=lambda case: (-case.niveau, case.id))
    shown = list(zip(young, STAGES, strict=False))
    _show(unit, shown[0][0], HELD_BEFORE, random, at)
    for case, stage in shown:
        _show(unit, case, stage, random, at)
    _leave_one_unassigned(unit, shown[1][0], at)
    make_incidents(unit, opened, random, at=at)
    make_assessments(unit, opened, random, at=at)
    make_journal(unit, opened, random, at=at)
    make_handleplaner(unit, opened, random, at=at)
    make_network(unit, young, people_of, random, at=at)
    make_people(unit, opened, people_of, random, at=at)
    make_intake(unit, opened, people_of, random, at=at)
    make_meetings(unit, opened, people_of, random, at=at)
    return {"åbne sager": len(opened), "netværkssamråd": len(shown) + 1}


def _show(
    unit: DemoUnit,
    case: Case,
    stage: tuple[int, tuple[tuple[int, stages.Act], ...]],
    random: Random,
    at: datetime,
) -> None:
    days_ago, acts = stage
    received = at - timedelta(days=days_ago, minutes=40)
    stages.show(unit, case, random, received=received, acts=[(at - timedelta(days=days), act) for days, act in acts])


def _is_young(case: Case, at: datetime) -> bool:
    """Under 18 all through the last year and today."""
    today = clock.local_date(at)
    return age_on(case.citizen.birth_month, today) < ADULT - 1


def _give_mentors(unit: DemoUnit, opened: list[Case], random: Random, at: datetime) -> None:
    with acting(unit.leader, at):
        for case in random.sample([case for case in opened if case.niveau > 1], WITH_MENTOR):
            mentor = random.choice(unit.mentors)
            cases.give_access(
                case,
                user_id=mentor.id,
                kind=AccessKind.MENTOR,
                from_day=clock.local_date(at),
                to_day=None,
                by=unit.leader,
                at=at,
            )


def _leave_one_unassigned(unit: DemoUnit, case: Case, at: datetime) -> None:
    """A case that nobody answers for: its reminders go to the leader."""
    with acting(unit.leader, at):
        cases.assign_owner(case, owner_id=None, by=unit.leader, at=at)
