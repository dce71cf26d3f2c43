"""Forgetting what has expired: sessions, links, throttles, and which forms were saved."""

from collections.abc import Generator
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, or_

from app.access.models import AccessToken, FormSubmission, SignInThrottle, WebSession
from app.access.sessions import ABSOLUTE, IDLE
from app.core.job_runs import JobRun
from app.extensions import db

LINKS_KEPT = timedelta(days=30)
SUBMISSIONS_KEPT = timedelta(days=7)
JOB_RUNS_KEPT = timedelta(days=30)


def forget_expired(*, at: datetime) -> Generator[int, None, None]:
    """Delete what nobody can use any more, one kind at a time."""
    for statement in _expired(at):
        yield db.session.execute(statement).rowcount  # type: ignore[attr-defined]  # a DELETE counts its rows


def _expired(at: datetime) -> tuple[Delete, ...]:
    return (
        delete(WebSession).where(or_(WebSession.last_seen_at <= at - IDLE, WebSession.created_at <= at - ABSOLUTE)),
        delete(AccessToken).where(AccessToken.expires_at < at - LINKS_KEPT),
        delete(SignInThrottle).where(SignInThrottle.expires_at <= at),
        delete(FormSubmission).where(FormSubmission.saved_at < at - SUBMISSIONS_KEPT),
        delete(JobRun).where(JobRun.started_at < at - JOB_RUNS_KEPT),
    )
