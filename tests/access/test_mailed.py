"""What arrives at a new employee, through a real mail server, and the way in that it opens."""

import re
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine

from app import scheduler
from app.access.models import Role
from app.core import clock
from tests.access.people import OTHER_PASSWORD, rows, sign_in
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make
from tests.mailserver import MailServer

CHOSEN = {"password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD}


def deliver(job_app: Flask) -> None:
    finished = scheduler.run(job_app, "deliver-mail", at=clock.now())
    assert finished.error is None


def test_invited_employee_gets_in(
    client: Browser, make: Make, owner: Engine, *, job_app: Flask, smtp: MailServer, frozen: Freeze
) -> None:
    frozen("2026-11-20 10.00")
    admin = make.user(Role.ADMINISTRATOR)
    client.sign_in(admin)
    given = {"name": "Bo Æbelø", "email": "bo@kommune.example", "role": "revisor"}
    client.submit(client.get("/administration/brugere/ny"), given)
    deliver(job_app)

    (mail,) = smtp.messages
    assert mail.recipients == ["bo@kommune.example"]
    assert mail.subject == "Velkommen til Enkeltsag"
    assert "Bo" not in mail.text
    assert "Linket virker én gang og til 27-11-2026 kl. 10.00." in mail.text
    assert rows(owner, "SELECT body FROM outbox_mails")[0].body is None
    (address,) = re.findall(r"https?://\S+", mail.text)
    newcomer = Browser(client.app, owner)
    newcomer.submit(newcomer.get(urlsplit(address).path), CHOSEN)
    sign_in(newcomer, "bo@kommune.example", OTHER_PASSWORD, status=302)


def test_forgotten_password_is_mailed_and_its_change_told(
    client: Browser, make: Make, *, job_app: Flask, smtp: MailServer, frozen: Freeze
) -> None:
    frozen("2026-11-20 10.00")
    bo = make.user(Role.REVISOR, email="bo@kommune.example")
    client.submit(client.get("/glemt-adgangskode"), {"email": bo.email})
    deliver(job_app)

    (asked,) = smtp.messages
    assert asked.subject == "Ny adgangskode til Enkeltsag"
    assert "til 20-11-2026 kl. 10.30." in asked.text
    (address,) = re.findall(r"https?://\S+", asked.text)
    client.submit(client.get(urlsplit(address).path), CHOSEN)
    deliver(job_app)
    told = smtp.messages[-1]
    assert told.subject == "Din adgangskode til Enkeltsag er ændret"
    assert "20-11-2026 kl. 10.00" in told.text
    assert "http" not in told.text
