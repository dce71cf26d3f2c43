"""Changing, closing and opening users."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from tests.access.people import PASSWORD, at_once, events, rows, sign_in, with_password
from tests.browser import Browser
from tests.conftest import ActAs
from tests.factories import Make

LIST = "/administration/brugere"


def of(user: User) -> str:
    return f"{LIST}/{user.id}"


def stored(owner: Engine, user: User) -> tuple[object, ...]:
    (row,) = rows(owner, "SELECT name, email, role, unit_id, active FROM users WHERE id = :id", id=user.id)
    return tuple(row)


class TestEdit:
    """Another name, address, role or unit."""

    def test_is_saved_and_recorded_without_names(self, client: Browser, admin: User, anna: User, owner: Engine) -> None:
        client.sign_in(admin)

        client.submit(client.get(of(anna)), {"name": "Anna Ås", "email": "ny@kommune.example"}, form="Gem ændringer")

        assert stored(owner, anna) == ("Anna Ås", "ny@kommune.example", "mentor", anna.unit_id, True)
        (event,) = events(owner, "user.changed")
        assert (event.user_id, event.subject_id) == (admin.id, anna.id)
        assert event.details["fields"] == ["email", "name"]
        assert "Anna" not in str(event.details)

    def test_saving_nothing_new_records_nothing(self, client: Browser, admin: User, anna: User, owner: Engine) -> None:
        client.sign_in(admin)

        client.submit(client.get(of(anna)), form="Gem ændringer")

        assert not events(owner, "user.changed")

    @pytest.mark.parametrize("field", ["name", "email", "role", "unit"])
    def test_role_and_unit_end_the_sessions(
        self, client: Browser, make: Make, admin: User, anna: User, *, owner: Engine, field: str
    ) -> None:
        other = Browser(client.app, owner).sign_in(anna)
        new = {"name": "Anna Ås", "email": "ny@kommune.example", "role": "koordinator", "unit": make.unit().id}
        client.sign_in(admin)

        client.submit(client.get(of(anna)), {field: new[field]}, form="Gem ændringer")

        other.get("/min-side", status=302 if field in {"role", "unit"} else 200)
        steps = {"role": ["role mentor -> koordinator"], "unit": [f"unit {anna.unit_id} -> {new['unit']}"]}
        assert events(owner, "user.changed")[0].details == {"fields": [field], "steps": steps.get(field, [])}

    def test_another_address_ends_the_links(self, client: Browser, admin: User, anna: User, owner: Engine) -> None:
        client.sign_in(admin)
        client.submit(client.get(of(anna)), form="Send nyt link")

        client.submit(client.get(of(anna)), {"email": "ny@kommune.example"}, form="Gem ændringer")

        assert rows(owner, "SELECT used_at FROM access_tokens")[0].used_at is not None

    def test_second_of_two_administrators_is_told(
        self, client: Browser, make: Make, admin: User, anna: User, owner: Engine
    ) -> None:
        second = Browser(client.app, owner).sign_in(make.user(Role.ADMINISTRATOR))
        client.sign_in(admin)
        first_page, second_page = client.get(of(anna)), second.get(of(anna))
        client.submit(first_page, {"name": "Anna Ås"}, form="Gem ændringer")

        page = second.submit(second_page, {"name": "Anna Bo"}, form="Gem ændringer", status=422)

        assert "Nogen har ændret det samme imens." in page.errors[0]
        assert page.one("input[@name='name']").get("value") == "Anna Bo"
        assert stored(owner, anna)[0] == "Anna Ås"

    def test_two_administrators_at_the_same_moment(self, app: Flask, admin: User, anna: User, owner: Engine) -> None:
        browsers = [Browser(app, owner).sign_in(admin) for _ in range(4)]

        def send(number: int) -> int:
            browser = browsers[number]
            form = {"name": f"Anna {number}", "email": "anna@kommune.example", "role": "mentor", "version": "1"}
            form |= {"unit": str(anna.unit_id), "csrf_token": browser.csrf_token()}
            return browser.client.post(of(anna), data=form).status_code

        assert sorted(at_once(4, send)) == [302, 422, 422, 422]

    def test_last_administrator_keeps_the_role(self, client: Browser, admin: User, owner: Engine) -> None:
        client.sign_in(admin)

        page = client.submit(client.get(of(admin)), {"role": "analytiker"}, form="Gem ændringer", status=422)

        assert page.errors == ["Der skal være mindst én åben administrator. Invitér en anden først."]
        assert stored(owner, admin)[2] == "administrator"

    def test_own_role_changes_while_there_is_another(
        self, client: Browser, make: Make, admin: User, owner: Engine
    ) -> None:
        make.user(Role.ADMINISTRATOR)
        client.sign_in(admin)

        answer = client.submit(client.get(of(admin)), {"role": "analytiker"}, form="Gem ændringer", status=302)

        assert stored(owner, admin)[2] == "analytiker"
        assert client.follow(answer, status=302).location.startswith("/log-ind")

    def test_case_worker_with_open_cases_does_not_leave_the_cases(
        self, client: Browser, make: Make, admin: User, owner: Engine
    ) -> None:
        worker = make.user(Role.KOORDINATOR, name="Klara")
        make.case(owner=worker)
        client.sign_in(admin)

        page = client.submit(client.get(of(worker)), {"role": "analytiker"}, form="Gem ændringer", status=422)

        assert page.errors == ["Klara er ansvarlig for 1 åben sag. Lad først lederen overdrage dem under Medarbejdere."]
        client.submit(client.get(of(worker)), {"role": "leder"}, form="Gem ændringer")

    @pytest.mark.parametrize("change", ["mentor", "unit"])
    def test_open_cases_are_handed_over_before_whoever_answers_for_them_moves(
        self, client: Browser, make: Make, admin: User, owner: Engine, change: str
    ) -> None:
        worker = make.user(Role.KOORDINATOR, name="Klara")
        case, other = make.case(3, owner=worker), make.user(unit=worker.unit)
        wanted = {"role": "mentor"} if change == "mentor" else {"unit": make.unit().id}
        client.sign_in(admin)
        before = stored(owner, worker)

        page = client.submit(client.get(of(worker)), wanted, form="Gem ændringer", status=422)

        assert page.errors == ["Klara er ansvarlig for 1 åben sag. Lad først lederen overdrage dem under Medarbejdere."]
        assert stored(owner, worker) == before
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE cases SET owner_id = :other WHERE id = :id"), {"other": other.id, "id": case.id}
            )
        client.submit(client.get(of(worker)), wanted, form="Gem ændringer")
        assert stored(owner, worker) != before

    @pytest.mark.parametrize("version", ["", "x", "\x00", "9" * 30, "-1"])
    def test_version_that_is_none(self, client: Browser, admin: User, anna: User, version: str) -> None:
        client.sign_in(admin)

        client.submit(client.get(of(anna)), {"version": version}, form="Gem ændringer", status=422)

    def test_unknown_user(self, client: Browser, admin: User) -> None:
        client.sign_in(admin)

        client.get(f"{LIST}/99999", status=404)
        client.post(f"{LIST}/99999/luk", status=404)
        client.get(f"{LIST}/99999999999999999999", status=404)


class TestClose:
    """Closing and opening accounts."""

    def test_ends_everything_at_once(self, client: Browser, make: Make, admin: User, owner: Engine) -> None:
        bo = with_password(make, make.user(Role.MENTOR))
        other = Browser(client.app, owner).sign_in(bo)
        client.sign_in(admin)
        client.submit(client.get(of(bo)), form="Send nyt link")

        page = client.submit(client.get(of(bo)), form="Luk brugeren")

        assert "Brugeren er lukket og logget ud." in page.main
        other.get("/min-side", status=302)
        sign_in(other, bo.email, PASSWORD, status=422)
        assert rows(owner, "SELECT used_at FROM access_tokens")[0].used_at is not None
        (event,) = events(owner, "user.disabled")
        assert (event.user_id, event.subject_id) == (admin.id, bo.id)

    def test_opened_again_signs_in_with_the_same_password(
        self, client: Browser, make: Make, admin: User, owner: Engine
    ) -> None:
        bo = with_password(make, make.user(Role.MENTOR, active=False))
        client.sign_in(admin)

        page = client.submit(client.get(of(bo)), form="Åbn brugeren igen")

        assert "Brugeren er åbnet igen." in page.main
        sign_in(Browser(client.app, owner), bo.email, status=302)

    def test_sessions_stay_dead_when_opened_again(
        self, client: Browser, make: Make, admin: User, owner: Engine
    ) -> None:
        bo = make.user(Role.MENTOR)
        other = Browser(client.app, owner).sign_in(bo)
        client.sign_in(admin)

        client.post(f"{of(bo)}/luk")
        client.post(f"{of(bo)}/aabn")

        other.get("/min-side", status=302)

    def test_nobody_closes_himself(self, client: Browser, make: Make, admin: User, owner: Engine) -> None:
        make.user(Role.ADMINISTRATOR)
        client.sign_in(admin)

        page = client.post(f"{of(admin)}/luk", status=422)

        assert page.errors == ["Du kan ikke lukke dig selv. Bed en anden administrator om det."]
        assert "Luk brugeren" not in page.texts("button")
        assert stored(owner, admin)[4] is True

    @pytest.mark.parametrize("cases", [1, 3])
    def test_not_with_open_cases(self, client: Browser, make: Make, admin: User, *, owner: Engine, cases: int) -> None:
        worker = make.user(Role.KOORDINATOR, name="Klara")
        for _ in range(cases):
            make.case(3, owner=worker)
        make.case(owner=worker, closed=make.case().opened_on)
        client.sign_in(admin)

        page = client.post(f"{of(worker)}/luk", status=422)

        words = {1: "1 åben sag", 3: "3 åbne sager"}[cases]
        assert page.errors == [f"Klara er ansvarlig for {words}. Lad først lederen overdrage dem under Medarbejdere."]
        assert stored(owner, worker)[4] is True

    def test_two_administrators_do_not_close_each_other(self, app: Flask, make: Make, owner: Engine) -> None:
        """Each alone may go; both at once would leave nobody."""
        for _ in range(5):
            pair = [make.user(Role.ADMINISTRATOR) for _ in range(2)]
            browsers = [Browser(app, owner).sign_in(user) for user in pair]

            def close(number: int, pair: list[User] = pair, browsers: list[Browser] = browsers) -> int:
                form = {"csrf_token": browsers[number].csrf_token()}
                return browsers[number].client.post(f"{of(pair[1 - number])}/luk", data=form).status_code

            at_once(2, close)

            assert rows(owner, "SELECT count(*) FROM users WHERE active")[0].count == 1
            with owner.begin() as connection:
                connection.execute(text("DELETE FROM web_sessions"))
                connection.execute(text("UPDATE users SET active = false, disabled_at = created_at"))

    def test_closing_twice_is_no_fault(self, client: Browser, make: Make, admin: User, owner: Engine) -> None:
        bo = make.user(Role.MENTOR)
        client.sign_in(admin)

        for _ in range(2):
            client.post(f"{of(bo)}/luk")

        assert len(events(owner, "user.disabled")) == 1


class TestNewLink:
    """A new link to choose a password."""

    @pytest.mark.parametrize(("has_password", "subject"), [(False, "invitation"), (True, "password-link")])
    def test_is_mailed(
        self, client: Browser, make: Make, admin: User, *, owner: Engine, has_password: bool, subject: str
    ) -> None:
        bo = make.user(Role.MENTOR)
        if has_password:
            with_password(make, bo)
        client.sign_in(admin)

        page = client.submit(client.get(of(bo)), form="Send nyt link")

        assert "Et nyt link er sendt til brugeren." in page.main
        assert [row.subject for row in rows(owner, "SELECT subject FROM outbox_mails")] == [subject]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"active": False}, "Brugeren er lukket. Åbn brugeren først."),
            ({"email": None}, "Brugeren har ingen mailadresse. Skriv den først."),
        ],
    )
    def test_is_refused_where_it_cannot_work(
        self, client: Browser, make: Make, admin: User, *, owner: Engine, options: dict[str, object], message: str
    ) -> None:
        bo = make.user(Role.MENTOR, **options)  # type: ignore[arg-type]  # the factory's keywords
        client.sign_in(admin)

        page = client.post(f"{of(bo)}/link", status=422)

        assert page.errors == [message]
        assert not rows(owner, "SELECT 1 FROM outbox_mails")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_database_lets_nobody_else_change_an_account(
    make: Make, db_session: scoped_session[Session], acting_as: ActAs, role: Role
) -> None:
    anna = make.user(Role.MENTOR)
    acting_as(make.user(role))

    change = text("UPDATE users SET role = 'administrator' WHERE id = :id RETURNING id")

    assert not db_session.execute(change, {"id": anna.id}).all()
