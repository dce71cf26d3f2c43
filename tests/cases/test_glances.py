"""What packages tell of a case at a glance, on its page and in lists."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, ScalarSelect, select

from app.access.models import Role
from app.cases import glances
from app.cases.glances import Glance, Shown
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.pages import statements
from tests.factories import Make


def _niveau(case_id: ColumnElement[int]) -> ScalarSelect[Any]:
    inner = Case.__table__.alias()
    return select(inner.c.niveau).where(inner.c.id == case_id).scalar_subquery()


def _words(niveau: int | None, _: date) -> Shown | None:
    return None if niveau is None or niveau < 2 else Shown(f"Set på niveau {niveau}", "today")


@pytest.fixture
def registered(app: Flask) -> Iterator[None]:
    kept = {key: app.extensions.pop(key, None) for key in ("enkeltsag_case_glances", "enkeltsag_case_summaries")}
    glances.register(app, Glance("prøve", "Prøven", _niveau, _words, "cases.case_deadlines", 1, on_list=True))
    glances.register(app, Glance("side", "Kun på sagen", _niveau, _words, "cases.case_deadlines", 2))
    yield
    for key in kept:
        app.extensions.pop(key, None)
    app.extensions |= {key: value for key, value in kept.items() if value is not None}


@pytest.mark.usefixtures("registered")
def test_case_shows_all_lines_and_lists_the_chosen_ones(client: Browser, make: Make) -> None:
    owner = make.user(Role.KOORDINATOR)
    case = make.case(2, unit=owner.unit, owner=owner)
    make.case(1, unit=owner.unit, owner=owner)
    client.sign_in(owner)

    shown = client.get(f"/sager/{case.id}").main
    assert shown.count("Set på niveau 2") == 2
    assert "Prøven" in shown
    assert "Kun på sagen" in shown
    for path in ("/sager", "/"):
        assert client.get(path).main.count("Set på niveau") == 1, path


@pytest.mark.usefixtures("registered")
def test_lines_of_a_mentors_cases_are_on_his_front_page(client: Browser, make: Make) -> None:
    mentor = make.user(Role.MENTOR)
    make.case(3, unit=mentor.unit, mentors=[mentor])

    assert "Set på niveau 3" in client.sign_in(mentor).get("/").main


@pytest.mark.usefixtures("registered")
def test_all_lines_of_all_cases_take_one_statement(client: Browser, make: Make) -> None:
    owner = make.user(Role.KOORDINATOR)
    for _ in range(12):
        make.case(2, unit=owner.unit, owner=owner)
    client.sign_in(owner)
    with statements() as sent:
        client.get("/sager")

    assert len([each for each in sent if "niveau" in each and "cases AS" in each]) == 1


@pytest.mark.usefixtures("registered")
def test_key_is_given_once(app: Flask) -> None:
    with pytest.raises(ValueError, match="prøve"):
        glances.register(app, Glance("prøve", "Igen", _niveau, _words, "cases.show", 3))
