"""Charts as SVG made here: they stand in the page under the strict policy, and say in words what they show."""

from dataclasses import dataclass

from app.statistics.services import Figures

WIDTH = 400
LEFT = 80
RIGHT = 50
ROW = 34
BAR = 20


@dataclass(frozen=True)
class Bar:
    """One bar: where it lies in the drawing's own units, what it stands for."""

    label: str
    value: int
    y: int
    width: float


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars with their values."""

    title: str
    description: str
    bars: list[Bar]
    width: int = WIDTH
    left: int = LEFT
    bar: int = BAR

    @property
    def height(self) -> int:
        """The drawing's height."""
        return ROW * len(self.bars) + 8


def niveau_chart(figures: Figures) -> BarChart:
    """How many cases were opened in the year, by niveau."""
    counts = figures.cases_opened_year
    most = max(*counts.values(), 1)
    bars = [
        Bar(f"Niveau {niveau}", count, 4 + ROW * line, (WIDTH - LEFT - RIGHT) * count / most)
        for line, (niveau, count) in enumerate(counts.items())
    ]
    told = ", ".join(f"{count} på niveau {niveau}" for niveau, count in counts.items())
    return BarChart(f"Sager oprettet i {figures.period.year}", f"{told}. {', '.join(figures.niveauer.values())}.", bars)
