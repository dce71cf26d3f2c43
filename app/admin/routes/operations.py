"""Drift: whether the scheduler and the mail do their work. For the watching machine, for everybody, and in detail."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.access import current, front_page
from app.access.front_page import Banner
from app.access.models import Role
from app.access.policy import Permission, Reader, can, requires
from app.admin import health
from app.admin.health import Health
from app.admin.sections import admin_page
from app.core.job_runs import Job
from app.extensions import db
from app.outbox.models import MailState

bp = Blueprint("operations", __name__)

TOLD = frozenset({Role.KOORDINATOR, Role.LEDER, Role.ADMINISTRATOR})
UNWELL = 503


def register(app: Flask, jobs: tuple[Job, ...]) -> None:
    """Register the pages, and watch these jobs."""
    app.register_blueprint(bp)
    app.extensions["enkeltsag_jobs"] = jobs
    front_page.of(app).banners.append(banners)


def _read(at: datetime) -> Health:
    return health.read(current_app.extensions["enkeltsag_jobs"], at)


@bp.route("/healthz")
def healthz() -> ResponseReturnValue:
    """Live and ready, for a machine that watches: 200 when all is well, else 503. Holds no personal data."""
    at = current.at()
    try:
        found = _read(at)
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "degraded", "database": "away"}, UNWELL
    well = found.is_well(at)
    unsent = found.oldest_unsent
    answer = {
        "status": "ok" if well else "degraded",
        "database": "ok",
        "jobs": {job.job.name: _job(job, at) for job in found.jobs},
        "oldest_unsent_mail_seconds": None if unsent is None else _seconds(unsent, at),
        "failed_mails_last_day": found.failed_mails,
    }
    return answer, 200 if well else UNWELL


def _job(job: health.JobHealth, at: datetime) -> dict[str, Any]:
    return {
        "last_run": None if job.finished_at is None else job.finished_at.isoformat(timespec="seconds"),
        "age_seconds": None if job.finished_at is None else _seconds(job.finished_at, at),
        "failed": job.error is not None,
        "stale": job.is_stale(at),
    }


def _seconds(since: datetime, at: datetime) -> int:
    return round((at - since).total_seconds())


def banners(reader: Reader, at: datetime) -> list[Banner]:
    """The red lines across every page of those who must know that nobody is being reminded."""
    if reader.role not in TOLD:
        return []
    found = _read(at)
    texts = found.problems(at)[:1] or [text for text in (found.refused,) if text]
    link = (url_for("operations.show"), "Se drift") if can(reader, Permission.OPERATIONS) else (None, None)
    return [Banner("error", text, *link) for text in texts]


@bp.route("/administration/drift")
@requires(Permission.OPERATIONS)
def show() -> ResponseReturnValue:
    """The jobs and the outbox, without any content of cases."""
    at = current.at()
    found = _read(at)
    states = {state.state: state for state in health.outbox_states()}
    return admin_page(
        "admin/operations.html",
        health=found,
        at=at,
        outbox=[(state, states.get(state.value)) for state in MailState],
    )
