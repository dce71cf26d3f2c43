"""Mailed links: invitations and new passwords."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.access import links, passwords
from app.access.models import AccessToken, Role, TokenPurpose, User
from app.access.sessions import token_hash
from app.core import clock, crypto
from tests.access.people import OTHER_PASSWORD, PASSWORD, at_once, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make

NEW = {"password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD}


@pytest.fixture
def user(make: Make) -> User:
    return with_password(make, make.user(Role.REVISOR, email="anna@kommune.example"))


def link_for(make: Make, user: User, purpose: TokenPurpose = TokenPurpose.RESET, token: str = "t" * 43) -> str:
    """A living link, as a mail would hold it."""
    now = clock.now()
    make.add(
        AccessToken(
            token_hash=token_hash(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            expires_at=now + links.LIFETIME[purpose],
        )
    )
    return f"/adgangskode/{token}"


def bodies(owner: Engine) -> list[str]:
    """The texts of the mails that wait."""
    found = rows(owner, "SELECT body FROM outbox_mails ORDER BY id")
    return [crypto.installed().decrypt(bytes(row.body), "outbox_mails.body") for row in found]


def ask(client: Browser, email: str | None) -> str:
    return client.submit(client.get("/glemt-adgangskode"), {"email": email}).html


def test_forgotten_password_mails_a_link_that_works(client: Browser, user: User, owner: Engine) -> None:
    ask(client, user.email)

    (mail,) = rows(owner, "SELECT * FROM outbox_mails")
    (body,) = bodies(owner)
    (address,) = re.findall(r"https?://\S+", body)
    assert (mail.recipient_id, mail.subject, mail.secret) == (user.id, "password-link", True)
    assert user.name not in body
    page = client.submit(client.get(re.sub(r"^https?://[^/]+", "", address)), NEW)
    assert "Din adgangskode er gemt. Log ind med den." in page.main
    sign_in(client, user.email, PASSWORD, status=422)
    sign_in(client, user.email, OTHER_PASSWORD, status=302)


@pytest.mark.parametrize("case", ["unknown", "closed"])
def test_forgotten_password_answers_the_same_to_all(client: Browser, make: Make, owner: Engine, case: str) -> None:
    known = with_password(make, make.user(Role.REVISOR))
    closed = with_password(make, make.user(Role.REVISOR, active=False))
    other = {"unknown": "nobody@kommune.example", "closed": closed.email}[case]

    expected = ask(client, known.email)
    answer = ask(client, other)

    assert answer == expected
    assert len(bodies(owner)) == 1


def test_nobody_is_flooded_with_links(client: Browser, user: User, owner: Engine) -> None:
    answers = {ask(client, user.email) for _ in range(5)}

    assert len(answers) == 1
    assert len(bodies(owner)) == 3


def test_asking_for_many_links_is_throttled(client: Browser) -> None:
    for number in range(30):
        ask(client, f"a{number}@kommune.example")

    page = client.submit(client.get("/glemt-adgangskode"), {"email": "b@kommune.example"}, status=429)

    assert "Vent 15 minutter" in page.main


def test_only_a_hash_is_stored(client: Browser, user: User, owner: Engine) -> None:
    ask(client, user.email)

    (token,) = re.findall(r"/adgangskode/(\S+)", bodies(owner)[0])
    (row,) = rows(owner, "SELECT * FROM access_tokens")
    assert row.token_hash == token_hash(token)
    assert token not in str(rows(owner, "SELECT encode(body, 'escape') FROM outbox_mails"))


class TestDead:
    """When a link does not work any more it says so, and says the same to all."""

    def dead(self, client: Browser, link: str) -> None:
        assert client.get(link, status=404).h1 == "Linket virker ikke længere"
        assert client.post(link, NEW, status=404).h1 == "Linket virker ikke længere"

    def test_never_made(self, client: Browser) -> None:
        self.dead(client, "/adgangskode/" + "x" * 43)

    @pytest.mark.parametrize("path", ["kort", "x" * 44, "x" * 42 + ".", "%00" * 43, "æ" * 43])
    def test_not_even_a_token(self, client: Browser, path: str) -> None:
        assert client.client.get(f"/adgangskode/{path}").status_code in {302, 404}

    @pytest.mark.parametrize(
        ("purpose", "lives"),
        [(TokenPurpose.RESET, timedelta(minutes=30)), (TokenPurpose.INVITATION, timedelta(days=7))],
    )
    def test_out_of_date(
        self, client: Browser, make: Make, user: User, *, frozen: Freeze, purpose: TokenPurpose, lives: timedelta
    ) -> None:
        frozen("2026-11-20 08.00").move_to("2026-11-20 07:00:00+00:00")
        link = link_for(make, user, purpose)
        traveller = frozen("2026-11-20 08.00")
        traveller.shift(lives - timedelta(seconds=1))
        client.get(link)
        traveller.shift(1)

        self.dead(client, link)

    def test_used(self, client: Browser, make: Make, user: User) -> None:
        link = link_for(make, user)
        client.submit(client.get(link), NEW)

        self.dead(client, link)

    def test_account_closed(self, client: Browser, make: Make, owner: Engine, user: User) -> None:
        link = link_for(make, user)
        with owner.begin() as connection:
            connection.execute(text("UPDATE users SET active = false, disabled_at = created_at"))

        self.dead(client, link)

    def test_newer_one_made(self, client: Browser, make: Make, user: User) -> None:
        link = link_for(make, user)
        ask(client, user.email)

        self.dead(client, link)

    def test_password_changed_meanwhile(self, client: Browser, make: Make, user: User) -> None:
        link = link_for(make, user)
        client.sign_in(user)
        client.submit(client.get("/min-side/adgangskode"), {"present": PASSWORD, **NEW})

        self.dead(client, link)


def test_new_password_ends_all_sessions(client: Browser, make: Make, user: User, owner: Engine) -> None:
    link = link_for(make, user)
    client.sign_in(user)
    stolen = str(client._cookie)

    client.submit(client.get(link), NEW)

    client._cookie = stolen
    client.get("/min-side", status=302)
    assert not rows(owner, "SELECT 1 FROM web_sessions")
    (event,) = events(owner, "user.password-set")
    assert (event.system, event.subject_id, event.details) == ("sign_in", user.id, {"purpose": "reset"})
    assert [row.subject for row in rows(owner, "SELECT subject FROM outbox_mails")] == ["password-changed"]


@pytest.mark.parametrize("has_one", [True, False])
def test_link_works_where_somebody_else_is_signed_in(
    client: Browser, make: Make, owner: Engine, *, has_one: bool
) -> None:
    """As on a machine that two people share: the other's password and session stay as they were."""
    user = make.user(Role.REVISOR)
    if has_one:
        with_password(make, user)
    other = with_password(make, make.user(Role.LEDER))
    link = link_for(make, user, TokenPurpose.RESET if has_one else TokenPurpose.INVITATION)
    client.sign_in(other)
    unchanged = "SELECT hash FROM password_credentials WHERE user_id = " + str(other.id)
    before = rows(owner, unchanged)

    client.submit(client.get(link), {"password": "kort", "repeat": "kort"}, status=422)
    client.submit(client.get(link), NEW, status=302)

    assert rows(owner, unchanged) == before
    assert other.name in client.get("/min-side").html
    client.post("/log-ud", status=302)
    sign_in(client, user.email, OTHER_PASSWORD, status=302)


