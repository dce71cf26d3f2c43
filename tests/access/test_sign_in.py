"""Signing in and out through the pages."""

import re

import pytest
from sqlalchemy import Engine

from app.access.models import Role
from tests.access.people import PASSWORD, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.factories import Make

WRONG = ["Mailadressen og adgangskoden passer ikke sammen. Prøv igen."]


def test_right_password_signs_in_and_is_recorded(client: Browser, make: Make, owner: Engine) -> None:
    user = with_password(make, make.user(Role.REVISOR))

    sign_in(client, user.email, status=302)

    assert "Min side" in client.get("/min-side").h1
    assert [event.user_id for event in events(owner, "session.signed-in")] == [user.id]


def test_mail_address_is_read_in_any_case(client: Browser, make: Make) -> None:
    user = with_password(make, make.user(Role.REVISOR, email="anna.holm@kommune.example"))

    answer = sign_in(client, "Anna.Holm@Kommune.example", status=302)

    assert answer.location == "/"
    assert user.name in client.get("/min-side").main
