"""What the nightly job forgets, and what it keeps."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, insert, select

from app import scheduler
from app.access.models import AccessToken, FormSubmission, SignInThrottle, TokenPurpose, WebSession
from app.core.job_runs import JobRun
from app.core.model import Base
from tests.factories import Make
from tests.moments import at

NOON = at("2026-03-03 12.00")
EXPIRY = {
    WebSession: timedelta(minutes=30),
    AccessToken: timedelta(days=30),
    SignInThrottle: timedelta(0),
    FormSubmission: timedelta(days=7),
    JobRun: timedelta(days=30),
}


@pytest.mark.parametrize("model", EXPIRY)
def test_only_what_has_expired_is_forgotten(model: type[Base], make: Make, owner: Engine, job_app: Flask) -> None:
    user = make.user()
    expires = NOON - EXPIRY[model]
    for number, when in enumerate((expires + timedelta(minutes=1), expires - timedelta(minutes=1))):
        row = {
            WebSession: {"token_hash": b"%d" % number, "created_at": when, "last_seen_at": when, "content": {}},
            AccessToken: {
                "token_hash": b"%d" % number,
                "purpose": TokenPurpose.RESET,
                "created_at": when,
                "expires_at": when,
            },
            SignInThrottle: {"key": b"%d" % number, "failures": [], "expires_at": when},
            FormSubmission: {"token": uuid.uuid4(), "url": "/", "saved_at": when},
            JobRun: {"job": "old", "started_at": when, "done": 0},
        }[model]
        if "user_id" in model.__table__.c:
            row["user_id"] = user.id
        with owner.begin() as connection:
            connection.execute(insert(model).values(row))
    run = scheduler.run(job_app, "forget-expired", at=NOON)
    assert (run.error, run.done) == (None, 1)
    with owner.connect() as connection:
        # A run of the job writes itself down too.
        assert connection.scalar(select(func.count()).select_from(model)) == (2 if model is JobRun else 1)


def test_a_session_is_forgotten_when_it_is_too_old_however_busy(make: Make, owner: Engine, job_app: Flask) -> None:
    row = {"token_hash": b"x", "user_id": make.user().id, "last_seen_at": NOON, "content": {}}
    with owner.begin() as connection:
        connection.execute(insert(WebSession).values({**row, "created_at": NOON - timedelta(hours=12)}))
    assert scheduler.run(job_app, "forget-expired", at=NOON).done == 1
