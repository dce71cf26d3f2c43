"""Signing in and out through the pages."""

import re
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, text

from app.access import passwords
from app.access.models import Role, User
from app.access.sessions import token_hash
from tests.access.people import OTHER_PASSWORD, PASSWORD, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make
from tests.page import Page

WRONG = ["Mailadressen og adgangskoden passer ikke sammen. Prøv igen."]


def without_tokens(page: Page) -> str:
    """The page without what differs between any two answers: the guard of its form, and what was typed."""
    html = re.sub(r'(name="csrf_token"[^>]* value=)"[^"]*"', r"\1", page.html)
    return re.sub(r'(id="email"[^>]* value=)"[^"]*"', r"\1", html)


@pytest.fixture
def user(make: Make) -> User:
    return with_password(make, make.user(Role.REVISOR, email="anna.holm@kommune.example"))


def test_right_password_signs_in_and_is_recorded(client: Browser, user: User, owner: Engine) -> None:
    sign_in(client, user.email, status=302)

    assert user.name in client.get("/min-side").main
    assert [(event.user_id, event.system) for event in events(owner, "session.signed-in")] == [(user.id, None)]


def test_mail_address_is_read_in_any_case(client: Browser, user: User) -> None:
    assert sign_in(client, " Anna.Holm@KOMMUNE.example ", status=302).location == "/"


@pytest.mark.parametrize("case", ["unknown", "wrong password", "closed", "no password yet", "one character more"])
def test_one_message_for_everything_that_is_wrong(client: Browser, make: Make, owner: Engine, case: str) -> None:
    known = with_password(make, make.user(Role.REVISOR, email="a@kommune.example"))
    closed = with_password(make, make.user(Role.REVISOR, email="c@kommune.example", active=False))
    new = make.user(Role.REVISOR, email="n@kommune.example")
    email, password = {
        "unknown": ("nobody@kommune.example", PASSWORD),
        "wrong password": (known.email, OTHER_PASSWORD),
        "closed": (closed.email, PASSWORD),
        "no password yet": (new.email, PASSWORD),
        "one character more": (known.email, PASSWORD + " "),
    }[case]

    page = sign_in(client, email, password, status=422)

    assert page.errors == WRONG
    assert page.one("input[@name='email']").get("value") == email
    assert not page.one("input[@name='password']").get("value")
    reference = sign_in(client, "reference@kommune.example", status=422)
    assert without_tokens(page) == without_tokens(reference)
    assert not rows(owner, "SELECT 1 FROM web_sessions")


@pytest.mark.parametrize("case", ["unknown", "wrong password", "closed", "no password yet"])
def test_everything_that_is_wrong_costs_one_verification(
    client: Browser, make: Make, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """The time of an answer tells no more than its text."""
    known = with_password(make, make.user(Role.REVISOR))
    closed = with_password(make, make.user(Role.REVISOR, active=False))
    new = make.user(Role.REVISOR)
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
            verified.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    email = {
        "unknown": "nobody@kommune.example",
        "wrong password": known.email,
        "closed": closed.email,
        "no password yet": new.email,
    }[case]

    sign_in(client, email, OTHER_PASSWORD, status=422)

    assert verified == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_failure_is_recorded_without_what_was_typed(client: Browser, user: User, owner: Engine) -> None:
    sign_in(client, user.email, OTHER_PASSWORD, status=422)
    sign_in(client, "mit.kodeord@kommune.example", OTHER_PASSWORD, status=422)

    known, unknown = events(owner, "session.sign-in-failed")
    assert (known.system, known.user_id, known.subject_type, known.subject_id) == ("sign_in", None, "user", user.id)
    assert (unknown.subject_type, unknown.subject_id) == (None, None)
    assert "mit.kodeord" not in str(rows(owner, "SELECT audit_events::text FROM audit_events"))
    assert "mit.kodeord" not in str(rows(owner, "SELECT sign_in_throttle::text FROM sign_in_throttle"))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "", "password": PASSWORD}, "Skriv din mailadresse."),
        ({"email": "a@kommune.example", "password": ""}, "Skriv din adgangskode."),
        ({"email": "ikke en adresse", "password": PASSWORD}, "Skriv en mailadresse som navn@kommune.dk."),
        ({"email": f"{'a' * 300}@kommune.example", "password": PASSWORD}, "Der er plads til 254 tegn"),
        ({"email": "a@kommune.example", "password": "x" * 201}, "Der er plads til 200 tegn"),
        ({"email": "a\x00@kommune.example", "password": PASSWORD}, "kan ikke gemmes"),
        ({"email": "a@kommune.example", "password": "\x00" * 20}, "kan ikke gemmes"),
    ],
)
def test_bad_input_is_told_at_its_field(client: Browser, owner: Engine, typed: dict[str, str], message: str) -> None:
    page = client.submit(client.get("/log-ind"), typed, status=422)

    assert message in " ".join(page.errors)
    assert not rows(owner, "SELECT 1 FROM sign_in_throttle")


