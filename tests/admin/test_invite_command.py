"""`flask user invite`, as the owner of the database."""

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine

from app.access.models import Role
from app.cli import invite_user
from tests.access.people import events, rows, with_password
from tests.browser import Browser
from tests.factories import Make

WHO = ["anna@kommune.example", "--name", "Anna Åkjær", "--role", "administrator", "--unit", "Ledelsen"]


def run(owner_app: Flask, *arguments: str) -> Result:
    return owner_app.test_cli_runner().invoke(invite_user, list(arguments))


def test_makes_user_unit_and_mail(owner_app: Flask, owner: Engine) -> None:
    result = run(owner_app, *WHO)

    assert result.exit_code == 0, result.output
    assert result.output == (
        "Enheden Ledelsen fandtes ikke og er oprettet.\n"
        "Anna Åkjær er oprettet som administrator. Linket er lagt til afsendelse.\n"
    )
    (user,) = rows(owner, "SELECT * FROM users")
    (mail,) = rows(owner, "SELECT * FROM outbox_mails")
    assert (user.email, user.role, user.active) == ("anna@kommune.example", "administrator", True)
    assert (mail.recipient_id, mail.subject, mail.secret, mail.state) == (user.id, "invitation", True, "queued")
    assert [event.system for event in events(owner, "user.invited")] == ["command line"]


def test_uses_the_unit_that_is_there(owner_app: Flask, make: Make, owner: Engine) -> None:
    unit = make.unit("Ledelsen")

    result = run(owner_app, *WHO)

    assert "oprettet som administrator" in result.output
    assert "fandtes ikke" not in result.output
    assert [user.unit_id for user in rows(owner, "SELECT unit_id FROM users")] == [unit.id]


def test_printed_link_lets_the_first_administrator_in(owner_app: Flask, client: Browser) -> None:
    result = run(owner_app, *WHO, "--print-link")

    (path,) = re.findall(r"https?://[^/]+(/adgangskode/\S+)", result.output)
    assert client.get(path).h1 == "Vælg adgangskode"


@pytest.mark.parametrize("role", ["administrator", "leder"])
def test_link_is_printed_for_nobody_else(owner_app: Flask, make: Make, owner: Engine, role: str) -> None:
    if role == "administrator":
        with_password(make, make.user(Role.ADMINISTRATOR))

    result = run(owner_app, *WHO[:4], role, *WHO[5:], "--print-link")

    assert result.exit_code == 2
    assert "kun til den første administrator" in result.output
    assert not rows(owner, "SELECT 1 FROM users WHERE email = 'anna@kommune.example'")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: "anna"}, "Skriv en mailadresse som navn@kommune.dk."),
        ({0: "anna@ærø.dk"}, "Skriv mailadressen uden æ, ø, å"),
        ({0: ""}, "Skriv brugerens mailadresse."),
        ({2: " "}, "Skriv brugerens navn."),
        ({2: "x" * 101}, "Der er plads til 100 tegn"),
        ({2: "Anna\x00"}, "kan ikke gemmes"),
        ({6: "\udc80"}, "kan ikke gemmes"),
        ({4: "chef"}, "'chef' is not one of"),
        ({0: "taken@kommune.example"}, "Der er allerede en bruger med den mailadresse."),
    ],
)
def test_mistake_is_one_plain_line(
    owner_app: Flask, make: Make, owner: Engine, changed: dict[int, str], message: str
) -> None:
    make.user(email="taken@kommune.example")
    before = rows(owner, "SELECT count(*) FROM users, units")

    result = run(owner_app, *(changed.get(number, argument) for number, argument in enumerate(WHO)))

    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert rows(owner, "SELECT count(*) FROM users, units") == before
