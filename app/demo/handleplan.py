"""Handleplaner at every stage, and an akuthandleplan under way, made by those who work on the cases."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from app.access.models import User
from app.cases.handleplan import queries
from app.cases.handleplan import services as plans
from app.cases.handleplan.codes import GoalState, LineOutcome, MeasureResult, MeasureState
from app.cases.handleplan.models import CatalogueMeasure, Handleplan, Measure
from app.cases.handleplan.particulars import Particulars
from app.cases.models import Case
from app.core import clock
from app.demo.acting import acting
from app.demo.unit import DemoUnit

PLANNED = 18
# Every how many of them: a plan that has ended already, and one whose follow-up is overdue.
ENDED, OVERDUE = 6, 4
BEGAN_AFTER = timedelta(days=10)

# What the plan is to help with, what the young person says, and the goals.
AIMS: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    (
        "At du får et fritidsliv, hvor du tjener dine egne penge og ikke bliver trukket ind i noget.",
        "Jeg vil gerne tjene penge til en scooter.",
        ("Du har et fritidsjob inden jul.", "Du kommer i skole mindst fire dage om ugen."),
    ),
    (
        "At der er ro omkring dig og din familie, og at du har voksne at gå til.",
        None,
        ("Du går i klub to aftener om ugen.", "Dine forældre ved, hvor du er om aftenen."),
    ),
    (
        "At du bliver færdig med din uddannelse og har et sted at bo.",
        "Jeg er træt af at sove på venners sofaer.",
        ("Du starter på forløbet og gør det færdigt.",),
    ),
)

# Kind, what it is about, the note that stays inside, and who does it when no employee does.
MEASURES: tuple[tuple[str, str, str | None, str | None], ...] = (
    ("fritidsjob", "Vi hjælper dig med at søge og går med til samtalen.", "Chefen kender til sagen.", None),
    ("klub", "Klubben henter dig de første to uger.", None, "Klubben på Torvet"),
    ("mentor", "En mentor mødes med dig en gang om ugen.", None, None),
    ("familie", "Dine forældre får råd og nogen at tale med.", "Faren vil helst ringes op.", "Familieafsnittet"),
    ("skole", "Skolen laver et skema, du kan nå.", None, "Skolens ledelse"),
    ("misbrug", "Du taler med rådgivningen om hash.", "Han siger selv, det er hver dag.", "Rusmiddelcentret"),
)
RESULTS = (MeasureResult.GOOD, MeasureResult.SOME, MeasureResult.SOME, MeasureResult.NONE, MeasureResult.UNKNOWN)
SAID = "Vi gik planen igennem. Det går fremad med jobbet; skolen er stadig svær."
RESULT_NOTE = "Mødte til næsten alt og fik ros."


def make_handleplaner(unit: DemoUnit, cases: Sequence[Case], random: Random, *, at: datetime) -> dict[str, int]:
    """Make plans in some of the cases; one ended long ago, some are followed up late, and one case has an acute one."""
    made = [
        _make_plan(unit, case, random, at, place)
        for place, case in enumerate(case for case in cases[:PLANNED] if case.opened_at + BEGAN_AFTER < at)
    ]
    _begin_acute(unit, cases[0], at - timedelta(hours=30))
    return {"handleplaner": len(made) + 1}


def _worker(unit: DemoUnit, case: Case) -> User:
    return next((user for user in unit.coordinators if user.id == case.owner_id), unit.leader)


def _make_plan(unit: DemoUnit, case: Case, random: Random, at: datetime, place: int) -> Handleplan:
    by, began = _worker(unit, case), case.opened_at + BEGAN_AFTER
    today = clock.local_date(at)
    first = _follow_up_day(clock.local_date(began), today, late=place % OVERDUE == 1)
    with acting(by, began):
        aim, own_words, goals = AIMS[place % len(AIMS)]
        plan = plans.start_plan(
            case,
            aim=aim,
            own_words=own_words,
            started_on=clock.local_date(began),
            first_follow_up=first,
            by=by,
            at=began,
        )
        for text in goals:
            plans.add_goal(plan, text=text, by=by, at=began)
        measures = [
            plans.add_measure(plan, _agreed(by, chosen, clock.local_date(began)), by=by, at=began)
            for chosen in random.sample(MEASURES, random.randint(1, 3))
        ]
    _carry_on(plan, measures, random, by, at, ended=place % ENDED == ENDED - 1)
    return plan


def _follow_up_day(began: date, today: date, *, late: bool) -> date:
    return max(began, today - timedelta(days=3)) if late else today + timedelta(days=14)


def _agreed(by: User, chosen: tuple[str, str, str | None, str | None], day: date) -> Particulars:
    code, text, note, organisation = chosen
    return Particulars(
        kind=_kind(code),
        goal=None,
        text=text,
        note=note,
        responsible_user_id=by.id if organisation is None else None,
        organisation=organisation,
        from_day=day,
        to_day=None,
        state=MeasureState.RUNNING,
    )


def _kind(code: str) -> CatalogueMeasure:
    return next(kind for kind in queries.catalogue() if kind.code == code)


def _carry_on(
    plan: Handleplan, measures: Sequence[Measure], random: Random, by: User, at: datetime, *, ended: bool
) -> None:
    """A first follow-up has been held where there has been time; some measures have ended, and some plans with them."""
    now, today = at - timedelta(hours=3), clock.local_date(at)
    with acting(by, now):
        whole = queries.get_plan(plan.case_id, plan.id)
        if plan.started_on + timedelta(days=40) < today:
            held = plans.plan_follow_up(whole, on_day=today - timedelta(days=9), by=by, at=now)
            plans.hold_follow_up(held, held_on=held.on_day, text=SAID, next_on=None, by=by, at=now)
            plans.change_goal(whole.goals[0], text=whole.goals[0].text, state=GoalState.PARTLY, by=by, at=now)
        for measure in measures if ended else measures[:1]:
            plans.end_measure(
                measure,
                state=random.choice((MeasureState.ENDED, MeasureState.BROKEN_OFF)),
                ended_on=today,
                result=random.choice(RESULTS),
                result_note=RESULT_NOTE,
                by=by,
                at=now,
            )
        if ended:
            plans.close_plan(whole, closed_on=today, closing="Målene er nået, som de blev sat.", by=by, at=now)


def _begin_acute(unit: DemoUnit, case: Case, at: datetime) -> None:
    """What was to be done within 24 hours is done but for one thing; the rest is still to come."""
    by = _worker(unit, case)
    with acting(by, at):
        plan = plans.start_acute(case, incident_id=None, by=by, at=at)
        plans.add_line(
            plan,
            hours=24,
            what="Ring til klubben, og hør, hvem der var med.",
            responsible_user_id=None,
            organisation="Klubben på Torvet",
            by=by,
            at=at,
        )
    done = at + timedelta(hours=5)
    with acting(by, done):
        lines = queries.get_plan(case.id, plan.id).lines
        for line in [line for line in lines if line.hours == min(line.hours for line in lines)][:-1]:
            plans.end_line(line, outcome=LineOutcome.DONE, by=by, at=done)
