"""Members over time as a drawing: a bar for each membership, along the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.groups.models import GroupMember
from app.core.danish import format_date, plural

WIDTH, LEFT, RIGHT, ROW, BAR, TOP = 900, 200, 30, 30, 14, 34
LABEL = 22
MONTHS_SHOWN = 15
_LEAST = timedelta(days=30)


@dataclass(frozen=True)
class Bar:
    """A membership. is_over: whether it has ended."""

    label: str
    x: float
    y: int
    width: float
    is_over: bool


@dataclass(frozen=True)
class Tick:
    """A place on the axis of time."""

    x: float
    label: str


@dataclass(frozen=True)
class Memberships:
    """The drawing in its own units."""

    bars: list[Bar]
    ticks: list[Tick]
    description: str
    width: int = WIDTH
    bar: int = BAR

    @property
    def height(self) -> int:
        """The drawing's height."""
        return TOP + ROW * len(self.bars) + 10


def draw(members: Sequence[GroupMember], today: date) -> Memberships | None:
    """The memberships in sight, the earliest on top; None when there is none."""
    if not members:
        return None
    begin = min(member.from_day for member in members)
    end = max([today, begin + _LEAST, *(member.to_day or today for member in members)])
    end = max(end, *(member.from_day for member in members))
    scale = (WIDTH - LEFT - RIGHT) / (end - begin).days

    def across(day: date) -> float:
        return round(LEFT + (day - begin).days * scale, 1)

    bars = [
        Bar(
            _short(member.name),
            across(member.from_day),
            TOP + ROW * row,
            max(round(across(min(member.to_day or end, end)) - across(member.from_day), 1), 4.0),
            member.is_over(today),
        )
        for row, member in enumerate(members)
    ]
    now = sum(member.is_member_on(today) for member in members)
    description = (
        f"{plural(len(members), 'medlemskab', 'medlemskaber')} fra {format_date(begin)} til {format_date(end)}, "
        f"heraf {now} i dag. Tabellen viser det samme."
    )
    return Memberships(bars, [Tick(across(day), label) for day, label in _ticks(begin, end)], description)


def _ticks(begin: date, end: date) -> list[tuple[date, str]]:
    """The first of each year; of each quarter where the time is short."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    step = 3 if months <= MONTHS_SHOWN else 12
    days = [date(year, month, 1) for year in range(begin.year, end.year + 1) for month in range(1, 13, step)]
    return [(day, f"{day.month:02}-{day.year}" if step == 3 else str(day.year)) for day in days if begin <= day <= end]  # noqa: PLR2004 - a quarter


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
