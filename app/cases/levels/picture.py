"""Where a case has stood over time, as SVG made here. The table beneath it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from app.cases.models import CaseSpell, CaseStatus
from app.core.danish import format_date

WIDTH: Final = 420
LEFT: Final = 88
RIGHT: Final = 8
TOP: Final = 10
LANE: Final = 36
BAR: Final = 16
NARROWEST: Final = 3.0
AWAY: Final = "Ikke aktiv"


@dataclass(frozen=True)
class Lane:
    """A line across with its name: a niveau, or that the case was not active."""

    label: str
    y: float


@dataclass(frozen=True)
class Bar:
    """A spell. kind: class of its look."""

    x: float
    y: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True)
class Step:
    """The line from one spell up or down to the next."""

    x: float
    top: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A day beneath the drawing."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True)
class LevelPicture:
    """The drawing, with the words that say the same."""

    description: str
    lanes: Sequence[Lane]
    bars: Sequence[Bar]
    steps: Sequence[Step]
    ticks: Sequence[Tick]
    width: int = WIDTH
    left: int = LEFT

    @property
    def floor(self) -> int:
        """Where the lanes end and the days begin."""
        return TOP + LANE * len(self.lanes)

    @property
    def height(self) -> int:
        """The drawing's height."""
        return self.floor + 28


def words(spell: CaseSpell) -> str:
    """A spell in words."""
    where = f"niveau {spell.niveau}" if spell.status is CaseStatus.ACTIVE else spell.status.label.lower()
    begin = format_date(spell.from_day)
    if spell.until_day is None:
        return f"{where} fra {begin}"
    return f"{where} fra {begin} til {format_date(spell.until_day)}"


def level_picture(spells: Sequence[CaseSpell], today: date) -> LevelPicture:
    """Draw the spells from the first day to today.

    spells: in order, at least one.
    """
    levels = sorted({spell.niveau for spell in spells if spell.status is CaseStatus.ACTIVE}, reverse=True)
    names = [f"Niveau {level}" for level in levels]
    if any(spell.status is not CaseStatus.ACTIVE for spell in spells):
        names.append(AWAY)
    lanes = [Lane(name, TOP + LANE * place + LANE / 2) for place, name in enumerate(names)]
    begin = spells[0].from_day
    end = max(today, spells[-1].from_day) + timedelta(days=1)

    def at(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - begin).days / (end - begin).days, 1)

    of_lane = {lane.label: lane.y for lane in lanes}
    bars = [_bar(spell, of_lane[_lane_of(spell)], at(spell.from_day), at(spell.until_day or end)) for spell in spells]
    steps = [
        Step(after.x, min(before.y, after.y) + BAR / 2, abs(after.y - before.y)) for before, after in pairwise(bars)
    ]
    ticks = [Tick(LEFT, format_date(begin), "start"), Tick(WIDTH - RIGHT, format_date(end - timedelta(days=1)), "end")]
    described = "; ".join(words(spell) for spell in spells)
    return LevelPicture(f"{described[0].upper()}{described[1:]}.", lanes, bars, steps, ticks)


def _lane_of(spell: CaseSpell) -> str:
    return f"Niveau {spell.niveau}" if spell.status is CaseStatus.ACTIVE else AWAY


def _bar(spell: CaseSpell, middle: float, begin: float, end: float) -> Bar:
    kind = "active" if spell.status is CaseStatus.ACTIVE else "away"
    return Bar(begin, middle - BAR / 2, max(round(end - begin, 1), NARROWEST), kind, words(spell))
