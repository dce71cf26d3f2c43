"""Whole numbers and CPR numbers."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.cpr import parse
from app.core.forms import CprField, Form, IntegerField, Required
from tests.core.forms.conftest import Post

TODAY = date(2026, 11, 20)


class Count(Form):
    count = IntegerField("Antal", maximum=5000)
    any_count = IntegerField("Antal", minimum=-5)


class Person(Form):
    cpr = CprField()


@pytest.mark.parametrize(
    ("typed", "read"),
    [("0", 0), ("7", 7), (" 7 ", 7), ("007", 7), ("1.200", 1200), ("5000", 5000), ("", None), (" ", None)],
)
def test_a_number_is_read(post: Post, typed: str, read: int | None) -> None:
    form = post(Count, {"count": typed})

    assert form.count.data == read
    assert not form.failed


@pytest.mark.parametrize("typed", ["x", "1,5", "1.5", "1 000", "1e3", "٣", "²", "--1", "\x00", "9" * 5000, "1.2000"])
def test_what_is_no_whole_number_is_refused_and_kept(post: Post, typed: str) -> None:
    form = post(Count, {"count": typed})

    assert len(form.count.errors) == 1
    assert form.count.data is None
    assert form.count._value() == typed.replace("\x00", "\ufffd")


@pytest.mark.parametrize("typed", ["-1", "5001", "999999999999"])
def test_a_number_keeps_within_its_bounds(post: Post, typed: str) -> None:
    assert post(Count, {"count": typed}).count.errors == ["Skriv et tal mellem 0 og 5.000."]


def test_a_number_fits_the_database_unless_said_otherwise(post: Post) -> None:
    assert not post(Count, {"any_count": "-5"}).failed
    assert post(Count, {"any_count": "2147483648"}).failed


def test_zero_is_a_number(post: Post) -> None:
    class Needed(Form):
        count = IntegerField("Antal", [Required("Skriv et antal.")])

    assert not post(Needed, {"count": "0"}).failed
    assert post(Needed, {"count": ""}).count.errors == ["Skriv et antal."]


def test_a_stored_number_is_shown(request_context: Any) -> None:
    assert Count(data={"count": 0}).count._value() == "0"
    assert Count().count._value() == ""


def test_a_cpr_number_is_read_and_shown_as_people_write_it(post: Post) -> None:
    form = post(Person, {"cpr": " 0101054234 "}, today=TODAY)

    assert form.cpr.data == parse("0101054234", today=TODAY)
    assert form.cpr._value() == "010105-4234"


@pytest.mark.parametrize("typed", ["010105", "310205-4234", "201127-5234", "\x00", "<b>"])
def test_a_cpr_number_that_will_not_do_is_told_why_and_kept(post: Post, typed: str) -> None:
    form = post(Person, {"cpr": typed}, today=TODAY)

    assert len(form.cpr.errors) == 1
    assert form.cpr.data is None
    assert form.cpr._value() == typed.replace("\x00", "\ufffd")


def test_a_cpr_number_may_be_left_out(post: Post) -> None:
    form = post(Person, {"cpr": " "}, today=TODAY)

    assert form.cpr.data is None
    assert not form.failed


def test_a_stored_cpr_number_is_shown(request_context: Any) -> None:
    form = Person(obj=SimpleNamespace(cpr=parse("0101054234", today=TODAY)), today=TODAY)

    assert 'value="010105-4234"' in str(form.cpr())


def test_a_form_with_a_cpr_number_needs_to_know_today(request_context: Any) -> None:
    with pytest.raises(TypeError, match="Person needs to know today="):
        Person()


@given(st.text(st.characters()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_number_or_told_why_not(post: Post, text: str) -> None:
    str(post(Count, {"count": text}).count()).encode()
    str(post(Person, {"cpr": text}, today=TODAY).cpr()).encode()
