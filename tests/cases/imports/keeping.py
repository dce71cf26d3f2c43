"""A file is sent, kept and run, and what became of it is read."""

from typing import Any

from sqlalchemy import select

from app.access.models import User
from app.cases.imports import queries, services
from app.cases.imports.models import ImportJob, ImportMode
from app.cases.models import Case
from app.extensions import db
from tests.cases.acting import NOON
from tests.cases.imports.spreadsheets import as_xlsx


def kept(by: User, *rows: dict[str, Any]) -> ImportJob:
    """The rows as a file that was checked and is kept."""
    job = services.keep(services.check_file(as_xlsx(*rows), by=by, at=NOON), "sager.xlsx", by=by, at=NOON)
    db.session.commit()
    return job


def run(job: ImportJob, by: User, mode: ImportMode = ImportMode.ALL) -> int:
    """Run it; how many cases there are of it."""
    checked = services.begin(job, by=by, at=NOON)
    count = services.run(job, checked, mode=mode, by=by, at=NOON)
    db.session.commit()
    return count


def reasons(job: ImportJob) -> dict[int, list[str]]:
    """What speaks against which line."""
    return {row.line: row.reasons for row in queries.failed_rows(job)}


def new_cases() -> list[Case]:
    """The cases that were imported, by number."""
    return list(db.session.scalars(select(Case).where(Case.opened_at == NOON).order_by(Case.number)))
