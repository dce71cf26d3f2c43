"""The kinds of measure, kept by the administrator."""

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Role, User
from app.cases.handleplan import queries, services
from app.core.errors import DomainError
from tests.browser import Browser
from tests.conftest import ActAs
from tests.factories import Make
from tests.moments import at

NOW = at("2026-11-20 10.00")


@pytest.fixture
def administrator(make: Make) -> User:
    return make.user(Role.ADMINISTRATOR)


@pytest.fixture
def session(db_session: scoped_session[Session], acting_as: ActAs, administrator: User) -> scoped_session[Session]:
    acting_as(administrator)
    return db_session


def test_the_list_begins_full_and_ends_with_other(session: scoped_session[Session]) -> None:
    labels = [kind.label for kind in queries.catalogue(active=True)]
    assert {"Fritidsjob", "Mentor", "Bolig", "Exit", "18+ center"} <= set(labels)
    assert labels[-1] == "Andet"


def test_a_kind_is_added_with_a_code_of_its_own(session: scoped_session[Session], administrator: User) -> None:
    first = services.add_kind("Økonomi & gæld", by=administrator, at=NOW)
    second = services.add_kind("Økonomi – gæld", by=administrator, at=NOW)
    third = services.add_kind("王", by=administrator, at=NOW)
    assert (first.code, second.code, third.code) == ("okonomi_gald", "okonomi_gald_2", "indsats")


def test_a_name_is_used_once(session: scoped_session[Session], administrator: User) -> None:
    with pytest.raises(DomainError) as refused:
        services.add_kind("Mentor", by=administrator, at=NOW)
    assert refused.value.field == "name"


def test_the_administrator_keeps_the_list(client: Browser, administrator: User) -> None:
    client.sign_in(administrator)
    page = client.submit(client.get("/administration/indsatser"), {"name": "Hundehold"})
    assert "Indsatsen er oprettet." in page.text
    assert ["Hundehold", "hundehold", "Åben"] in page.rows()

    edit = client.get(page.links["Hundehold"])
    page = client.submit(edit, {"name": "Hunde"}, form="Gem ændringer")
    assert ["Hunde", "hundehold", "Åben"] in page.rows()
    page = client.submit(client.get(page.links["Hunde"]), {}, form="Luk indsatsen")
    assert ["Hunde", "hundehold", "Lukket"] in page.rows()
    page = client.submit(client.get(page.links["Hunde"]), {}, form="Åbn indsatsen igen")
    assert ["Hunde", "hundehold", "Åben"] in page.rows()


def test_a_taken_name_is_refused_on_the_page(client: Browser, administrator: User) -> None:
    client.sign_in(administrator)
    index = client.get("/administration/indsatser")
    assert "hedder Mentor" in str(client.submit(index, {"name": "Mentor"}, status=422).errors)
    edit = client.get(index.links["Bolig"])
    assert "hedder Mentor" in str(client.submit(edit, {"name": "Mentor"}, form="Gem ændringer", status=422).errors)


def test_two_administrators_do_not_overwrite_each_other(client: Browser, administrator: User) -> None:
    client.sign_in(administrator)
    edit = client.get(client.get("/administration/indsatser").links["Bolig"])
    client.submit(edit, {"name": "Bosted"}, form="Gem ændringer")
    assert client.submit(edit, {"name": "Hjem"}, form="Gem ændringer", status=422).errors
