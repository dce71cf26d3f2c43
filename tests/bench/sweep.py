"""The sweep that plans reminders, beside SQL that writes the same rows without asking anybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from time import perf_counter

import psycopg

from app import create_app
from app.core import clock
from app.core.database import RowScope, enter_row_scope
from app.deadlines.jobs import plan_reminders
from app.extensions import db
from tests.bench.installation import Site
from tests.bench.timing import Ratio, Series

HOLD = 3.0
DAYS_BEFORE = 3

# Every case's clock runs, and nothing is due for some days.
_OPEN_ALL = """
UPDATE deadlines SET stopped_at = NULL, stopped_on = NULL, outcome = NULL,
  due_on = %(later)s, last_workday = %(later)s, next_reminder_on = %(later)s
"""
_MAKE_DUE = """
UPDATE deadlines SET due_on = %(due)s, next_reminder_on = %(today)s
WHERE id IN (SELECT id FROM deadlines WHERE next_reminder_on = %(later)s ORDER BY md5(id::text) LIMIT %(count)s)
"""
_FIND = """
SELECT d.id, d.case_id, d.rule_id, d.due_on, c.number, c.owner_id FROM deadlines d JOIN cases c ON c.id = d.case_id
WHERE d.next_reminder_on <= %(today)s AND d.stopped_at IS NULL ORDER BY d.next_reminder_on, d.id
"""
# What the sweep writes, in one statement: ledger, mail, record, and the day of the next step. The text is as long as
# the real one, but everybody's is the same and nothing is encrypted.
_DO_THE_SAME = f"""
WITH due AS ({_FIND} FOR NO KEY UPDATE OF d SKIP LOCKED),
ledger AS (
  INSERT INTO reminders (deadline_id, case_id, due_on, step, recipient_id, planned_at)
  SELECT id, case_id, due_on, 3, owner_id, %(at)s FROM due
  ON CONFLICT DO NOTHING RETURNING id, deadline_id, case_id, recipient_id
),
mails AS (
  INSERT INTO outbox_mails (key, message_id, recipient_id, subject, body, secret, case_id, about_kind, about_id,
                            state, attempts, created_at)
  SELECT 'reminder:' || deadline_id, '<' || sha256(deadline_id::text::bytea)::text || '@kommune.example>', recipient_id,
         'deadline-coming', convert_to(repeat('Some words of a mail. ', 20), 'UTF8'), false, case_id, 'reminder', id,
         'queued', 0, %(at)s FROM ledger
),
record AS (
  INSERT INTO audit_events (at, event, system, case_id, subject_type, subject_id, details)
  SELECT %(at)s, 'reminder.planned', 'bare', case_id, 'reminder', id, '{{"step": 3}}' FROM ledger
)
UPDATE deadlines SET next_reminder_on = due_on - 1 WHERE id IN (SELECT id FROM due)
"""


@dataclass
class SweepTimes:
    """What a sweep with so many due took, beside the SQL."""

    due: int
    sweep: Series = field(default_factory=Series)
    same: Series = field(default_factory=Series)
    find: Series = field(default_factory=Series)

    @property
    def ratio(self) -> Ratio:
        """The sweep beside the SQL that writes the same."""
        return Ratio.of(self.sweep, self.same)

    @property
    def find_p50(self) -> float:
        """Finding what is due, and nothing more."""
        return median(self.find.medians)


class Sweeps:
    """The sweeps on one installation; they change it, so they come last."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._at = clock.now()
        self._today = clock.local_date(self._at)
        self._app = create_app(site.config, "scheduler")
        self._owner = psycopg.connect(site.owner_url, autocommit=True)
        self._job = psycopg.connect(site.config.database_url_for("scheduler"), autocommit=True)

    def prepare(self) -> None:
        """Let every clock run."""
        self._owner.execute(_OPEN_ALL, self._days)
        self._site.settle()

    def measure(self, times: SweepTimes, rounds: int) -> Iterator[None]:
        """Sweep and do the same in SQL in turn; yields after each round."""
        for _ in range(rounds):
            self._make_due(times.due)
            times.find.rounds.append([self._timed(_FIND)])
            times.sweep.rounds.append([self._sweep(times.due)])
            self._make_due(times.due)
            times.same.rounds.append([self._timed(_DO_THE_SAME)])
            yield

    def close(self) -> None:
        """Hang up."""
        self._owner.close()
        self._job.close()
        with self._app.app_context():
            db.engine.dispose()

    @property
    def _days(self) -> dict[str, date | datetime]:
        return {
            "at": self._at,
            "today": self._today,
            "due": self._today + timedelta(days=DAYS_BEFORE),
            "later": self._today + timedelta(days=60),
        }

    def _make_due(self, count: int) -> None:
        self._owner.execute(_MAKE_DUE, {**self._days, "count": count})

    def _timed(self, statement: str) -> float:
        begun = perf_counter()
        self._job.execute(statement.encode(), self._days).pgresult  # noqa: B018 - the result has arrived
        return perf_counter() - begun

    def _sweep(self, due: int) -> float:
        """One sweep with its commit, as the scheduler runs it. Raises RuntimeError when it planned too little."""
        begun = perf_counter()
        with self._app.app_context():
            enter_row_scope(db.session(), RowScope(today=self._today))
            planned = 0
            for count in plan_reminders(at=self._at):
                db.session.commit()
                planned += count
        taken = perf_counter() - begun
        if planned < due:
            raise RuntimeError(f"the sweep planned {planned} of {due}")
        return taken
