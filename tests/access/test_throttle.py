"""No more tries than the limit, however they come."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.access import throttle
from app.access.models import Role, User
from app.access.services import signing_in
from tests.access.people import OTHER_PASSWORD, PASSWORD, at_once, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make
from tests.moments import at

MORNING = at("2026-11-20 08.00")
LIMIT = throttle.Limit("test", 3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def user(make: Make) -> User:
    return with_password(make, make.user(Role.REVISOR, email="anna@kommune.example"))


class TestCounting:
    """The rule itself."""

    def test_tries_up_to_the_limit_are_let_through(self, db_session: scoped_session[Session]) -> None:
        waits = [throttle.count(LIMIT, "a", at=MORNING + n * MINUTE) for n in range(5)]

        assert waits == [None, None, None, throttle.Wait(MORNING + 15 * MINUTE), throttle.Wait(MORNING + 15 * MINUTE)]

    def test_any_fifteen_minutes_hold_no_more(self, db_session: scoped_session[Session]) -> None:
        """The tries slide out one by one; no moment gives room for a whole new set."""
        let_through = [n for n in range(120) if throttle.count(LIMIT, "a", at=MORNING + n * MINUTE) is None]

        assert let_through[:7] == [0, 1, 2, 15, 16, 17, 30]
        assert all(b - a >= 15 for a, b in zip(let_through, let_through[3:], strict=False))

    def test_accounts_and_purposes_are_counted_apart(self, db_session: scoped_session[Session]) -> None:
        for _ in range(3):
            throttle.count(LIMIT, "a", at=MORNING)

        assert throttle.count(LIMIT, "a", at=MORNING) is not None
        assert throttle.count(LIMIT, "b", at=MORNING) is None
        assert throttle.count(throttle.Limit("other", 3), "a", at=MORNING) is None

    def test_success_is_given_back(self, db_session: scoped_session[Session]) -> None:
        for n in range(3):
            throttle.count(LIMIT, "a", at=MORNING + n * MINUTE)
        throttle.give_back(LIMIT, "a", at=MORNING + MINUTE)

        assert throttle.count(LIMIT, "a", at=MORNING + 3 * MINUTE) is None
        assert throttle.count(LIMIT, "a", at=MORNING + 4 * MINUTE) is not None

    def test_forgetting_begins_again(self, db_session: scoped_session[Session]) -> None:
        for _ in range(4):
            throttle.count(LIMIT, "a", at=MORNING)
        throttle.forget(LIMIT, "a")

        assert throttle.count(LIMIT, "a", at=MORNING) is None

    @pytest.mark.parametrize(
        ("left", "words", "seconds"),
        [
            (timedelta(minutes=15), "Vent 15 minutter,", 900),
            (timedelta(minutes=14, seconds=1), "Vent 15 minutter,", 841),
            (timedelta(seconds=61), "Vent 2 minutter,", 61),
            (timedelta(seconds=60), "Vent 1 minut,", 60),
            (timedelta(microseconds=1), "Vent 1 minut,", 1),
        ],
    )
    def test_says_how_long(self, left: timedelta, words: str, seconds: int) -> None:
        wait = throttle.Wait(MORNING + left)

        assert words in wait.message(MORNING)
        assert wait.seconds(MORNING) == seconds


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unix:", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_one_household_is_one_client(address: str | None, network: str) -> None:
    assert throttle.network(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "network"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("::1", "192.0.2.7", "192.0.2.7"),
        ("::ffff:127.0.0.1", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7, made up", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.5", "192.0.2.7", "203.0.113.5"),
    ],
)
def test_proxy_of_this_machine_alone_is_believed(peer: str, forwarded_for: str, network: str) -> None:
    assert throttle.network(peer, forwarded_for) == network


def test_clients_behind_the_proxy_are_told_apart(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PASSWORDS_FROM_ADDRESS", throttle.Limit("passwords from address", 2))

    def guess(forwarded_for: str) -> int:
        form = {"email": "a@kommune.example", "password": OTHER_PASSWORD}
        return client.post("/log-ind", form, status=None, headers={"X-Forwarded-For": forwarded_for}).status

    answers = [guess(f"198.51.100.{number}, 192.0.2.7") for number in range(3)]

    assert [*answers, guess("192.0.2.8")] == [422, 422, 429, 422]


def fail(browser: Browser, email: str | None, times: int) -> None:
    for _ in range(times):
        sign_in(browser, email, OTHER_PASSWORD, status=422)


def test_eleventh_guess_is_not_looked_at(client: Browser, user: User, owner: Engine, frozen: Freeze) -> None:
    frozen("2026-11-20 08.00")
    fail(client, user.email, 10)

    page = sign_in(client, user.email, PASSWORD, status=429)

    assert page.errors == ["Der er prøvet for mange gange. Vent 15 minutter, og prøv igen."]
    assert page.response.headers["Retry-After"] == "900"
    assert not rows(owner, "SELECT 1 FROM web_sessions")
    assert len(events(owner, "session.sign-in-failed")) == 10
    assert [event.system for event in events(owner, "session.sign-in-throttled")] == ["sign_in"]


def test_unknown_account_is_told_the_same(client: Browser, user: User, frozen: Freeze) -> None:
    frozen("2026-11-20 08.00")
    fail(client, user.email, 10)
    fail(client, "nobody@kommune.example", 10)

    known, unknown = (sign_in(client, email, status=429) for email in (user.email, "nobody@kommune.example"))

    assert known.errors == unknown.errors
    assert known.main == unknown.main


def test_lets_in_again_after_a_quarter(client: Browser, user: User, frozen: Freeze) -> None:
    frozen("2026-11-20 08.00")
    fail(client, user.email, 10)
    frozen("2026-11-20 08.14")
    assert "Vent 1 minut," in sign_in(client, user.email, status=429).main
    frozen("2026-11-20 08.15")

    sign_in(client, user.email, status=302)


def test_success_begins_the_account_again(client: Browser, user: User) -> None:
    for _ in range(2):
        fail(client, user.email, 9)
        sign_in(client, user.email, status=302)
        client.post("/log-ud")


def test_other_ways_of_writing_the_address_are_the_same_account(client: Browser, user: User) -> None:
    for email in ["anna@kommune.example", "ANNA@kommune.example", " Anna@Kommune.Example "] * 3:
        fail(client, email, 1)
    fail(client, user.email, 1)

    sign_in(client, "ANNA@KOMMUNE.EXAMPLE", status=429)


def test_address_is_looser_and_successes_do_not_count(
    client: Browser, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PASSWORDS_FROM_ADDRESS", throttle.Limit("passwords from address", 4))
    for number in range(3):
        fail(client, f"a{number}@kommune.example", 1)
        sign_in(client, user.email, status=302)
        client.post("/log-ud")
    fail(client, "a4@kommune.example", 1)

    sign_in(client, "a5@kommune.example", status=429)
    sign_in(client, user.email, status=429)


def test_try_stays_counted_when_the_request_fails(
    client: Browser, user: User, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_after_counting(*_: object, **__: object) -> None:
        raise RuntimeError("the machine stops here")

    page = client.get("/log-ind")
    monkeypatch.setattr(signing_in, "prove_password", fail_after_counting)
    with pytest.raises(RuntimeError, match="stops here"):
        client.submit(page, {"email": user.email, "password": PASSWORD})

    counted = rows(owner, "SELECT cardinality(failures) AS tries FROM sign_in_throttle")
    assert [row.tries for row in counted] == [1, 1]


def test_limits_are_the_agreed_ones() -> None:
    assert throttle.PASSWORD_OF_ACCOUNT.tries == 10
    assert throttle.PASSWORDS_FROM_ADDRESS.tries == 100
    assert timedelta(minutes=15) == throttle.WINDOW


def test_forty_at_once_are_ten(app: Flask, client: Browser, user: User, owner: Engine) -> None:
    """Counted before verified: nobody slips in while the others are being verified."""
    token = client.csrf_token()
    form = {"csrf_token": token, "email": user.email, "password": OTHER_PASSWORD}

    def guess(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("enkeltsag", str(client._cookie))
        return browser.post("/log-ind", data=form).status_code

    answers = at_once(40, guess)

    assert sorted(answers) == [422] * 10 + [429] * 30
    assert len(events(owner, "session.sign-in-failed")) == 10
