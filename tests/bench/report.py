"""The tables: printed, and kept in `docs/benchmarks.md`."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

from config import ROOT
from tests.bench.imports import MEGABYTES_HOLD, SECONDS_HOLD, ImportTimes
from tests.bench.pages import GROWTH_HOLD, MOST_STATEMENTS, Page
from tests.bench.sweep import HOLD, SweepTimes
from tests.bench.timing import Crowd, Ratio, Series

DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
OVER = " **over**"
_PACKAGES = ("flask", "sqlalchemy", "psycopg", "gunicorn")


@dataclass
class PageTimes:
    """All that was measured about one page."""

    page: Page
    statements: int
    small: Series
    large: Series
    crowd: Crowd | None = None

    @property
    def name(self) -> str:
        """The page, and for whom."""
        return f"{self.page.label}, {self.page.login}"


@dataclass
class Memory:
    """Megabytes of one worker, on average, after so many requests."""

    server: str
    before: float
    after: float
    warm_up: int
    requests: int


@dataclass
class Results:
    """A whole run."""

    cases: tuple[int, int]
    postgresql: str
    load: float
    commits: Series
    bare: Series
    recording: Series
    pages: list[PageTimes] = field(default_factory=list)
    bare_crowds: list[Crowd] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    sweeps: list[SweepTimes] = field(default_factory=list)
    imports: list[ImportTimes] = field(default_factory=list)


def as_markdown(results: Results, day: date) -> str:
    """The tables of a run."""
    sections = [_machine(results, day), _yardsticks(results), _one_at_a_time(results)]
    if results.bare_crowds:
        sections.append(_many_at_once(results))
    if results.sweeps:
        sections.append(_sweeps(results))
    if results.imports:
        sections.append(_imports(results))
    if results.memory:
        sections.append(_memory(results))
    return "\n\n".join(sections)


def write(document: Path, measured: str) -> None:
    """Put the tables between the markers of the document."""
    text = document.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    document.write_text(f"{head}{BEGIN}\n\n{measured}\n\n{END}{tail}", encoding="utf-8")


def _machine(results: Results, day: date) -> str:
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"Measured on {day.isoformat()}: {os.cpu_count()} cores, {memory:.0f} GB of memory, "
        f"load {results.load:.1f} when it began. Python {platform.python_version()}, PostgreSQL {results.postgresql}, "
        f"{packages}."
    )


def _yardsticks(results: Results) -> str:
    return _table(
        ("yardstick", "p50", "p50 of the rounds", "p95"),
        [
            ("bare page", _ms(results.bare.p50), _span(results.bare), _ms(results.bare.p95)),
            (
                "bare page that also commits a row",
                _ms(results.recording.p50),
                _span(results.recording),
                _ms(results.recording.p95),
            ),
            (
                "one durable commit of one row",
                _ms(results.commits.p50),
                _span(results.commits),
                _ms(results.commits.p95),
            ),
        ],
    )


def _one_at_a_time(results: Results) -> str:
    small, large = (f"{cases:,}" for cases in results.cases)
    header = (
        "one at a time", "statements", f"p50 at {small}", f"p50 at {large}", f"p95 at {large}", "requests/s",
        "× bare", "hold", "× bare that commits", "growth", "hold",
    )  # fmt: skip
    rows = []
    for times in results.pages:
        ratio, growth = Ratio.of(times.large, results.bare), Ratio.of(times.large, times.small)
        recorded = Ratio.of(times.large, results.recording)
        rows.append(
            (
                times.name,
                _held(f"{times.statements}", times.statements <= MOST_STATEMENTS),
                _ms(times.small.p50),
                _ms(times.large.p50),
                _ms(times.large.p95),
                f"{times.large.per_second:.0f}",
                _held(_ratio(ratio), ratio.middle <= times.page.hold),
                f"{times.page.hold:.0f}",
                f"{recorded.middle:.1f}",
                _held(_ratio(growth), growth.middle <= GROWTH_HOLD),
                f"{GROWTH_HOLD}",
            )
        )
    return _table(header, rows)


def _many_at_once(results: Results) -> str:
    rows: list[Sequence[str]] = []
    for times, bare in zip(results.pages, results.bare_crowds, strict=True):
        crowd = times.crowd
        if crowd is not None:
            rows.append(
                (
                    times.name,
                    f"{crowd.per_second:.0f}",
                    f"{bare.per_second:.0f}",
                    _ms(crowd.p50),
                    _ms(crowd.p95),
                    f"{bare.per_second / crowd.per_second:.1f}",
                )
            )
    header = ("8 at once", "requests/s", "bare page's", "p50", "p95", "× bare (work per request)")
    return _table(header, rows)


def _sweeps(results: Results) -> str:
    rows = [
        (
            f"{times.due:,} due",
            _ms(times.sweep.p50),
            _ms(times.same.p50),
            _ms(times.find_p50),
            _held(_ratio(times.ratio), times.ratio.middle <= HOLD),
            f"{HOLD:.0f}",
        )
        for times in results.sweeps
    ]
    header = (
        f"sweep over {results.cases[1]:,} open deadlines",
        "sweep",
        "SQL that writes the same",
        "SQL that only finds",
    )
    return _table((*header, "× SQL that writes the same", "hold"), rows)


def _imports(results: Results) -> str:
    rows = [
        (
            f"{times.rows:,} rows",
            _held(f"{times.seconds:.1f} s", times.seconds <= SECONDS_HOLD),
            f"{SECONDS_HOLD:.0f} s",
            _held(f"{times.megabytes:.0f} MB", times.megabytes <= MEGABYTES_HOLD),
            f"{MEGABYTES_HOLD:.0f} MB",
        )
        for times in results.imports
    ]
    return _table(("import of a spreadsheet, whole process", "taken", "hold", "most memory", "hold"), rows)


def _memory(results: Results) -> str:
    rows = [
        (
            each.server,
            f"{each.before:.1f} MB after {each.warm_up:,}",
            f"{each.after:.1f} MB after {each.warm_up + each.requests:,}",
            f"{each.after - each.before:+.1f} MB",
        )
        for each in results.memory
    ]
    return _table(("memory of one worker", "warm", "at the end", "change"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _held(text: str, is_held: bool) -> str:
    return text if is_held else text + OVER


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def _span(series: Series) -> str:
    return f"{min(series.medians) * 1000:.2f}–{max(series.medians) * 1000:.2f}"


def _ratio(ratio: Ratio) -> str:
    return f"{ratio.middle:.2f} ({ratio.least:.2f}–{ratio.most:.2f})"
