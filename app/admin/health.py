"""Whether reminders and mail get out: what the health page, the red banner and the page Drift tell.

Overdue deadlines are computed when they are shown, so none of this hides one; it tells that nobody is reminded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Row, String, bindparam, text

from app.core.danish import format_instant, plural
from app.core.job_runs import Job
from app.extensions import db

UNSENT_AFTER = timedelta(minutes=10)
FAILED_WITHIN = timedelta(days=1)
# A good run is looked for no further back: older than this, it is stale anyway.
LOOK_BACK = timedelta(hours=1)

_HEALTH = text(
    """
    SELECT job.name, last.started_at, last.finished_at, last.done, last.error, good.finished_at AS newest_good,
           mail.oldest, mail.failed
    FROM unnest(:names) WITH ORDINALITY AS job (name, position)
    LEFT JOIN LATERAL (
        SELECT r.started_at, r.finished_at, r.done, r.error FROM job_runs r
        WHERE r.job = job.name AND r.finished_at IS NOT NULL ORDER BY r.started_at DESC LIMIT 1
    ) last ON true
    LEFT JOIN LATERAL (
        SELECT r.finished_at FROM job_runs r
        WHERE r.job = job.name AND r.finished_at IS NOT NULL AND r.error IS NULL AND r.started_at > :look_back
        ORDER BY r.started_at DESC LIMIT 1
    ) good ON true
    CROSS JOIN ek_unsent_mail(:failed_since) AS mail
    ORDER BY job.position
    """
).bindparams(bindparam("names", type_=ARRAY(String)))


@dataclass(frozen=True)
class JobHealth:
    """The last finished run of a job, and its newest good one within the hour."""

    job: Job
    started_at: datetime | None
    finished_at: datetime | None
    done: int | None
    error: str | None
    newest_good: datetime | None

    def is_stale(self, at: datetime) -> bool:
        """Whether it should have done its work since."""
        if self.job.stale_after is None:
            return False
        return self.newest_good is None or at - self.newest_good > self.job.stale_after

    @property
    def took(self) -> timedelta | None:
        """How long the last run took."""
        return None if self.started_at is None or self.finished_at is None else self.finished_at - self.started_at


@dataclass(frozen=True)
class Health:
    """How reminders and mail are doing."""

    jobs: Sequence[JobHealth]
    oldest_unsent: datetime | None
    failed_mails: int

    def problems(self, at: datetime) -> list[str]:
        """What is wrong, in Danish, the cause before its effects; empty when all is well."""
        return [*self._standstill(at), *self._failures(), *self._unsent(at)]

    def is_well(self, at: datetime) -> bool:
        """Whether everything that should run, runs. A mail that its recipient's server refused is not about us."""
        return not self.problems(at)

    def _standstill(self, at: datetime) -> Iterable[str]:
        stale = [job for job in self.jobs if job.is_stale(at)]
        if stale:
            runs = [job.newest_good for job in stale if job.newest_good is not None]
            since = f" siden {format_instant(min(runs))}" if len(runs) == len(stale) else ""
            yield f"Påmindelser og mail har stået stille{since}. Frister vises rigtigt, men ingen bliver mindet om dem."

    def _failures(self) -> Iterable[str]:
        for job in self.jobs:
            if job.error is not None:
                yield f"En kørsel fejler: {job.job.title.lower()}. Grund: {job.error}."

    def _unsent(self, at: datetime) -> Iterable[str]:
        if self.oldest_unsent is not None and at - self.oldest_unsent > UNSENT_AFTER:
            yield f"Der ligger mail fra {format_instant(self.oldest_unsent)}, som ikke er sendt."

    @property
    def refused(self) -> str | None:
        """Mails of the last day that were given up, in Danish."""
        if not self.failed_mails:
            return None
        return f"{plural(self.failed_mails, 'mail', 'mails')} kunne ikke sendes det seneste døgn. Se sagens frister."


def read(jobs: Iterable[Job], at: datetime) -> Health:
    """Read it all, in one statement."""
    known = {job.name: job for job in jobs}
    rows = db.session.execute(
        _HEALTH, {"names": list(known), "look_back": at - LOOK_BACK, "failed_since": at - FAILED_WITHIN}
    ).all()
    return Health([_of_job(known[row.name], row) for row in rows], rows[0].oldest, rows[0].failed)


def _of_job(job: Job, row: Row[*tuple[Any, ...]]) -> JobHealth:
    return JobHealth(job, row.started_at, row.finished_at, row.done, row.error, row.newest_good)


@dataclass(frozen=True)
class OutboxState:
    """How many mails are in one state, and the first and last of them."""

    state: str
    mails: int
    oldest: datetime
    newest: datetime


def outbox_states() -> list[OutboxState]:
    """The outbox by state; for administrators, to others it is empty."""
    rows = db.session.execute(text("SELECT state, mails, oldest, newest FROM ek_outbox_states() ORDER BY state"))
    return [OutboxState(*row) for row in rows]
