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
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict

from app import scheduler
from app.access.models import Role
from app.audit import log
from app.audit.models import Event
from app.core import clock
from app.core.errors import DomainError
from app.extensions import db


def register(app: Flask) -> None:
    """Add the commands to the flask command."""
    for command in (figures, import_files, demo, user, scheduler_process, job):
        app.cli.add_command(command)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a refusal, or a database that does not answer, into one line on the terminal."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException("Databasen svarer ikke.") from error
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
    at = clock.now()
    today = clock.local_date(at)
    with plain_errors(), db.engines["statistics"].connect() as connection:
        chosen = Period.parse(period)
        day = as_of.date() if as_of else min(chosen.last_day, today)
        if day > today:
            raise click.UsageError("Opgørelsesdagen ligger i fremtiden.")
        content = export.WRITERS[kind](half_year_figures(connection, chosen, day))
        # Before the first byte is written.
        log.record(
            Event.FIGURES_EXPORTED,
            by="kommandolinje",
            at=at,
            period=str(chosen),
            as_of=day.isoformat(),
            format=kind,
        )
        db.session.commit()
    if out is None:
        click.echo(content, nl=False)
        return
    out.write_bytes(content)
    click.echo(f"{len(content)} byte skrevet til {out}", err=True)


import_files = AppGroup("import", help="Regneark ind i systemet.")


@import_files.command("cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--as", "email", required=True, help="Mailadressen på den koordinator eller leder, det sker på vegne af.")
@click.option("--dry-run", is_flag=True, help="Tjek kun; intet bliver oprettet.")
@click.option("--good-rows", is_flag=True, help="Hent de rækker ind, der er i orden; ellers alle eller ingen.")
@click.option("--failed", type=click.Path(dir_okay=False, path_type=Path), help="Fil til rækker, der ikke er i orden.")
def import_cases(file: Path, email: str, failed: Path | None, *, dry_run: bool, good_rows: bool) -> None:
    """Hent sager ind fra et regneark, .xlsx eller .csv."""
    from app.cases.imports import command

    with plain_errors():
        outcome = command.import_cases(
            file, email, failed, dry_run=dry_run, good_rows=good_rows, at=clock.now(), say=click.echo
        )
    if not outcome:
        raise click.ClickException("Intet er hentet ind.")


demo = AppGroup("demo", help="Demoenheden: opdigtede mennesker.")


@demo.command("load")
@click.option("--cases", type=click.IntRange(1, 1_000_000), help="I stedet en stor enhed, til målinger.")
@click.option("--seed", type=int, default=2017, show_default=True, help="Samme tal giver samme mennesker.")
def load_demo(cases: int | None, seed: int) -> None:
    """Fyld en tom database med demoenheden."""
    from app.demo import load

    with plain_errors():
        outcome: dict[str, Any] = load.load(cases=cases, seed=seed, at=clock.now())
    click.echo(", ".join(f"{count} {what}" for what, count in outcome.items()))


user = AppGroup("user", help="Brugere.")


@user.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="Brugerens navn.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="Rollen.")
@click.option("--unit", required=True, help="Enhedens navn; den oprettes, hvis den ikke findes.")
@click.option("--print-link", is_flag=True, help="Vis også linket. Kun til den første administrator.")
def invite_user(email: str, name: str, role: str, unit: str, *, print_link: bool) -> None:
    """Opret en bruger, og send et link til at vælge adgangskode."""
    from app.admin.forms import InviteByCommandForm
    from app.admin.services import invite_by_command

    form = InviteByCommandForm(MultiDict({"email": email, "name": name, "role": role, "unit": unit}))
    if not form.validate():
        raise click.UsageError(" ".join(message for _, message in form.error_summary()))
    given, at = form.data, clock.now()
    with plain_errors():
        invited = invite_by_command(
            given["name"], given["email"], given["role"], given["unit"], show_link=print_link, at=at
        )
    db.session.commit()
    if invited.made_unit:
        click.echo(f"Enheden {unit.strip()} fandtes ikke og er oprettet.")
    click.echo(f"{invited.user.name} er oprettet som {invited.user.role.value}. Linket er lagt til afsendelse.")
    if print_link:
        click.echo(invited.address)


@click.command("scheduler")
@with_appcontext
def scheduler_process() -> None:
    """Kør påmindelser og post, indtil processen bliver bedt om at slutte."""
    scheduler.serve(_app())


job = AppGroup("job", help="De kørsler, som scheduleren sætter i gang.")


@job.command("list")
def list_jobs() -> None:
    """Vis kørslerne."""
    width = max(map(len, scheduler.JOBS))
    for found in scheduler.JOBS.values():
        click.echo(f"{found.name:{width}}  {found.every:16}  {found.title}")


@job.command("run")
@click.argument("name", type=click.Choice(list(scheduler.JOBS)))
@click.option("--at", "wall", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Som om klokken var det, dansk tid.")
def run_job(name: str, wall: datetime | None) -> None:
    """Kør én gang nu, eller som om det var et andet tidspunkt."""
    try:
        at = clock.from_local(wall.date(), wall.time()) if wall else None
    except ValueError:
        raise click.BadParameter("Det klokkeslæt findes ikke: uret stilles frem den nat.", param_hint="--at") from None
    finished = scheduler.run(_app(), name, at=at)
    if finished.error:
        raise click.ClickException(f"{name}: {finished.error}")
    click.echo(f"{name}: {finished.done} udført")


def _app() -> Flask:
    """The application itself, not its proxy: the scheduler hands it to its threads."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's way to it
    return app
