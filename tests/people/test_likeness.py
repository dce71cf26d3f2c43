"""Who may be the same person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session, scoped_session

from app.core.cpr import Cpr, parse
from app.people.likeness import Described, alike, likeness
from app.people.models import Citizen
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import World

BORN = date(2010, 5, 17)
SAME_MONTH = date(2010, 5, 2)
TODAY = date(2026, 11, 20)


def number(text: str) -> Cpr:
    return parse(text, today=TODAY)


def stored(name: str, born: date = BORN, cpr: str | None = None) -> Citizen:
    citizen = Citizen(name=name, cpr=cpr)
    if cpr is None:
        citizen.birth_date = born
    return citizen


ALIKE = [
    ("Fatima Yıldız", BORN, None, stored("Fatima Yildiz")),
    ("Fatima Yıldız", SAME_MONTH, None, stored("Yildiz, Fatima")),
    ("Søren Ørsted", BORN, None, stored("Soren Orsted")),
    ("Fatima Yıldız", BORN, None, stored("Fatima Nur Yildiz")),
    ("Mohamed Ali", BORN, None, stored("Mohammed Ali")),
    ("Fatima", BORN, None, stored("Fatima Yildiz")),
    # The number is mistyped: everything else is the same.
    ("Fatima Yıldız", BORN, "170510-4321", stored("Fatima Yildiz", cpr="1705104322")),
    # A replacement number says nothing about another number.
    ("Fatima Nur Yıldız", BORN, "170510-4321", stored("Fatima Yildiz", cpr="7705104322")),
    ("Fatima Nur Yıldız", BORN, "770510-4321", stored("Fatima Yildiz", cpr="1705104322")),
]
DIFFERENT = [
    ("Fatima Yıldız", date(2010, 6, 17), None, stored("Fatima Yildiz")),
    ("Mohamed Ali", SAME_MONTH, None, stored("Mohammed Ali")),
    ("Fatima Yıldız", BORN, None, stored("Amir Yildiz")),
    ("Bodil Holm", BORN, None, stored("Fatima Yildiz")),
    ("---", BORN, None, stored("---")),
    # Twins: the registry tells them apart.
    ("Fatima Nur Yıldız", BORN, "170510-4321", stored("Fatima Yildiz", cpr="1705104322")),
]


@pytest.mark.parametrize(("name", "born", "cpr", "citizen"), ALIKE, ids=lambda value: getattr(value, "name", None))
def test_alike(name: str, born: date, cpr: str | None, citizen: Citizen) -> None:
    assert likeness(Described(name, born, number(cpr) if cpr else None), citizen) > 0


@pytest.mark.parametrize(("name", "born", "cpr", "citizen"), DIFFERENT, ids=lambda value: getattr(value, "name", None))
def test_different(name: str, born: date, cpr: str | None, citizen: Citizen) -> None:
    same_month = citizen.birth_month == born.replace(day=1)
    assert not same_month or likeness(Described(name, born, number(cpr) if cpr else None), citizen) == 0


NAMES = st.lists(st.sampled_from(["Fatima", "Yildiz", "Ali", "Mohammed", "Søren", "Bo"]), min_size=1, max_size=4)


@given(ours=NAMES, theirs=NAMES, same_day=st.booleans())
def test_likeness_does_not_depend_on_the_order(ours: list[str], theirs: list[str], same_day: bool) -> None:
    day = BORN if same_day else SAME_MONTH
    one = likeness(Described(" ".join(ours), day), stored(" ".join(theirs)))
    other = likeness(Described(" ".join(reversed(theirs)), day), stored(" ".join(ours)))
    assert one == other
    assert 0 <= one <= 1


def test_only_those_in_sight_are_compared_and_the_most_alike_come_first(
    make: Make, world: World, db_session: scoped_session[Session], acting_as: ActAs
) -> None:
    exact = make.citizen("Fatima Yıldız", cpr=make.cpr(BORN))
    similar = make.citizen("Fatima Nur Yıldız", born=BORN)
    for citizen in (similar, exact):
        make.case(citizen=citizen, unit=world.nord.unit)
    make.case(citizen=make.citizen("Fatima Yıldız", born=BORN), unit=world.syd.unit)
    described = Described("fatima yildiz", BORN)
    acting_as(world.nord.koordinator)
    assert [citizen.id for citizen in alike(described)] == [exact.id, similar.id]
    assert [citizen.id for citizen in alike(described, but=[exact.id])] == [similar.id]
