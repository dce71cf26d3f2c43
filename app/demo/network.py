"""Relations, people without a case, and two groups, recorded by those who work on the cases."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from app.access.models import User
from app.cases.groups import services as groups
from app.cases.groups.models import Group, GroupNoteKind
from app.cases.models import Case
from app.cases.network import services as network
from app.cases.network.facts import KEPT, PersonFacts, RelationFacts
from app.cases.network.models import RelationKind, Source
from app.core import clock
from app.demo import names
from app.demo.acting import acting
from app.demo.invented import People, Person
from app.demo.unit import DemoUnit

RELATED = 14
RING = 6
MOTHERS_AGE = timedelta(days=10_000)
PROFESSIONS = (("Klasselærer", "Friskolen ved åen"), ("Pædagog", "Klub Lund"), ("Familierådgiver", "Familieafsnittet"))
CONCERN = "Samles ved stationen de fleste aftener, og beboerne er utrygge. De yngste løber ærinder for de ældre."
QUIET = "Tre piger, der er begyndt at stjæle sammen i centeret efter skole."
NOTE = "Ses sammen de fleste dage efter skole."
DISCUSSED = "Drøftet på teammødet. Klubben åbner to timer tidligere, og vi taler med forældrene hver for sig."


def make_network(
    unit: DemoUnit, cases: Sequence[Case], people_of: People, random: Random, *, at: datetime
) -> dict[str, int]:
    """Record families and friends of some of the cases, and follow two groups of those who hang together.

    cases: open ones, in the order that they are to be told of in.
    """
    shown = cases[:RELATED]
    for place, case in enumerate(shown):
        _family(unit, case, random, at)
        if place < RING:
            _friends(unit, case, shown[(place + 1) % RING], place, at)
    _group(unit, shown[:RING], people_of, random, at)
    return {"relationer": 2 * len(shown) + 2 * RING, "grupper": 2}


def _family(unit: DemoUnit, case: Case, random: Random, at: datetime) -> None:
    by, today = _worker(unit, case), clock.local_date(at)
    mother = f"{random.choice(names.GIRLS)} {case.citizen.name.split()[-1]}"
    profession, organisation = random.choice(PROFESSIONS)
    with acting(by, at):
        network.add_relation(
            case,
            _person(
                mother,
                today,
                born=case.citizen.birth_date - MOTHERS_AGE,
                phone=f"2{random.randrange(10**7):07}",
                address="Åvej 12, 2. th.",
            ),
            _facts(RelationKind.PARENT, Source.CITIZEN),
            by=by,
            at=at,
        )
        network.add_relation(
            case,
            _person(f"{random.choice(names.BOYS)} {random.choice(names.FAMILY)}", today),
            _facts(RelationKind.PROFESSIONAL, Source.SCHOOL, profession=profession, organisation=organisation),
            by=by,
            at=at,
        )


def _friends(unit: DemoUnit, case: Case, friend: Case, place: int, at: datetime) -> None:
    """In a ring, so that the picture has a second degree; written by the leader, who sees both ends."""
    kind = RelationKind.CO_OFFENDER if place % 2 else RelationKind.FRIEND
    since = clock.local_date(at) - timedelta(days=60 + 30 * place)
    with acting(unit.leader, at):
        network.add_relation(
            case,
            friend.citizen,
            _facts(kind, Source.POLICE if place % 2 else Source.OWN, since=since, note=NOTE),
            by=unit.leader,
            at=at,
        )


def _group(unit: DemoUnit, cases: Sequence[Case], people_of: People, random: Random, at: datetime) -> None:
    by, begun = unit.leader, at - timedelta(days=120)
    with acting(by, begun):
        group = groups.open_group(title="Stationen", concern=CONCERN, restricted=False, named_ids=(), by=by, at=begun)
        groups.open_group(title="Centeret", concern=QUIET, restricted=True, named_ids=(), by=by, at=begun)
    with acting(by, at):
        young = people_of.of_age(13, clock.local_date(at))
        _members(group, cases, young, random, by=by, at=at)
        groups.add_note(
            group,
            kind=GroupNoteKind.DISCUSSION,
            on_day=clock.local_date(at) - timedelta(days=3),
            text=DISCUSSED,
            by=by,
            at=at,
        )


def _members(group: Group, cases: Sequence[Case], person: Person, random: Random, *, by: User, at: datetime) -> None:
    today = clock.local_date(at)
    for place, case in enumerate(cases):
        groups.add_member(
            group,
            case.citizen,
            from_day=today - timedelta(days=random.randint(20, 200)),
            to_day=today - timedelta(days=10) if place == 1 else None,
            role_note="Samler de yngre" if place == 0 else None,
            by=by,
            at=at,
        )
    groups.add_member(
        group,
        PersonFacts(person.name, person.cpr, None, None, None, today + KEPT),
        from_day=today - timedelta(days=15),
        to_day=None,
        role_note="Løber ærinder",
        by=by,
        at=at,
    )


def _person(
    name: str, today: date, *, born: date | None = None, phone: str | None = None, address: str | None = None
) -> PersonFacts:
    return PersonFacts(name, None, born, phone, address, today + KEPT)


def _facts(
    kind: RelationKind,
    source: Source,
    *,
    since: date | None = None,
    note: str | None = None,
    profession: str | None = None,
    organisation: str | None = None,
) -> RelationFacts:
    return RelationFacts(kind, since, None, source, note, profession, organisation)


def _worker(unit: DemoUnit, case: Case) -> User:
    return case.owner or unit.leader
