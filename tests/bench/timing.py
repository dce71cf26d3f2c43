"""Measuring so that a noisy machine hits everything alike: request by request in turn, in several rounds."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median, quantiles

from tests.bench.client import Connection
from tests.bench.pages import Visit


@dataclass
class Series:
    """What one page took: seconds of each visit, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def medians(self) -> list[float]:
        """The median of each round."""
        return [median(taken) for taken in self.rounds]

    @property
    def p50(self) -> float:
        """The median over the rounds of their medians."""
        return median(self.medians)

    @property
    def p95(self) -> float:
        """The median over the rounds of their 95th percentiles."""
        return median(quantiles(taken, n=20)[-1] for taken in self.rounds)

    @property
    def per_second(self) -> float:
        """Requests in a second, one after the other."""
        return sum(map(len, self.rounds)) / sum(map(sum, self.rounds))


@dataclass(frozen=True)
class Ratio:
    """How many times as long: the median over the rounds, and the least and the most of them."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, series: Series, yardstick: Series) -> "Ratio":
        """Compare round by round: what stood beside each other in time."""
        ratios = [ours / theirs for ours, theirs in zip(series.medians, yardstick.medians, strict=True)]
        return cls(median(ratios), min(ratios), max(ratios))


class Lane:
    """One page on one server, visited in turn with others."""

    def __init__(self, port: int, visits: Sequence[Visit]) -> None:
        self.port = port
        self.series = Series()
        self._visits = cycle(visits)

    def visit(self, connection: Connection) -> float:
        """Visit the next target."""
        return next(self._visits)(connection)


def take_turns(lanes: Sequence[Lane], *, rounds: int, visits: int, warm_up: int) -> Iterator[None]:
    """Visit the lanes in turn, one request each, and keep how long each took; yields after each round."""
    for number in range(rounds):
        connections = [Connection(lane.port) for lane in lanes]
        for _ in range(warm_up):
            for lane, connection in zip(lanes, connections, strict=True):
                lane.visit(connection)
        taken: list[list[float]] = [[] for _ in lanes]
        order = list(range(len(lanes)))
        for turn in range(visits):
            for index in order if (turn + number) % 2 == 0 else reversed(order):
                taken[index].append(lanes[index].visit(connections[index]))
        for lane, connection, times in zip(lanes, connections, taken, strict=True):
            lane.series.rounds.append(times)
            connection.close()
        yield


@dataclass(frozen=True)
class Crowd:
    """What many at once got: requests per second, and the time each waited."""

    per_second: float
    p50: float
    p95: float

    def mean(self, other: "Crowd") -> "Crowd":
        """Half of each."""
        return Crowd((self.per_second + other.per_second) / 2, (self.p50 + other.p50) / 2, (self.p95 + other.p95) / 2)


def at_once(port: int, visits: Sequence[Visit], *, visitors: int, seconds: float) -> Crowd:
    """Let so many visitors ask again and again for so long."""
    taken: list[list[float]] = [[] for _ in range(visitors)]
    begun = time.perf_counter()
    until = begun + seconds

    def visit_until_the_end(number: int) -> None:
        with Connection(port) as connection:
            for visit in _beginning_at(visits, number):
                taken[number].append(visit(connection))
                if time.perf_counter() > until:
                    break

    _in_parallel(visit_until_the_end, visitors)
    every = sorted(second for times in taken for second in times)
    return Crowd(len(every) / (time.perf_counter() - begun), every[len(every) // 2], every[int(len(every) * 0.95)])


def so_many(port: int, visits: Sequence[Visit], *, visitors: int, count: int, done: Callable[[], object]) -> None:
    """Let visitors ask so many times all together; done is called after each."""

    def visit_ones_share(number: int) -> None:
        with Connection(port) as connection:
            for visit in islice(_beginning_at(visits, number), count // visitors):
                visit(connection)
                done()

    _in_parallel(visit_ones_share, visitors)


def _beginning_at(visits: Sequence[Visit], number: int) -> Iterator[Visit]:
    """The visits over and over, so that those who visit at once are not at the same place."""
    return islice(cycle(visits), number % len(visits), None)


def _in_parallel(work: Callable[[int], None], count: int) -> None:
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread that asked
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
