"""`python -m tests.bench`: measure, print the tables, and keep them in `docs/benchmarks.md`.

Speed is no gate: what is over is marked, and the exit status is 0.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, zip_longest
from time import perf_counter

import click
import psycopg
from tqdm import tqdm

from app.core import clock
from tests.bench import report
from tests.bench.imports import ROWS, measure_import
from tests.bench.installation import Site, Web, Webs, make_site, running_cluster
from tests.bench.pages import Visit, Visitors, bare_visits, pages_of
from tests.bench.report import Memory, PageTimes, Results
from tests.bench.statements import count_statements
from tests.bench.sweep import Sweeps, SweepTimes
from tests.bench.timing import Lane, Series, at_once, so_many, take_turns
from tests.databases import Server

VISITORS = 8
WARM_UP_REQUESTS = 2000
COMMITS = 50


def main() -> None:
    """Measure everything that was asked for."""
    options = _options()
    with running_cluster() as server, Webs(server.folder / "log") as webs:
        results = measure(server, webs, options)
    measured = report.as_markdown(results, clock.local_date(clock.now()))
    click.echo(f"\n{measured}\n")
    if options.keep:
        report.write(report.DOCUMENT, measured)
        click.echo(f"Kept in {report.DOCUMENT.name}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the pages beside a bare page.")
    parser.add_argument(
        "--cases", type=int, nargs=2, default=(10_000, 100_000), metavar=("FEW", "MANY"), help="sizes that are compared"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument("--visits", type=int, default=40, help="visits of each page in a round (default: 40)")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long 8 at once visit each page (default: 2)")
    parser.add_argument("--requests", type=int, default=10_000, help="requests before memory is read again")
    parser.add_argument("--due", type=int, nargs="*", default=(10, 1000), help="deadlines due in a sweep")
    parser.add_argument("--import-rows", type=int, default=ROWS, help="rows of the spreadsheet that is imported")
    parser.add_argument("--quick", action="store_true", help="small, short, and not kept: to try the bench itself")
    parser.add_argument("--no-keep", dest="keep", action="store_false", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    if options.quick:
        options.cases, options.rounds, options.visits, options.seconds = (2500, 5000), 2, 10, 0.5
        options.requests, options.due, options.keep = 800, (10, 100), False
        options.import_rows = 1000
    return options


def measure(server: Server, webs: Webs, options: argparse.Namespace) -> Results:
    """Make the installations and measure them."""
    few, many = options.cases
    small, large = _site(server, few), _site(server, many)
    pages = pages_of(large)
    results = Results((few, many), _postgresql(large), os.getloadavg()[0], Series(), Series(), Series())
    statements = count_statements(large, pages)
    web_small, web_large, bare = webs.start(small), webs.start(large), webs.start_bare(large)
    visits_small = [Visitors(small, web_small).visits(page) for page in pages_of(small)]
    visitors = Visitors(large, web_large)
    visits_large = [visitors.visits(page) for page in pages]
    lanes = [
        Lane(bare.port, bare_visits(many)),
        Lane(bare.port, bare_visits(many, recorded=True)),
        *(Lane(web_small.port, visits) for visits in visits_small),
        *(Lane(web_large.port, visits) for visits in visits_large),
    ]
    _one_at_a_time(lanes, results, large, options)
    results.bare, results.recording = lanes[0].series, lanes[1].series
    series = [lane.series for lane in lanes[2:]]
    for page, count, small_one, large_one in zip(
        pages, statements, series[: len(pages)], series[len(pages) :], strict=True
    ):
        results.pages.append(PageTimes(page, count, small_one, large_one))
    _many_at_once(results, web_large, visits_large, bare, options.seconds)
    results.memory = [
        _memory("pages", web_large, visits_large, options.requests),
        _memory("bare page", bare, [bare_visits(many)], options.requests),
    ]
    results.sweeps = _sweeps(large, options)
    # Last: it leaves the small installation larger.
    results.imports = [measure_import(small, options.import_rows)]
    return results


def _site(server: Server, cases: int) -> Site:
    begun = perf_counter()
    site = make_site(server, cases)
    click.echo(f"{cases:,} cases made in {perf_counter() - begun:.0f} s")
    return site


def _postgresql(site: Site) -> str:
    with psycopg.connect(site.owner_url) as connection:
        version = connection.info.server_version
    return f"{version // 10000}.{version % 10000}"


def _one_at_a_time(lanes: Sequence[Lane], results: Results, site: Site, options: argparse.Namespace) -> None:
    turns = take_turns(lanes, rounds=options.rounds, visits=options.visits, warm_up=5)
    for _ in tqdm(turns, "One at a time", options.rounds, unit="round"):
        results.commits.rounds.append(_commits(site))


def _commits(site: Site) -> list[float]:
    """Seconds of commits that wait for the disk, and for nothing else."""
    taken = []
    with psycopg.connect(site.owner_url, autocommit=True) as connection:
        for _ in range(COMMITS):
            begun = perf_counter()
            connection.execute("INSERT INTO bare.records (row_id) VALUES (1)")
            taken.append(perf_counter() - begun)
    return taken


def _many_at_once(results: Results, web: Web, visits: Sequence[Sequence[Visit]], bare: Web, seconds: float) -> None:
    bare_ones = bare_visits(results.cases[1])
    for times, page_visits in tqdm(list(zip(results.pages, visits, strict=True)), f"{VISITORS} at once", unit="page"):
        before = at_once(bare.port, bare_ones, visitors=VISITORS, seconds=seconds / 2)
        times.crowd = at_once(web.port, page_visits, visitors=VISITORS, seconds=seconds)
        after = at_once(bare.port, bare_ones, visitors=VISITORS, seconds=seconds / 2)
        results.bare_crowds.append(before.mean(after))


def _memory(name: str, web: Web, visits: Sequence[Sequence[Visit]], count: int) -> Memory:
    """Warm the server up, and see what it holds before and after so many requests of all kinds."""
    mixed = [visit for group in zip_longest(*visits) for visit in group if visit is not None]
    warm_up = min(WARM_UP_REQUESTS, count)
    with tqdm(total=warm_up + count, desc=f"Memory, {name}", unit="request") as bar:
        so_many(web.port, mixed, visitors=VISITORS, count=warm_up, done=bar.update)
        before = web.resident_megabytes()
        so_many(web.port, mixed, visitors=VISITORS, count=count, done=bar.update)
    return Memory(name, before, web.resident_megabytes(), warm_up, count)


def _sweeps(site: Site, options: argparse.Namespace) -> list[SweepTimes]:
    found = [SweepTimes(due) for due in options.due]
    with _prepared(site) as sweeps:
        rounds = chain.from_iterable(sweeps.measure(times, options.rounds) for times in found)
        for _ in tqdm(rounds, "Sweeps", options.rounds * len(found), unit="round"):
            pass
    return found


@contextmanager
def _prepared(site: Site) -> Iterator[Sweeps]:
    sweeps = Sweeps(site)
    try:
        sweeps.prepare()
        yield sweeps
    finally:
        sweeps.close()


if __name__ == "__main__":
    main()
