"""The flask commands of the design's section 5: parse, call a service, print.

Each command runs as the part of the installation that wsgi.part_of names for it, and so as one database
role. A user's mistake ends with one plain line and status 2, never with a traceback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from app.core import clock
from app.core.errors import DomainError
from app.extensions import db


def register(app: Flask) -> None:
    """Add the commands to the flask command."""
    for command in (figures, demo):
        app.cli.add_command(command)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a refusal into one line on the terminal."""
    try:
        yield
    except DomainError as error:
        raise click.UsageError(error.message) from error


@click.command()
@click.argument("period")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Opgørelsesdag; ellers halvårets sidste dag, eller i dag."
)
@click.option("--format", "kind", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True)
@click.option("--public", "audience", flag_value="public", help="Til offentliggørelse.")
@click.option("--internal", "audience", flag_value="internal", help="Til internt brug: små tal er ikke skjult.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Fil; ellers skærmen.")
@with_appcontext
def figures(period: str, as_of: datetime | None, kind: str, audience: str | None, out: Path | None) -> None:
    """Halvårets tal. PERIOD er som 2017H2."""
    from app.statistics import export
    from app.statistics.periods import Period
    from app.statistics.services import half_year_figures

    if audience is None:
        raise click.UsageError("Vælg --internal eller --public.")
    if audience == "public":
        raise click.UsageError(
            "--public kan ikke bruges endnu: at skjule små tal kommer med opgaven »Statistik«. Intet er skrevet."
        )
    with plain_errors(), db.engines["statistics"].connect() as connection:
        chosen = Period.parse(period)
        day = as_of.date() if as_of else min(chosen.last_day, max(clock.local_date(clock.now()), chosen.first_day))
        content = export.WRITERS[kind](half_year_figures(connection, chosen, day))
    if out is None:
        click.echo(content, nl=False)
        return
    out.write_bytes(content)
    click.echo(f"{len(content)} byte skrevet til {out}", err=True)


demo = AppGroup("demo", help="Demoenheden: opdigtede mennesker.")


@demo.command("load")
@click.option(
    "--cases", type=click.IntRange(1, 1_000_000), help="I stedet en stor enhed, til målinger."
)
@click.option("--seed", type=int, default=2017, show_default=True, help="Samme tal giver samme mennesker.")
def load_demo(cases: int | None, seed: int) -> None:
    """Fyld en tom database med demoenheden."""
    from app.demo import load

    with plain_errors():
        outcome: dict[str, Any] = load.load(cases=cases, seed=seed, at=clock.now())
    click.echo(", ".join(f"{count} {what}" for what, count in outcome.items()))