def test_lone_surrogates_are_refused(client: Browser) -> None:
    page = client.post("/log-ind", {}, status=422)
    token = client.csrf_token()
    raw = f"csrf_token={token}&email=a%ED%A0%80@kommune.example&password=%ED%A0%80{'a' * 20}"

    answer = client.client.post("/log-ind", data=raw, content_type="application/x-www-form-urlencoded")

    assert page.errors
    assert answer.status_code == 422


def test_form_without_guard_is_refused(client: Browser, user: User) -> None:
    client.post("/log-ind", {"email": user.email, "password": PASSWORD}, csrf=False, status=400)


class TestSession:
    """The cookie is another at sign-in, and dead when it should be."""

    def cookie(self, browser: Browser) -> str:
        value = browser._cookie
        assert value
        return value

    def signed_in(self, browser: Browser, user: User) -> str:
        sign_in(browser, user.email, status=302)
        return self.cookie(browser)

    def replay(self, browser: Browser, cookie: str) -> None:
        """Whoever has kept the cookie is nobody."""
        browser._cookie = cookie
        assert browser.get("/min-side", status=302).location.startswith("/log-ind")

    def test_id_is_another_after_sign_in(self, client: Browser, user: User, owner: Engine) -> None:
        client.get("/log-ind")
        before = self.cookie(client)

        after = self.signed_in(client, user)

        assert before != after
        assert [row.token_hash for row in rows(owner, "SELECT token_hash FROM web_sessions")] == [token_hash(after)]
        self.replay(client, before)

    def test_a_planted_id_gets_nobody_in(self, client: Browser, user: User) -> None:
        planted = "x" * 43
        client._cookie = planted

        self.signed_in(client, user)

        self.replay(client, planted)

    def test_dead_after_sign_out(self, client: Browser, user: User, owner: Engine) -> None:
        cookie = self.signed_in(client, user)

        page = client.follow(client.post("/log-ud"))

        assert "Du er logget ud." in page.main
        assert [event.user_id for event in events(owner, "session.signed-out")] == [user.id]
        self.replay(client, cookie)

    def test_signing_out_twice_is_no_fault(self, client: Browser, user: User) -> None:
        self.signed_in(client, user)
        client.post("/log-ud")

        assert client.post("/log-ud").location.startswith("/log-ind")

    def test_dead_after_half_an_hour_of_rest(self, client: Browser, user: User, frozen: Freeze) -> None:
        frozen("2026-11-20 08.00")
        cookie = self.signed_in(client, user)
        frozen("2026-11-20 08.29")
        client.get("/min-side")
        frozen("2026-11-20 08.58")
        client.get("/min-side")

        frozen("2026-11-20 09.28")

        self.replay(client, cookie)

    def test_dead_after_twelve_hours_of_work(self, client: Browser, user: User, frozen: Freeze) -> None:
        frozen("2026-11-20 08.00")
        cookie = self.signed_in(client, user)
        for quarter in range(1, 12 * 4):
            frozen(f"2026-11-20 {8 + quarter // 4:02}.{quarter % 4 * 15:02}")
            client.get("/min-side")

        frozen("2026-11-20 20.00")

        self.replay(client, cookie)

    def test_dead_when_the_account_is_closed_past_the_pages(self, client: Browser, user: User, owner: Engine) -> None:
        cookie = self.signed_in(client, user)
        with owner.begin() as connection:
            connection.execute(text("UPDATE users SET active = false, disabled_at = created_at"))

        self.replay(client, cookie)

    def test_ended_by_another_request_meanwhile_is_no_fault(
        self, client: Browser, user: User, owner: Engine, frozen: Freeze
    ) -> None:
        """A session that dies between being read and being touched."""
        frozen("2026-11-20 08.00")
        cookie = self.signed_in(client, user)
        frozen("2026-11-20 08.10")

        with client.app.test_request_context("/min-side", headers={"Cookie": f"enkeltsag={cookie}"}):
            assert client.app.preprocess_request() is None
            with owner.begin() as connection:
                connection.execute(text("DELETE FROM web_sessions"))
            response = client.app.process_response(client.app.make_response("page"))

        assert response.status_code == 200


