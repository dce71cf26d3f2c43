"""Putting mail into the outbox, as the web does under its row scope."""

import pytest
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role
from app.extensions import db
from app.outbox import compose
from app.outbox.models import MailState, MailSubject
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at
from tests.outbox.conftest import NOON, Mails


def enqueue(make: Make, *, case_id: int | None = None) -> None:
    compose.enqueue(
        key="a",
        subject=MailSubject.PASSWORD_CHANGED,
        template="access/email/password_changed.txt",
        to=make.user(),
        at=at(NOON),
        case_id=case_id,
        changed_at=at(NOON),
    )


def test_a_mail_about_no_case(make: Make, acting_as: ActAs, mails: Mails) -> None:
    acting_as(make.user(Role.ADMINISTRATOR))
    enqueue(make)
    db.session.commit()
    [mail] = mails()
    assert (mail.state, mail.created_at, mail.attempts) == (MailState.QUEUED, at(NOON), 0)
    assert "blev ændret 03-03-2026" in (mail.body or "")


def test_nothing_is_left_of_a_transaction_that_is_rolled_back(make: Make, acting_as: ActAs, mails: Mails) -> None:
    acting_as(make.user(Role.ADMINISTRATOR))
    enqueue(make)
    db.session.rollback()
    assert mails() == []


def test_a_mail_about_a_case_in_sight_and_one_out_of_sight(make: Make, acting_as: ActAs, mails: Mails) -> None:
    leader = make.user(Role.LEDER)
    case, other = make.case(unit=leader.unit), make.case()
    acting_as(leader)
    enqueue(make, case_id=case.id)
    db.session.commit()
    assert mails()[0].case_id == case.id
    with pytest.raises(ProgrammingError, match="row-level security"):
        enqueue(make, case_id=other.id)


def test_a_mail_knows_nothing_of_pages(job_app: Flask, make: Make) -> None:
    with job_app.app_context(), job_app.test_request_context("/"):
        job_app.jinja_env.globals["leak"] = "Fatima"
        try:
            template = job_app.jinja_env.from_string("{{ leak }}{{ account }}{{ g }}x")
            assert "".join(template.root_render_func(template.new_context({}, shared=True))) == "x"
        finally:
            del job_app.jinja_env.globals["leak"]
