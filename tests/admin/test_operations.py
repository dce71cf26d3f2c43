"""Health: what the watching machine, the banner and the page Drift tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, text

from app import scheduler
from app.access.models import Role
from app.core import clock
from app.core.job_runs import JobRun
from app.outbox.models import MailState, MailSubject, OutboxMail
from tests.browser import Browser
from tests.conftest import Freeze
from tests.world import World

RanAgo = Callable[..., None]
REGULAR = ("plan-reminders", "deliver-mail")


@pytest.fixture
def ran(owner: Engine) -> RanAgo:
    """`ran(minutes, ...)`: the jobs ran that many minutes ago."""

    def ran(minutes: float, *, error: str | None = None, jobs: tuple[str, ...] = REGULAR) -> None:
        when = clock.now() - timedelta(minutes=minutes)
        rows = [{"job": job, "started_at": when, "finished_at": when, "done": 3, "error": error} for job in jobs]
        with owner.begin() as connection:
            connection.execute(insert(JobRun), rows)

    return ran


@pytest.fixture
def mail(owner: Engine, world: World) -> Callable[..., None]:
    """`mail(minutes, state)`: a mail that was written that many minutes ago, about a case in another unit."""

    def mail(minutes: float, state: MailState = MailState.QUEUED) -> None:
        row = {
            "key": f"{minutes} {state}",
            "message_id": "<x@kommune.example>",
            "recipient_id": world.syd.leder.id,
            "subject": MailSubject.DEADLINE_TODAY,
            "body": "En frist udløber i dag.",
            "secret": False,
            "case_id": world.case_id("elsewhere"),
            "state": state,
            "attempts": 0,
            "created_at": clock.now() - timedelta(minutes=minutes),
        }
        with owner.begin() as connection:
            connection.execute(insert(OutboxMail).inline(), [row])

    return mail


def health(client: Browser, status: int) -> dict[str, object]:
    answer = client.client.get("/healthz")
    assert answer.status_code == status
    found: dict[str, object] = answer.get_json()
    assert found["status"] == ("ok" if status == 200 else "degraded")
    return found


def test_all_is_well(client: Browser, ran: RanAgo, mail: Callable[..., None]) -> None:
    ran(1)
    mail(9)
    found = health(client, 200)
    assert found["database"] == "ok"
    assert 530 < int(str(found["oldest_unsent_mail_seconds"])) < 550


def test_a_scheduler_that_never_ran(client: Browser) -> None:
    health(client, 503)


@pytest.mark.parametrize("minutes", [6, 60, 60 * 24 * 8])
def test_a_scheduler_that_stands_still(client: Browser, ran: RanAgo, minutes: int) -> None:
    ran(minutes)
    health(client, 503)


def test_one_job_of_two_stands_still(client: Browser, ran: RanAgo) -> None:
    ran(1, jobs=("plan-reminders",))
    ran(6, jobs=("deliver-mail",))
    health(client, 503)


def test_the_last_run_failed(client: Browser, ran: RanAgo) -> None:
    ran(2)
    ran(1, error="postserveren svarer ikke")
    health(client, 503)


def test_mail_that_has_waited_too_long(client: Browser, ran: RanAgo, mail: Callable[..., None]) -> None:
    ran(1)
    mail(11)
    health(client, 503)


def test_refused_mail_is_told_but_is_not_our_illness(client: Browser, ran: RanAgo, mail: Callable[..., None]) -> None:
    ran(1)
    mail(60, MailState.FAILED)
    assert health(client, 200)["failed_mails_last_day"] == 1


def test_without_a_database(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    from app.admin import health as reading

    def away(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr(reading, "read", away)
    answer = client.client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "degraded", "database": "away"})


def test_the_banner_is_for_those_who_must_know(browser: Callable[[], Browser], world: World, ran: RanAgo) -> None:
    ran(20)
    told = {role for role in Role if "har stået stille" in browser().sign_in(world.nord.of(role)).get("/").text}
    assert told == {Role.KOORDINATOR, Role.LEDER, Role.ADMINISTRATOR}


def test_the_banner_goes_when_all_is_well(
    client: Browser, world: World, ran: RanAgo, mail: Callable[..., None]
) -> None:
    ran(1)
    client.sign_in(world.nord.leder)
    assert "Påmindelser og mail" not in client.get("/").text
    mail(11)
    assert "som ikke er sendt" in client.get("/").text


def test_the_page_drift(frozen: Freeze, client: Browser, world: World, ran: RanAgo, mail: Callable[..., None]) -> None:
    ran(1)
    mail(5)
    mail(60, MailState.FAILED)
    page = client.sign_in(world.nord.administrator).get("/administration/drift")
    assert "Alt kører, som det skal." in page.text
    assert "1 mail kunne ikke sendes det seneste døgn" in page.text
    assert "hver nat" in page.text.lower()
    client.sign_in(world.nord.leder).get("/administration/drift", status=403)


def test_every_job_is_watched(app: Flask) -> None:
    assert app.extensions["enkeltsag_jobs"] == tuple(scheduler.JOBS.values())


def test_how_many_mails_there_are_is_for_administrators(web: Engine, world: World, mail: Callable[..., None]) -> None:
    mail(5)
    for role in Role:
        with web.begin() as connection:
            connection.execute(
                text("SELECT set_config('enkeltsag.user_id', :id, true)"), {"id": str(world.nord.of(role).id)}
            )
            rows = connection.execute(text("SELECT state, mails FROM ek_outbox_states()")).all()
        assert [tuple(row) for row in rows] == ([("queued", 1)] if role is Role.ADMINISTRATOR else [])
