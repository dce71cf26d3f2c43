"""The network as a drawing: the citizen in the middle, those who are related around, and theirs outside them.

Where a dot lies follows from the order of the relations alone, so that the same network always looks the same.
"""

from dataclasses import dataclass
from math import cos, pi, sin

from app.cases.network.graph import Dot, Line, Network
from app.cases.network.models import Circle
from app.core.danish import plural

MOST = 40
LABEL = 20
MARGIN_X, MARGIN_Y = 90, 50
INNER, PER_DOT, RING, ROOM = 150.0, 26.0, 155.0, 62.0
FAR = 0.55
_TOP = -pi / 2


@dataclass(frozen=True)
class Place:
    """A dot where it lies. word: what it is to the citizen; empty for the one in the middle and the second degree."""

    x: float
    y: float
    label: str
    word: str
    kind: str


@dataclass(frozen=True)
class Stroke:
    """A line between two dots. word: empty where it stands at the dot."""

    x1: float
    y1: float
    x2: float
    y2: float
    circle: Circle
    word: str

    @property
    def word_at(self) -> tuple[float, float]:
        """Where the word stands: nearer to the far end, because the near one has its own words under it."""
        return round(self.x1 + (self.x2 - self.x1) * FAR, 1), round(self.y1 + (self.y2 - self.y1) * FAR, 1)


@dataclass(frozen=True)
class Picture:
    """The drawing in its own units. left_out: how many dots only the table shows."""

    width: int
    height: int
    places: list[Place]
    strokes: list[Stroke]
    circles: list[Circle]
    left_out: int
    description: str


def draw(network: Network) -> Picture | None:
    """The drawing of what is present; None when there is nothing to draw."""
    inner = list({line.far.key: line.far for line in network.first}.values())
    if not inner:
        return None
    known = {network.centre.key} | {dot.key for dot in inner}
    outer: dict[str, tuple[Dot, str]] = {}
    for line in network.second:
        if line.far.key not in known:
            outer.setdefault(line.far.key, (line.far, line.near.key))
    left_out = max(0, len(inner) + len(outer) - MOST)
    inner, outer_shown = inner[:MOST], dict(list(outer.items())[: max(0, MOST - len(inner))])
    angles = {dot.key: _TOP + 2 * pi * place / len(inner) for place, dot in enumerate(inner)}
    radii = {dot.key: max(INNER, PER_DOT * len(inner)) for dot in inner}
    _spread(outer_shown, angles, radii)
    at = {key: (radius * cos(angles[key]), radius * sin(angles[key])) for key, radius in radii.items()}
    at[network.centre.key] = (0.0, 0.0)
    return _picture(network, [*inner, *(dot for dot, _ in outer_shown.values())], at, left_out)


def _spread(outer: dict[str, tuple[Dot, str]], angles: dict[str, float], radii: dict[str, float]) -> None:
    """Lay the outer dots beyond the one they hang on, each within its part of the circle."""
    if not outer:
        return
    sector, ring = 2 * pi / len(angles), max(radii.values())
    hanging: dict[str, list[str]] = {}
    for key, (_, near) in outer.items():
        hanging.setdefault(near, []).append(key)
    closest = min(sector / len(keys) for keys in hanging.values())
    radius = max(ring + RING, ROOM / closest)
    for near, keys in hanging.items():
        for place, key in enumerate(keys):
            angles[key] = angles.get(near, _TOP) + (place - (len(keys) - 1) / 2) * sector / len(keys)
            radii[key] = radius


def _picture(network: Network, dots: list[Dot], at: dict[str, tuple[float, float]], left_out: int) -> Picture:
    left, top = (min(place[axis] for place in at.values()) for axis in (0, 1))
    right, bottom = (max(place[axis] for place in at.values()) for axis in (0, 1))

    def here(key: str) -> tuple[float, float]:
        x, y = at[key]
        return round(x - left + MARGIN_X, 1), round(y - top + MARGIN_Y, 1)

    words: dict[str, str] = {}
    for line in network.first:
        words[line.far.key] = f"{words[line.far.key]}, {line.word.lower()}" if line.far.key in words else line.word
    places = [Place(*here(network.centre.key), _short(network.centre.name), "", "centre")]
    places += [
        Place(*here(dot.key), _short(dot.name), _short(words.get(dot.key, "")), "case" if dot.has_case else "person")
        for dot in dots
    ]
    drawn = [line for line in (*network.first, *network.second) if line.near.key in at and line.far.key in at]
    strokes = [_stroke(line, network.centre, here(line.near.key), here(line.far.key)) for line in drawn]
    circles = [circle for circle in Circle if any(stroke.circle is circle for stroke in strokes)]
    return Picture(
        width=round(right - left + 2 * MARGIN_X),
        height=round(bottom - top + 2 * MARGIN_Y),
        places=places,
        strokes=strokes,
        circles=circles,
        left_out=left_out,
        description=_description(network),
    )


def _stroke(line: Line, centre: Dot, start: tuple[float, float], end: tuple[float, float]) -> Stroke:
    word = "" if centre.key in {line.near.key, line.far.key} else line.word
    return Stroke(*start, *end, line.circle, _short(word))


def _description(network: Network) -> str:
    near = len({line.far.key for line in network.first})
    return (
        f"{plural(near, 'person', 'personer')} omkring {network.centre.name}, "
        f"og {plural(len(network.second), 'relation', 'relationer')} blandt dem og videre ud. Tabellen viser det samme."
    )


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