@pytest.mark.parametrize("target", ["/min-side", "/sager?niveau=3&side=2", "/sager/7/frister"])
def test_leads_on_to_where_one_was_going(client: Browser, user: User, target: str) -> None:
    page = client.get("/log-ind", {"videre": target})

    answer = client.submit(page, {"email": user.email, "password": PASSWORD}, status=302)

    assert answer.location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
        "javascript:alert(1)",
        "evil.example",
        "/" + "a" * 2000,
        "/\x00",
        "/å",
        "",
    ],
)
def test_never_leads_away(client: Browser, user: User, target: str) -> None:
    page = client.get("/log-ind", {"videre": target})

    answer = client.submit(page, {"email": user.email, "password": PASSWORD}, status=302)

    assert answer.location == "/"


def test_a_long_text_that_comes_after_the_session_died_is_given_back(
    client: Browser, make: Make, frozen: Freeze
) -> None:
    traveller = frozen("2026-11-20 10.00")
    worker = make.user(Role.KOORDINATOR)
    case = make.case(1, owner=worker)
    client.sign_in(worker)
    form = client.get(f"/sager/{case.id}/rediger")
    note = "Skolen har ringet igen i dag og fortalt, at han kommer sammen med de store drenge."
    traveller.shift(timedelta(minutes=31))

    page = client.submit(form, {"concern": note}, status=400)

    assert page.h1 == "Siden var åben for længe"
    assert [field.text for field in page.all("main//textarea")] == [note]
    assert client.post(f"/sager/{case.id}/rediger", {"concern": "kort"}).location == "/log-ind"


def test_a_long_password_is_never_given_back(client: Browser) -> None:
    phrase = "fire heste under en alt for stor plade af gammelt jern ved havnen"
    page = client.post("/log-ind", {"email": "a@b.dk", "password": phrase}, csrf=False, status=400)
    assert phrase not in page.html


def test_page_asked_for_signed_out_is_remembered(client: Browser) -> None:
    assert client.get("/min-side?a=b", status=302).location == "/log-ind?videre=/min-side?a%3Db"


def test_whoever_is_signed_in_is_not_asked_again(client: Browser, user: User) -> None:
    client.sign_in(user)

    assert client.get("/log-ind", {"videre": "/min-side"}, status=302).location == "/min-side"


def test_message_is_one_of_ours(client: Browser) -> None:
    page = client.get("/log-ind", {"besked": "Ring til 12345678"})

    assert "12345678" not in page.html
