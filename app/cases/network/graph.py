"""Who hangs with whom, of those in sight: the relations around a citizen as dots and lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.cases.network import queries
from app.cases.network.models import Circle, Relation, RelationKind
from app.core.danish import sort_key

_KINDS = list(RelationKind)


@dataclass(frozen=True)
class Dot:
    """Somebody. key: the same for the same person; has_case: a citizen, and not a person without a case."""

    key: str
    name: str
    citizen_id: int | None

    @property
    def has_case(self) -> bool:
        """Whether it is a citizen."""
        return self.citizen_id is not None


@dataclass(frozen=True)
class Line:
    """A relation read from one of its ends: the other is `word` to the first."""

    relation: Relation
    near: Dot
    far: Dot
    word: str

    @property
    def circle(self) -> Circle:
        """Which part of life it belongs to."""
        return self.relation.kind.circle


@dataclass(frozen=True)
class Network:
    """The relations around a citizen. first: with the citizen at the near end; second: among all others."""

    centre: Dot
    first: list[Line]
    second: list[Line]

    def citizen_ids(self) -> set[int]:
        """The citizens who are shown, beside the one in the middle."""
        dots = [dot for line in (*self.first, *self.second) for dot in (line.near, line.far)]
        return {dot.citizen_id for dot in dots if dot.citizen_id is not None} - {self.centre.citizen_id or 0}


def network_of(citizen_id: int, name: str) -> Network:
    """What is known around the citizen, first and second degree, read in two statements."""
    centre = Dot(f"c{citizen_id}", name, citizen_id)
    first = _sorted(_seen_from(relation, citizen_id) for relation in queries.relations_of([citizen_id]))
    near = {line.far.citizen_id for line in first if line.far.citizen_id is not None}
    second = [
        _seen_from(relation, relation.citizen_id if relation.citizen_id in near else relation.other_citizen_id or 0)
        for relation in queries.relations_of(sorted(near))
        if citizen_id not in {relation.citizen_id, relation.other_citizen_id}
    ]
    return Network(centre, first, _sorted(second))


def present(network: Network, today: date) -> Network:
    """The network without what has ended, and without those who hung on that alone."""
    first = [line for line in network.first if not line.relation.is_over(today)]
    near = {line.far.key for line in first}
    second = [line for line in network.second if not line.relation.is_over(today) and line.near.key in near]
    return Network(network.centre, first, second)


def _sorted(lines: Iterable[Line]) -> list[Line]:
    """By kind, name and number: the same network is always told and drawn in the same order."""
    return sorted(
        lines,
        key=lambda line: (
            _KINDS.index(line.relation.kind),
            sort_key(line.near.name),
            sort_key(line.far.name),
            line.relation.id,
        ),
    )


def _seen_from(relation: Relation, citizen_id: int) -> Line:
    if relation.citizen_id == citizen_id:
        return Line(relation, _citizen(relation), _other(relation), relation.kind.label)
    return Line(relation, _other(relation), _citizen(relation), relation.kind.reverse)


def _citizen(relation: Relation) -> Dot:
    return Dot(f"c{relation.citizen_id}", relation.citizen.name, relation.citizen_id)


def _other(relation: Relation) -> Dot:
    if relation.other_citizen_id is not None:
        return Dot(f"c{relation.other_citizen_id}", relation.other_name, relation.other_citizen_id)
    index = None if relation.person is None else relation.person.cpr_index
    key = f"p{relation.person_id}" if index is None else f"n{index.hex()}"
    return Dot(key, relation.other_name, None)
