"""Where the dots lie: always the same, never one upon another, and never more than there is room for."""

from itertools import combinations
from math import dist
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from app.cases.network.graph import Dot, Line, Network
from app.cases.network.models import RelationKind
from app.cases.network.picture import LABEL, MOST, Picture, draw

CENTRE = Dot("c0", "I Midten", 0)


def network(first: int, second: list[int]) -> Network:
    """So many around the centre; of those beyond, each hangs on the one with that number."""
    near = [Dot(f"c{number}", f"Nær {number}", number) for number in range(1, first + 1)]
    kinds = list(RelationKind)
    inner = [line(CENTRE, dot, kinds[place % len(kinds)]) for place, dot in enumerate(near)]
    outer = [
        line(near[number % first], Dot(f"p{place}", f"Fjern {place}", None), RelationKind.FRIEND)
        for place, number in enumerate(second)
    ]
    return Network(CENTRE, inner, outer)


def line(near: Dot, far: Dot, kind: RelationKind) -> Line:
    relation = SimpleNamespace(kind=kind, id=1)
    return Line(relation, near, far, kind.label)  # type: ignore[arg-type]


def drawn(around: Network) -> Picture:
    picture = draw(around)
    assert picture is not None
    return picture


NETWORKS = st.builds(network, st.integers(1, 60), st.lists(st.integers(0, 59), max_size=60))


@given(NETWORKS)
def test_no_dot_lies_upon_another_or_outside(around: Network) -> None:
    picture = drawn(around)

    for one, other in combinations(picture.places, 2):
        assert dist((one.x, one.y), (other.x, other.y)) > 22
    for place in picture.places:
        assert 0 < place.x < picture.width
        assert 0 < place.y < picture.height


@given(NETWORKS)
def test_what_there_is_no_room_for_is_counted(around: Network) -> None:
    picture = drawn(around)
    everybody = {dot.key for each in (*around.first, *around.second) for dot in (each.near, each.far)} - {CENTRE.key}

    assert len(picture.places) - 1 == min(MOST, len(everybody))
    assert picture.left_out == len(everybody) - (len(picture.places) - 1)


@given(NETWORKS)
def test_the_same_network_looks_the_same(around: Network) -> None:
    assert draw(around) == draw(around)


def test_nobody_gives_no_picture() -> None:
    assert draw(Network(CENTRE, [], [])) is None


def test_long_names_are_cut_and_two_relations_are_told_together() -> None:
    friend = Dot("c1", "Bartholomæus Wolfgang Østergaard", 1)
    around = Network(CENTRE, [line(CENTRE, friend, kind) for kind in (RelationKind.FRIEND, RelationKind.SIBLING)], [])

    (_, place) = drawn(around).places

    assert place.label == "Bartholomæus Wolfga…"
    assert len(place.label) == LABEL
    assert place.word == "Ven, søskende"
