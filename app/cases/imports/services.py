"""Importing cases: check a file, keep it, and make cases of its rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Final, cast

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.imports import queries, sheets, writing
from app.cases.imports.checking import Checked, check
from app.cases.imports.models import ImportJob, ImportMode, ImportRow, ImportState
from app.cases.imports.sheets import Row
from app.core.bulk import insert_rows
from app.core.errors import DomainError
from app.core.forms.text import showable
from app.extensions import db

SUBJECT: Final = "import"
CHUNK: Final = 500
_NAME_LENGTH: Final = 120
_ROWS: Final = cast("Table", ImportRow.__table__)

NOT_ALL: Final = "Intet er hentet ind, for ikke alle rækker er i orden. Se hvorfor herunder."
NONE_LEFT: Final = "Ingen af rækkerne kan hentes ind. Ret dem i filen, og send den igen."
IS_DONE: Final = "Filen er hentet ind."
AT_WORK: Final = "Filen er ved at blive hentet ind. Vent, til den er færdig."

Tell = Callable[[int], object]
"""Told how many more rows are done."""
Watch = Callable[[list[Row]], Iterable[Row]]


@dataclass(frozen=True)
class CheckedFile:
    """A file that has been read, and what is to become of each of its rows."""

    rows: list[Checked]
    notices: list[str]

    @property
    def bad(self) -> int:
        """How many rows cannot become cases."""
        return sum(1 for each in self.rows if each.reasons)


def check_file(content: bytes, *, by: User, at: datetime, watch: Watch = iter) -> CheckedFile:
    """Check a file row by row; nothing is kept yet, and no case is made.

    watch: is given the rows, and gives them back one by one as they are worked on.
    Call it before the savepoint of a form: CPR numbers are asked about.
    Raises DomainError when the file as a whole cannot be read, or whoever sends it cannot open cases.
    """
    if by.unit_id is None:
        raise DomainError("Du hører ikke til en enhed, og kan derfor ikke oprette sager. Kontakt en administrator.")
    sheet = sheets.read(content)
    return CheckedFile(check(watch(sheet.rows), by=by, at=at), sheet.notices)


def keep(checked: CheckedFile, file_name: str, *, by: User, at: datetime, way: str = "side") -> ImportJob:
    """Keep a checked file, encrypted, with what is to become of each row, until it is run or forgotten.

    way: how it came, for the record.
    """
    job = ImportJob(
        by_id=by.id,
        file_name=showable(PurePath(file_name.replace("\\", "/")).name)[-_NAME_LENGTH:] or "uden navn",
        notices="\n".join(checked.notices) or None,
        state=ImportState.CHECKED,
        rows_total=len(checked.rows),
        rows_bad=checked.bad,
        rows_known=sum(1 for each in checked.rows if each.citizen is not None and not each.reasons),
        rows_done=0,
        created_at=at,
    )
    db.session.add(job)
    db.session.flush()
    for start in range(0, len(checked.rows), CHUNK):
        rows = [
            {"job_id": job.id, "line": each.line, "content": each.content, "problem": each.problem}
            for each in checked.rows[start : start + CHUNK]
        ]
        db.session.execute(insert_rows(_ROWS, rows))
    log.record(
        Event.IMPORT_CHECKED,
        by=by,
        at=at,
        subject=(SUBJECT, job.id),
        rows=len(checked.rows),
        bad=checked.bad,
        way=way,
    )
    return job


def begin(job: ImportJob, *, by: User, at: datetime) -> list[Checked]:
    """Take the import for oneself until the transaction ends, and check once more what was in order.

    Call it before the savepoint of a form: CPR numbers are asked about, and what is no longer in order stays written.
    Raises DomainError when it is under way already, or has been run.
    """
    own = select(func.pg_try_advisory_xact_lock(func.hashtext("import_jobs"), job.id))
    if not db.session.scalar(own):
        raise DomainError(AT_WORK)
    db.session.refresh(job)
    if job.state is ImportState.DONE:
        raise DomainError(IS_DONE)
    checked = check([Row(line, cells) for line, cells in queries.good_rows(job)], by=by, at=at)
    for each in checked:
        if each.reasons:
            of_line = (ImportRow.job_id == job.id, ImportRow.line == each.line)
            db.session.execute(update(ImportRow).where(*of_line).values(problem=each.problem))
    return checked


def run(
    job: ImportJob, checked: Sequence[Checked], *, mode: ImportMode, by: User, at: datetime, tell: Tell | None = None
) -> int:
    """Make cases of the rows that are in order; return how many. What is imported is no longer kept here.

    checked: what `begin` answered. mode ALL refuses when any row of the file is not in order. Everything stands in the
    present transaction, so that a run that is cut off has done nothing.
    Raises DomainError when nothing can be imported.
    """
    good = [each for each in checked if not each.reasons]
    bad = job.rows_total - len(good)
    if bad and mode is ImportMode.ALL:
        raise DomainError(NOT_ALL)
    if not good:
        raise DomainError(NONE_LEFT)
    _write(good, by=by, at=at, tell=tell)
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id, ImportRow.problem.is_(None)))
    job.state, job.mode, job.finished_at = ImportState.DONE, mode, at
    job.rows_bad, job.rows_done = bad, len(good)
    db.session.flush()
    log.record(Event.IMPORT_RUN, by=by, at=at, subject=(SUBJECT, job.id), rows=len(good), bad=bad, mode=mode.value)
    return len(good)


def _write(good: Sequence[Checked], *, by: User, at: datetime, tell: Tell | None) -> None:
    unit_id = by.unit_id
    if unit_id is None:
        raise DomainError(NONE_LEFT)
    try:
        with db.session.begin_nested():
            for start in range(0, len(good), CHUNK):
                chunk = good[start : start + CHUNK]
                writing.write(chunk, unit_id=unit_id, by=by, at=at)
                if tell is not None:
                    tell(len(chunk))
    except IntegrityError as error:
        # Somebody has taken one of the numbers since it was asked about.
        if "uq_citizens_cpr_index" not in str(error.orig):
            raise
        raise DomainError(writing.OVERTAKEN) from error


def note_refused(job: ImportJob, checked: Sequence[Checked]) -> None:
    """Count once more how many rows are in order, after a run that was refused."""
    job.rows_bad = job.rows_total - sum(1 for each in checked if not each.reasons)
    job.state, job.rows_done = ImportState.CHECKED, 0
    db.session.flush()


def discard(job: ImportJob, *, by: User, at: datetime) -> None:
    """Forget a file with all its rows. Cases that were made of it stay."""
    log.record(Event.IMPORT_DISCARDED, by=by, at=at, subject=(SUBJECT, job.id))
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id))
    db.session.delete(job)
    db.session.flush()
