"""The jobs, and the process that runs them. It holds no state: every job reads what is due and not yet done.

So two schedulers may run, one may be killed at any point, and after a week of standstill one run catches up.
"""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, update

from app.access.jobs import forget_expired
from app.cases.imports.jobs import forget_imports
from app.cases.network.jobs import forget_people
from app.core import clock
from app.core.database import RowScope, enter_row_scope
from app.core.job_runs import Job, JobError, JobRun
from app.deadlines.jobs import plan_reminders
from app.extensions import db
from app.outbox.jobs import deliver_mail

logger = logging.getLogger(__name__)

STALE = timedelta(minutes=5)
ERROR_LENGTH = 200

JOBS = {
    job.name: job
    for job in (
        Job(
            "plan-reminders",
            "Lægger påmindelser om frister til afsendelse",
            "hvert minut",
            {"minute": "*", "second": "0"},
            STALE,
            plan_reminders,
        ),
        Job(
            "deliver-mail",
            "Sender de mails, der venter",
            "hvert 20. sekund",
            {"minute": "*", "second": "5,25,45"},
            STALE,
            deliver_mail,
        ),
        Job(
            "forget-expired",
            "Sletter udløbne log ind, links og gamle kørsler",
            "hver nat",
            {"hour": "5", "minute": "0"},
            None,
            forget_expired,
        ),
        Job(
            "forget-imports",
            "Sletter regneark, der er sendt ind for to uger siden",
            "hver nat",
            {"hour": "5", "minute": "10"},
            None,
            forget_imports,
        ),
        Job(
            "forget-people",
            "Sletter personer uden sag på den dag, der er valgt",
            "hver nat",
            {"hour": "4", "minute": "30"},
            None,
            forget_people,
        ),
    )
}

_stopping = threading.Event()


def run(app: Flask, name: str, *, at: datetime | None = None) -> JobRun:
    """Run one job once, and write down how it went; an error in it is written down and logged, not raised.

    at: the instant the job is to believe in; now when it is left out. The run itself is written with the real time.
    """
    with app.app_context():
        run_id = _begin(name)
        done, error = 0, None
        at = at or clock.now()
        enter_row_scope(db.session(), RowScope(today=clock.local_date(at)))
        try:
            for count in _commits(JOBS[name], at):
                done += count
        except JobError as failed:
            db.session.rollback()
            error = failed.text
        except Exception as failed:
            logger.exception("the job %s failed", name)
            db.session.rollback()
            error = f"fejl i programmet: {type(failed).__name__}"
        return _end(run_id, done, error)


def _commits(job: Job, at: datetime) -> Iterator[int]:
    """Run the job, committing where it says; asked to stop, it ends after the thing at hand."""
    with closing(job.function(at=at)) as work:
        for count in work:
            db.session.commit()
            yield count
            if _stopping.is_set():
                return
    db.session.commit()


def _begin(name: str) -> int:
    statement = insert(JobRun).values(job=name, started_at=clock.now(), done=0).returning(JobRun.id)
    run_id = db.session.execute(statement).scalar_one()
    db.session.commit()
    return run_id


def _end(run_id: int, done: int, error: str | None) -> JobRun:
    values = {"finished_at": clock.now(), "done": done, "error": error and error[:ERROR_LENGTH]}
    db.session.execute(update(JobRun).where(JobRun.id == run_id).values(**values))
    db.session.commit()
    finished = db.session.get_one(JobRun, run_id)
    db.session.refresh(finished)
    db.session.expunge(finished)
    return finished


def serve(app: Flask) -> None:
    """Run the jobs at their times until the process is asked to end."""
    # Imported here, so that the pages, which know the table of jobs, do not carry the scheduler's library.
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    scheduler = BlockingScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        # A run that comes late is still a run, and many late ones are one.
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for job in JOBS.values():
        # What must not stand still begins at once: it may have stood still until now.
        first = {} if job.stale_after is None else {"next_run_time": clock.now()}
        scheduler.add_job(_run_quietly, "cron", args=(app, job.name), id=job.name, **job.cron, **first)

    def stop(*_: Any) -> None:
        _stopping.set()
        # Not waiting here: the pool's threads end the thing at hand, and the interpreter waits for them.
        scheduler.shutdown(wait=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logger.info("the scheduler runs")
    scheduler.start()
    logger.info("the scheduler ends")


def _run_quietly(app: Flask, name: str) -> None:
    """Run a job; what cannot even be written down, as when the database is away, is logged and tried again."""
    try:
        run(app, name)
    except Exception:
        logger.exception("the job %s could not be run", name)
