"""Reading imports. Whose they are is the row scope's business."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.cases.imports.models import ImportJob, ImportRow
from app.core.errors import found
from app.extensions import db


@dataclass(frozen=True)
class FailedRow:
    """A row that cannot become a case: its cells by column, and why not."""

    line: int
    cells: dict[str, str]
    reasons: list[str]


def get_import(import_id: int) -> ImportJob:
    """The import. Raises NotFoundError, also for somebody else's."""
    return found(db.session.get(ImportJob, import_id))


def own_imports() -> list[ImportJob]:
    """The reader's imports that are kept, the newest first."""
    return list(db.session.scalars(select(ImportJob).order_by(ImportJob.id.desc()).limit(_SHOWN)))


_SHOWN = 20


def failed_rows(job: ImportJob, limit: int | None = None) -> list[FailedRow]:
    """The rows that cannot become cases, from the top."""
    statement = (
        select(ImportRow.line, ImportRow.content, ImportRow.problem)
        .where(ImportRow.job_id == job.id, ImportRow.problem.is_not(None))
        .order_by(ImportRow.line)
        .limit(limit)
    )
    return [FailedRow(line, cells, (problem or "").splitlines()) for line, cells, problem in _read(statement)]


def _read(statement: object) -> Iterator[tuple[int, dict[str, str], str | None]]:
    for line, content, problem in db.session.execute(statement):  # type: ignore[call-overload]  # built above
        yield line, json.loads(content), problem


def good_rows(job: ImportJob) -> list[tuple[int, dict[str, str]]]:
    """Line and cells of the rows that can become cases, from the top."""
    statement = (
        select(ImportRow.line, ImportRow.content, ImportRow.problem)
        .where(ImportRow.job_id == job.id, ImportRow.problem.is_(None))
        .order_by(ImportRow.line)
    )
    return [(line, cells) for line, cells, _ in _read(statement)]