def test_new_password_opens_a_throttled_account(client: Browser, make: Make, user: User) -> None:
    for _ in range(10):
        sign_in(client, user.email, OTHER_PASSWORD, status=422)
    sign_in(client, user.email, status=429)

    client.submit(client.get(link_for(make, user)), NEW)

    sign_in(client, user.email, OTHER_PASSWORD, status=302)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"password": "", "repeat": ""}, "Skriv en adgangskode."),
        ({"password": OTHER_PASSWORD, "repeat": ""}, "Skriv adgangskoden igen."),
        ({"password": OTHER_PASSWORD, "repeat": PASSWORD}, "De to adgangskoder er ikke ens."),
        ({"password": "kort", "repeat": "kort"}, "mindst 15 tegn"),
        ({"password": "x" * 201, "repeat": "x" * 201}, "Der er plads til 200 tegn"),
        ({"password": "\x00" * 15, "repeat": "\x00" * 15}, "kan ikke gemmes"),
        ({"password": "passwordpassword1", "repeat": "passwordpassword1"}, "let at gætte"),
    ],
)
def test_bad_password_does_not_use_up_the_link(
    client: Browser, make: Make, user: User, owner: Engine, *, typed: dict[str, str], message: str
) -> None:
    link = link_for(make, user)

    page = client.submit(client.get(link), typed, status=422)

    assert message in " ".join(page.errors)
    assert rows(owner, "SELECT used_at FROM access_tokens")[0].used_at is None
    client.submit(client.get(link), NEW)


def test_twenty_at_once_succeed_once(app: Flask, client: Browser, make: Make, user: User, owner: Engine) -> None:
    link = link_for(make, user)
    form = {"csrf_token": client.csrf_token(), **NEW}

    def use(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("enkeltsag", str(client._cookie))
        return browser.post(link, data=form).status_code

    answers = at_once(20, use)

    assert answers.count(302) == 1
    assert set(answers) <= {302, 404, 422}
    assert len(events(owner, "user.password-set")) == 1


def test_first_password_by_invitation_tells_of_no_change(client: Browser, make: Make, owner: Engine) -> None:
    new = make.user(Role.REVISOR)

    client.submit(client.get(link_for(make, new, TokenPurpose.INVITATION)), NEW)

    assert not bodies(owner)
    sign_in(client, new.email, OTHER_PASSWORD, status=302)


def test_sign_in_with_the_old_password_does_not_outlive_it(
    app: Flask, client: Browser, make: Make, user: User, *, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is changed between its verification and the session that this begins."""
    link = link_for(make, user)
    token, cookie = client.csrf_token(), str(client._cookie)
    verified, changed = threading.Event(), threading.Event()
    matches = passwords.matches

    def linger(password: str, kept: str | None) -> bool:
        right = matches(password, kept)
        verified.set()
        changed.wait(1)
        return right

    def post(address: str, form: dict[str, str]) -> int:
        browser = app.test_client()
        browser.set_cookie("enkeltsag", cookie)
        return browser.post(address, data={"csrf_token": token, **form}).status_code

    def change() -> int:
        verified.wait(10)
        answer = post(link, NEW)
        changed.set()
        return answer

    monkeypatch.setattr(passwords, "matches", linger)
    with ThreadPoolExecutor(2) as pool:
        signing_in = pool.submit(post, "/log-ind", {"email": str(user.email), "password": PASSWORD})
        changing = pool.submit(change)

    assert (signing_in.result(), changing.result()) == (302, 302)
    assert not rows(owner, "SELECT 1 FROM web_sessions")
