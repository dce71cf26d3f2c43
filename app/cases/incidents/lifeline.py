"""The line of life: a case's events along time, as SVG made here. The table beneath it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.cases.incidents.models import CUSTODY, SERVING, Incident, IncidentKind
from app.cases.incidents.overview import Overview
from app.cases.incidents.recidivism import Finding
from app.core.danish import format_date, plural

WIDTH: Final = 760
LEFT: Final = 148
RIGHT: Final = 16
TOP: Final = 18
LANE: Final = 40
LANES: Final = ("Mistanke, sigtelse", "Tiltale, dom", "Varetægt, afsoning", "Recidivvinduer")
YEARS_TO_SEE: Final = 12
_LANE_OF: Final = {
    IncidentKind.SUSPICION: 0,
    IncidentKind.CHARGE: 0,
    IncidentKind.INDICTMENT: 1,
    IncidentKind.SENTENCE: 1,
}
_SHAPES: Final = {
    IncidentKind.SUSPICION: "circle",
    IncidentKind.CHARGE: "square",
    IncidentKind.INDICTMENT: "circle",
    IncidentKind.SENTENCE: "square",
    IncidentKind.RELEASE: "triangle",
}


@dataclass(frozen=True)
class Mark:
    """An event at its place. title: what it is, for those who point at it."""

    x: float
    y: float
    shape: str
    title: str
    withdrawn: bool


@dataclass(frozen=True)
class Bar:
    """Something that lasts: custody, or a window. kind: class of its colour."""

    x: float
    y: float
    width: float
    kind: str
    title: str
    label: str = ""


@dataclass(frozen=True)
class Tick:
    """A line across, with its text."""

    x: float
    label: str


@dataclass(frozen=True)
class LifeLine:
    """The drawing, with the words that say the same."""

    title: str
    description: str
    lanes: Sequence[Tick]
    years: Sequence[Tick]
    bars: Sequence[Bar]
    marks: Sequence[Mark]
    index: Tick
    today: Tick
    width: int = WIDTH
    left: int = LEFT

    @property
    def height(self) -> int:
        """The drawing's height."""
        return TOP + LANE * len(LANES) + 26

    @property
    def index_side(self) -> str:
        """On which side of its line the index day's name has room."""
        return "end" if self.index.x > WIDTH * 0.7 else "start"

    @property
    def foot(self) -> int:
        """Where the lanes end."""
        return TOP + LANE * len(LANES)


@dataclass(frozen=True)
class _Scale:
    """From days to the drawing's own units."""

    first: date
    last: date

    def x(self, day: date) -> float:
        day = min(max(day, self.first), self.last)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / max((self.last - self.first).days, 1), 1)

    def width(self, start: date, end: date) -> float:
        return round(max(self.x(end) - self.x(start), 3), 1)


def lifeline(seen: Overview, finding: Finding) -> LifeLine:
    """Draw the events, and the windows that a finding was counted in."""
    index, windows = finding.index, finding.windows
    shown = [each for each in seen.standing if each.kind is not IncidentKind.WITHDRAWAL]
    days = [seen.started_on, index.on, *(each.happened_on for each in shown)]
    first, last = min(days) - timedelta(days=20), max(seen.today, windows[-1].until) + timedelta(days=20)
    scale = _Scale(first, last)
    return LifeLine(
        title="Hændelser over tid",
        description=_told(seen, finding),
        lanes=[Tick(_middle(number), name) for number, name in enumerate(LANES)],
        years=_years(scale),
        bars=[*_custody(seen, shown, scale), *_windows(finding, scale)],
        marks=[_mark(seen, each, scale) for each in shown if each.kind not in CUSTODY],
        index=Tick(scale.x(index.on), index.label),
        today=Tick(scale.x(seen.today), "i dag"),
    )


def _middle(lane: int) -> float:
    return TOP + LANE * lane + LANE / 2


def _years(scale: _Scale) -> list[Tick]:
    """The turns of the years; where they are many, not each of them."""
    step = (scale.last.year - scale.first.year) // YEARS_TO_SEE + 1
    years = range(scale.first.year + 1, scale.last.year + 1, step)
    return [Tick(scale.x(date(year, 1, 1)), str(year)) for year in years]


def _mark(seen: Overview, incident: Incident, scale: _Scale) -> Mark:
    withdrawn = incident.id in seen.withdrawn
    title = f"{incident.kind.label} {format_date(incident.happened_on)}{', frafaldet' if withdrawn else ''}"
    lane = _LANE_OF.get(incident.kind, 2)
    return Mark(scale.x(incident.happened_on), _middle(lane), _SHAPES[incident.kind], title, withdrawn)


def _custody(seen: Overview, shown: Sequence[Incident], scale: _Scale) -> list[Bar]:
    bars = []
    for each in (one for one in shown if one.kind in CUSTODY):
        end = end_of(each, shown)
        said = f"til {format_date(end)}" if end else "endnu"
        title = f"{each.kind.label} {format_date(each.happened_on)}, {said}"
        kind = "serving" if each.kind in SERVING else "remand"
        width = scale.width(each.happened_on, end or seen.today)
        bars.append(Bar(scale.x(each.happened_on), _middle(2) - 8, width, kind, title))
    return bars


def end_of(incident: Incident, others: Sequence[Incident]) -> date | None:
    """The day custody ended: with the release that follows from it, else the next release, else the next custody."""
    follows = [each for each in others if each.about_incident_id == incident.id and each.kind is IncidentKind.RELEASE]
    later = [
        each.happened_on
        for each in follows or others
        if each.kind in CUSTODY | {IncidentKind.RELEASE}
        and (each.happened_on, each.id) > (incident.happened_on, incident.id)
    ]
    return min(later, default=None)


def _windows(finding: Finding, scale: _Scale) -> list[Bar]:
    """The three windows end to end, each from where the shorter one stops."""
    bars, start = [], finding.index.on
    for number, window in enumerate(finding.windows):
        title = f"{window.months} måneder fra {finding.index.label.lower()}: til og med {format_date(window.until)}"
        kind, width = f"window-{number}", scale.width(start, window.until)
        bars.append(Bar(scale.x(start), _middle(3) - 8, width, kind, title, f"{window.months} mdr."))
        start = window.until
    return bars


def _told(seen: Overview, finding: Finding) -> str:
    """The whole of it in a few sentences; the table has each event."""
    count = plural(len(seen.standing), "hændelse", "hændelser")
    return (
        f"{count} siden {format_date(min([seen.started_on, *(each.happened_on for each in seen.standing)]))}. "
        f"Vinduerne regnes fra {finding.index.label.lower()} og slutter {format_date(finding.windows[-1].until)}. "
        "Hver hændelse står i tabellen."
    )
