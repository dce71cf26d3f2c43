"""How far a run has come, for others to see while its transaction is still open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import update

from app.cases.imports.models import ImportJob, ImportState
from app.cases.imports.services import Tell
from app.core import clock
from app.core.database import row_scope, set_settings
from app.extensions import db

SIGN_OF_LIFE: Final = timedelta(minutes=2)


def is_alive(job: ImportJob, at: datetime) -> bool:
    """Whether the run is going on; one whose process has died gives no sign of life."""
    return job.state is ImportState.RUNNING and job.seen_at is not None and at - job.seen_at < SIGN_OF_LIFE


@contextmanager
def told(job_id: int) -> Iterator[Tell]:
    """A function that tells of so many more rows done, on a connection of its own.

    The run's own transaction must not have written the job's row: the two would wait for each other.
    When the run fails, the job is as it was.
    """
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        _write(job_id, state=ImportState.RUNNING, rows_done=done)

    tell(0)
    try:
        yield tell
    except BaseException:
        _write(job_id, state=ImportState.CHECKED, rows_done=0)
        raise


def _write(job_id: int, **values: Any) -> None:
    with db.engine.begin() as connection:
        connection.execute(set_settings(row_scope(db.session())))
        connection.execute(update(ImportJob).where(ImportJob.id == job_id).values(seen_at=clock.now(), **values))
