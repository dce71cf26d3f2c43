"""The list of users, and inviting one."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.access.models import Role, User
from tests.access.people import at_once, events, rows, with_password
from tests.browser import Browser
from tests.factories import Make

LIST = "/administration/brugere"


class TestList:
    """The users, and what is wrong with their accounts."""

    def test_shows_names_in_danish_order_with_their_state(self, client: Browser, make: Make, admin: User) -> None:
        unit = make.unit("Øster")
        with_password(make, make.user(Role.LEDER, unit, name="Åse", email="aase@kommune.example"))
        make.user(Role.MENTOR, unit, name="Ærlig", email="aerlig@kommune.example")
        make.user(Role.MENTOR, unit, name="Zita", email=None)
        make.user(Role.MENTOR, unit, name="Lukket", active=False)

        page = client.sign_in(admin).get(LIST)

        assert [(row[0], row[4]) for row in page.rows()] == [
            ("Ada", "Har ikke valgt adgangskode"),
            ("Zita", "Mangler mailadresse"),
            ("Ærlig", "Har ikke valgt adgangskode"),
            ("Åse", "Åben"),
        ]
        assert "1 bruger har ingen mailadresse, og kan" in page.main

    def test_filters_by_unit_and_state(self, client: Browser, make: Make, admin: User, anna: User) -> None:
        closed = make.user(Role.MENTOR, anna.unit, name="Bo", active=False)
        client.sign_in(admin)

        def names(**query: object) -> list[str]:
            return [row[0] for row in client.get(LIST, query).rows()]

        assert names(enhed=anna.unit_id) == ["Anna"]
        assert names(enhed=anna.unit_id, vis="lukkede") == [closed.name]
        assert names(enhed=anna.unit_id, vis="alle") == ["Anna", "Bo"]
        assert names(vis="lukkede") == ["Bo"]

    @pytest.mark.parametrize("query", [{"enhed": "99999"}, {"enhed": "x"}, {"vis": "\x00"}, {"enhed": "9" * 40}])
    def test_filter_that_makes_no_sense(self, client: Browser, admin: User, query: dict[str, str]) -> None:
        page = client.sign_in(admin).get(LIST, query, status=422)

        assert page.errors == ["Vælg en af mulighederne."]

    def test_empty_choice(self, client: Browser, admin: User) -> None:
        page = client.sign_in(admin).get(LIST, {"vis": "lukkede"})

        assert "Ingen brugere passer til valget" in page.main


class TestInvite:
    """A new user."""

    def filled(self, anna: User, **changed: object) -> dict[str, object]:
        given = {"name": "Bo Æbelø", "email": "Bo@Kommune.example", "role": "leder", "unit": anna.unit_id}
        return given | changed

    def test_makes_an_account_and_mails_a_link(self, client: Browser, admin: User, anna: User, owner: Engine) -> None:
        client.sign_in(admin)

        page = client.submit(client.get(f"{LIST}/ny"), self.filled(anna))

        assert "Brugeren er oprettet, og invitationen er sendt." in page.main
        (bo,) = rows(owner, "SELECT * FROM users WHERE email = 'bo@kommune.example'")
        assert (bo.name, bo.role, bo.unit_id, bo.active) == ("Bo Æbelø", "leder", anna.unit_id, True)
        (mail,) = rows(owner, "SELECT * FROM outbox_mails")
        assert (mail.recipient_id, mail.subject) == (bo.id, "invitation")
        assert [event.details["role"] for event in events(owner, "user.invited")] == ["leder"]
        assert "Bo" not in str(rows(owner, "SELECT details FROM audit_events"))

    @pytest.mark.parametrize("role", [Role.ANALYTIKER, Role.ADMINISTRATOR, Role.REVISOR])
    def test_some_roles_need_no_unit(self, client: Browser, admin: User, anna: User, owner: Engine, role: Role) -> None:
        client.sign_in(admin)

        client.submit(client.get(f"{LIST}/ny"), self.filled(anna, role=role.value, unit=""))

        assert rows(owner, "SELECT unit_id FROM users WHERE name = 'Bo Æbelø'")[0].unit_id is None

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"name": ""}, "Skriv brugerens navn."),
            ({"name": "x" * 101}, "Der er plads til 100 tegn"),
            ({"name": "Bo\x00"}, "kan ikke gemmes"),
            ({"email": ""}, "Skriv brugerens mailadresse."),
            ({"email": "bo"}, "Skriv en mailadresse som navn@kommune.dk."),
            ({"email": "bo@ærø.dk"}, "Skriv mailadressen uden æ, ø, å"),
            ({"email": "ANNA@kommune.example"}, "Der er allerede en bruger med den mailadresse."),
            ({"email": "a\x00@kommune.example"}, "kan ikke gemmes"),
            ({"email": f"{'a' * 300}@kommune.example"}, "Der er plads til 254 tegn"),
            ({"role": ""}, "Vælg en rolle."),
            ({"role": "chef"}, "Vælg en af mulighederne."),
            ({"role": "\x00"}, "Vælg en af mulighederne."),
            ({"unit": ""}, "Vælg en enhed: rollen Leder hører til en."),
            ({"unit": "99999"}, "Vælg en af mulighederne."),
            ({"unit": "x"}, "Vælg en af mulighederne."),
        ],
    )
    def test_bad_input_is_told_and_kept(
        self, client: Browser, admin: User, anna: User, *, owner: Engine, changed: dict[str, object], message: str
    ) -> None:
        client.sign_in(admin)
        before = rows(owner, "SELECT count(*) FROM users")

        page = client.submit(client.get(f"{LIST}/ny"), self.filled(anna, **changed), status=422)

        assert message in " ".join(page.errors)
        assert rows(owner, "SELECT count(*) FROM users") == before
        assert not rows(owner, "SELECT 1 FROM outbox_mails")
        if "name" not in changed:
            assert page.one("input[@name='name']").get("value") == "Bo Æbelø"

    def test_lone_surrogates_are_refused(self, client: Browser, admin: User) -> None:
        client.sign_in(admin)
        raw = f"csrf_token={client.csrf_token()}&name=%ED%A0%80&email=%ED%A0%80@a.dk&role=%ED%A0%80&unit=%ED%A0%80"

        answer = client.client.post(f"{LIST}/ny", data=raw, content_type="application/x-www-form-urlencoded")

        assert answer.status_code == 422

    def test_fields_that_the_form_lacks_are_ignored(
        self, client: Browser, admin: User, anna: User, owner: Engine
    ) -> None:
        client.sign_in(admin)
        page = client.get(f"{LIST}/ny")
        submission = page.one("input[@name='submission']").get("value")

        client.post(f"{LIST}/ny", self.filled(anna, submission=submission, id="7", active="", version="9"))

        (bo,) = rows(owner, "SELECT * FROM users WHERE name = 'Bo Æbelø'")
        assert (bo.active, bo.version) == (True, 1)

    def test_double_click_invites_once(self, client: Browser, admin: User, anna: User, owner: Engine) -> None:
        client.sign_in(admin)
        page = client.get(f"{LIST}/ny")
        client.submit(page, self.filled(anna))

        again = client.submit(page, self.filled(anna))

        assert "Det var allerede gemt." in again.main
        assert len(rows(owner, "SELECT 1 FROM outbox_mails")) == 1

    def test_two_who_invite_the_same_at_once(self, app: Flask, admin: User, anna: User, owner: Engine) -> None:
        browsers = [Browser(app, owner).sign_in(admin) for _ in range(4)]
        forms = [browser.get(f"{LIST}/ny").one("input[@name='submission']").get("value") for browser in browsers]

        def send(number: int) -> int:
            browser = browsers[number]
            form = self.filled(anna, submission=forms[number], csrf_token=browser.csrf_token())
            return browser.client.post(f"{LIST}/ny", data=form).status_code

        assert sorted(at_once(4, send)) == [302, 422, 422, 422]
