"""Mail in the outbox, and the job that delivers it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, undefer

from app import scheduler
from app.access.models import User
from app.core.job_runs import JobRun
from app.extensions import db
from app.outbox import compose
from app.outbox.models import MailSubject, OutboxMail
from tests.factories import Make
from tests.moments import at

NOON = "2026-03-03 12.00"
Put = Callable[..., None]
Deliver = Callable[..., JobRun]
Mails = Callable[[], list[OutboxMail]]


@pytest.fixture
def recipient(make: Make) -> User:
    return make.user(name="Birthe Åkjær", email="birthe@kommune.example")


@pytest.fixture
def put(job_app: Flask, recipient: User) -> Put:
    """`put("key")`: a mail in the outbox, committed."""

    def put(
        key: str = "a", *, when: str = NOON, body: str = "Se frist: æøå.", to: User = recipient, **known: Any
    ) -> None:
        with job_app.app_context():
            draft = compose.draft(
                key=key, subject=MailSubject.DEADLINE_TODAY, body=body, to_id=to.id, at=at(when), **known
            )
            compose.put([draft])
            db.session.commit()

    return put


@pytest.fixture
def deliver(job_app: Flask) -> Deliver:
    """`deliver("2026-03-03 12.00")`: the job as the scheduler runs it; fails when it errs otherwise."""

    def deliver(when: str = NOON, *, error: str | None = None) -> JobRun:
        run = scheduler.run(job_app, "deliver-mail", at=at(when))
        assert run.error == error
        return run

    return deliver


@pytest.fixture
def mails(owner: Engine) -> Mails:
    """What stands in the outbox, oldest first, with the bodies."""

    def mails() -> list[OutboxMail]:
        with Session(owner) as session:
            return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id).options(undefer(OutboxMail.body))))

    return mails
