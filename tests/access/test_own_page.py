"""Min side: one's own password."""

import pytest
from sqlalchemy import Engine

from app.access.models import Role, User
from tests.access.people import OTHER_PASSWORD, PASSWORD, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.factories import Make

NEW = {"present": PASSWORD, "password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD}
ADDRESS = "/min-side/adgangskode"


@pytest.fixture
def user(make: Make) -> User:
    return with_password(make, make.user(Role.MENTOR, email="anna@kommune.example"))


def test_shows_what_is_known(client: Browser, user: User) -> None:
    main = client.sign_in(user).get("/min-side").main

    assert user.name in main
    assert "anna@kommune.example" in main
    assert "Mentor" in main
    assert user.unit
    assert user.unit.name in main


@pytest.mark.parametrize(("role", "links"), [(Role.MENTOR, set()), (Role.REVISOR, {"Rettigheder: hvem må hvad"})])
def test_leads_only_where_one_may_go(client: Browser, make: Make, role: Role, links: set[str]) -> None:
    page = client.sign_in(make.user(role)).get("/min-side")

    assert set(page.texts("main//li//a")) == links


def test_change_keeps_this_session_and_ends_the_others(client: Browser, user: User, owner: Engine) -> None:
    other = Browser(client.app, owner).sign_in(user)
    client.sign_in(user)

    page = client.submit(client.get(ADDRESS), NEW)

    assert "Din adgangskode er ændret." in page.main
    client.get("/min-side")
    other.get("/min-side", status=302)
    (event,) = events(owner, "user.password-set")
    assert (event.user_id, event.details) == (user.id, {"purpose": "change"})
    assert [row.subject for row in rows(owner, "SELECT subject FROM outbox_mails")] == ["password-changed"]
    client.post("/log-ud")
    sign_in(client, user.email, PASSWORD, status=422)
    sign_in(client, user.email, OTHER_PASSWORD, status=302)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"present": "", "password": "", "repeat": ""}, "Skriv din nuværende adgangskode."),
        (NEW | {"present": OTHER_PASSWORD}, "Det er ikke din nuværende adgangskode."),
        (NEW | {"present": "x" * 201}, "Der er plads til 200 tegn"),
        (NEW | {"present": "a\x00b"}, "kan ikke gemmes"),
        (NEW | {"repeat": PASSWORD}, "De to adgangskoder er ikke ens."),
        ({"present": PASSWORD, "password": "kort", "repeat": "kort"}, "mindst 15 tegn"),
        ({"present": PASSWORD, "password": PASSWORD, "repeat": PASSWORD}, "den adgangskode, du har i forvejen"),
    ],
)
def test_bad_input_changes_nothing(
    client: Browser, user: User, owner: Engine, typed: dict[str, str], message: str
) -> None:
    before = rows(owner, "SELECT * FROM password_credentials")
    other = Browser(client.app, owner).sign_in(user)

    page = client.sign_in(user).submit(client.get(ADDRESS), typed, status=422)

    assert message in " ".join(page.errors)
    assert rows(owner, "SELECT * FROM password_credentials") == before
    other.get("/min-side")
    assert not rows(owner, "SELECT 1 FROM outbox_mails")


def test_guesses_at_the_present_password_are_throttled(client: Browser, user: User) -> None:
    client.sign_in(user)
    for _ in range(10):
        client.submit(client.get(ADDRESS), NEW | {"present": "forkert"}, status=422)

    page = client.submit(client.get(ADDRESS), NEW, status=422)

    assert "prøvet for mange gange" in page.main
