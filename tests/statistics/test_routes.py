from datetime import date

import pytest
from sqlalchemy import Engine, select

from app.access.models import Role, User
from app.audit.models import AuditEvent, Event
from tests.browser import Browser
from tests.conftest import Freeze
from tests.factories import Make


@pytest.fixture
def analyst(frozen: Freeze, make: Make) -> User:
    frozen("2026-11-20 09.00")
    return make.user(Role.ANALYTIKER)


def test_the_analyst_sees_this_half_year_with_the_one_before(client: Browser, make: Make, analyst: User) -> None:
    worker = make.user(Role.KOORDINATOR, analyst.unit)
    make.case(2, owner=worker, opened=date(2026, 8, 3))
    make.case(2, owner=worker, opened=date(2026, 2, 3))
    page = client.sign_in(analyst).get("/statistik")
    assert "2. halvår 2026, opgjort pr. 20-11-2026" in page.text
    row = next(line for line in page.rows() if line[0] == "Niveau 2")
    assert row == ["Niveau 2", "2", "1", "1", "2"]


def test_the_unconfirmed_rule_says_so_beside_its_figures(client: Browser, analyst: User) -> None:
    assert "ikke bekræftet" in client.sign_in(analyst).get("/statistik").text


def test_what_is_no_half_year_comes_back_with_what_was_typed(client: Browser, analyst: User) -> None:
    page = client.sign_in(analyst).get("/statistik", {"period": "sidste år"}, status=422)
    assert page.errors == ["Vælg en af mulighederne."]


def test_nothing_is_counted_as_of_a_day_to_come(client: Browser, analyst: User) -> None:
    page = client.sign_in(analyst).get("/statistik?period=2026H2&as_of=21-11-2026", status=422)
    assert page.errors == ["Datoen ligger i fremtiden."]
    client.get("/statistik/halvaarstal.csv?period=2026H2&as_of=21-11-2026", status=404)


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_taking_a_file_is_recorded(client: Browser, owner: Engine, analyst: User, kind: str) -> None:
    file = client.sign_in(analyst).client.get(f"/statistik/halvaarstal.{kind}?period=2017H2")
    assert file.status_code == 200
    assert f'filename="halvaarstal-2017H2-2017-12-31.{kind}"' in file.headers["Content-Disposition"]
    with owner.connect() as connection:
        found = connection.scalars(
            select(AuditEvent.details).where(AuditEvent.event == Event.FIGURES_EXPORTED.value)
        ).all()
    assert found == [{"period": "2017H2", "as_of": "2017-12-31", "format": kind}]


def test_an_unknown_kind_of_file_is_not_found(client: Browser, analyst: User) -> None:
    client.sign_in(analyst).get("/statistik/halvaarstal.pdf", status=404)


def test_a_coordinator_may_not_see_the_unsuppressed_figures(client: Browser, make: Make) -> None:
    client.sign_in(make.user(Role.KOORDINATOR)).get("/statistik", status=403)
