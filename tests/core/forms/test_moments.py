"""Dates in three boxes or one, and times of day."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.forms import DateField, Form, NotInFuture, Required, TimeField
from tests.core.forms.conftest import Post

ANY_TEXT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


class Event(Form):
    received = DateField("Modtaget", [Required("Skriv, hvornår det er modtaget.")])
    held = DateField("Holdt")
    at = TimeField("Klokken")


class Past(Form):
    received = DateField("Modtaget", [NotInFuture()])


def boxes(day: str, month: str, year: str) -> dict[str, str]:
    return {"held-dag": day, "held-maaned": month, "held-aar": year}


@pytest.mark.parametrize(
    "values",
    [
        boxes("20", "11", "2026"),
        boxes(" 20 ", "11", "2026\t"),
        {"held": "2026-11-20"},
        {"held": "20-11-2026"},
        {"held": "20.11.2026"},
        {"held": "20/11/2026"},
        {"held": " 20 11 2026 "},
    ],
)
def test_a_date_is_read_from_three_boxes_or_one(post: Post, values: dict[str, str]) -> None:
    form = post(Event, values)

    assert form.held.data == date(2026, 11, 20)
    assert [box.value.strip() for box in form.held.boxes] == ["20", "11", "2026"]


def test_single_digits_are_read(post: Post) -> None:
    assert post(Event, boxes("1", "2", "2026")).held.data == date(2026, 2, 1)
    assert post(Event, {"held": "1-2-2026"}).held.data == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (boxes("31", "2", "2026"), "31-02-2026 findes ikke."),
        (boxes("29", "02", "2027"), "29-02-2027 findes ikke."),
        (boxes("0", "1", "2026"), "00-01-2026 findes ikke."),
        (boxes("1", "13", "2026"), "01-13-2026 findes ikke."),
        (boxes("20", "", ""), "Skriv dag, måned og år. Der mangler måned og år."),
        (boxes("", "11", "2026"), "Skriv dag, måned og år. Der mangler dag."),
        (boxes("20", " ", "2026"), "Skriv dag, måned og år. Der mangler måned."),
        (boxes("20", "11", "26"), "Skriv året med fire cifre, for eksempel 2026."),
        ({"held": "20-11-26"}, "Skriv året med fire cifre, for eksempel 2026."),
        (boxes("20", "11", "1899"), "Året skal ligge mellem 1900 og 2100."),
        (boxes("20", "11", "2101"), "Året skal ligge mellem 1900 og 2100."),
        (boxes("20", "11", "0000"), "Året skal ligge mellem 1900 og 2100."),
        (boxes("20", "nov", "2026"), "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        (boxes("²", "11", "2026"), "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        (boxes("-1", "11", "2026"), "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        (boxes("20", "11", "2026\x00"), "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        (boxes("20", "11", "9" * 5000), "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        ({"held": "i går"}, "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        ({"held": "2026-02-30"}, "30-02-2026 findes ikke."),
    ],
)
def test_what_is_no_date_is_told_why(post: Post, values: dict[str, str], message: str) -> None:
    form = post(Event, values)

    assert form.held.errors == [message]
    assert form.held.data is None


def test_the_years_at_both_ends_are_accepted(post: Post) -> None:
    assert post(Event, boxes("1", "1", "1900")).held.data == date(1900, 1, 1)
    assert post(Event, boxes("31", "12", "2100")).held.data == date(2100, 12, 31)


def test_what_was_typed_is_shown_again(post: Post) -> None:
    form = post(Event, boxes("31", "feb", '2026"><\x00'))

    assert [box.value for box in form.held.boxes] == ["31", "feb", '2026"><\ufffd']
    assert 'value="2026&#34;&gt;&lt;\ufffd"' in str(form.held())


@pytest.mark.parametrize("values", [{}, boxes("", "", ""), boxes(" ", "\t", ""), {"held": ""}, {"held": "  "}])
def test_an_optional_date_may_be_empty(post: Post, values: dict[str, str]) -> None:
    form = post(Event, values)

    assert form.held.data is None
    assert form.held.errors == []
    assert form.received.errors == ["Skriv, hvornår det er modtaget."]


def test_emptying_a_date_empties_it(post: Post) -> None:
    assert post(Event, boxes("", "", ""), data={"held": date(2026, 11, 20)}).held.data is None


def test_a_stored_date_fills_the_boxes(request_context: Any) -> None:
    form = Event(data={"held": date(2026, 2, 1)})

    assert [(box.name, box.id, box.label, box.value, box.width) for box in form.held.boxes] == [
        ("held-dag", "held-dag", "Dag", "1", 2),
        ("held-maaned", "held-maaned", "Måned", "2", 2),
        ("held-aar", "held-aar", "År", "2026", 4),
    ]
    assert form.held.iso == form.held._value() == "2026-02-01"
    assert form.received.iso == ""
    assert form.held.focus_id == "held-dag"
    assert str(form.held()).count("<input") == 3


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
@ANY_TEXT
def test_any_text_in_the_boxes_is_a_date_or_told_why_not(post: Post, day: str, month: str, year: str) -> None:
    form = post(Event, boxes(day, month, year))

    assert form.held.data is None
    assert len(form.held.errors) == (1 if (day + month + year).strip() else 0)
    str(form.held()).encode()


@given(st.text(st.characters()))
@ANY_TEXT
def test_any_text_in_one_box_is_shown_again(post: Post, text: str) -> None:
    form = post(Event, {"held": text, "received": text, "at": text})

    str(form.held()).encode()
    str(form.at()).encode()


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
@ANY_TEXT
def test_every_date_is_read_in_every_form(post: Post, day: date) -> None:
    for values in (
        boxes(str(day.day), str(day.month), str(day.year)),
        {"held": day.isoformat()},
        {"held": f"{day:%d-%m-%Y}"},
    ):
        assert post(Event, values).held.data == day


def test_the_future_begins_tomorrow(post: Post) -> None:
    today = date(2026, 11, 20)

    assert not post(Past, {"received": "2026-11-20"}, today=today).failed
    assert post(Past, {"received": "2026-11-21"}, today=today).received.errors == ["Datoen ligger i fremtiden."]
    assert not post(Past, {"received": ""}, today=today).failed
    assert len(post(Past, {"received": "31-02-2026"}, today=today).received.errors) == 1


def test_a_form_that_needs_today_says_so_when_it_is_shown(request_context: Any) -> None:
    with pytest.raises(TypeError, match="received of Past needs to know today="):
        Past()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14.30", time(14, 30)),
        ("14:30", time(14, 30)),
        ("1430", time(14, 30)),
        ("905", time(9, 5)),
        ("9.05", time(9, 5)),
        ("00.00", time(0, 0)),
        ("23:59", time(23, 59)),
        ("14:30:00", time(14, 30)),
        ("kl. 14.30", time(14, 30)),
        ("kl 14.30", time(14, 30)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_time_is_read(post: Post, typed: str, read: time | None) -> None:
    form = post(Event, {"at": typed})

    assert form.at.data == read
    assert form.at.errors == []


@pytest.mark.parametrize(
    "typed", ["24.00", "14.60", "14", "2 pm", "14.3", "14.300", "-1.00", "14..30", "\x00", "²²²²", "9" * 9999]
)
def test_what_is_no_time_is_told_why(post: Post, typed: str) -> None:
    form = post(Event, {"at": typed})

    assert len(form.at.errors) == 1
    assert form.at.data is None
    assert form.at._value() == typed.replace("\x00", "\ufffd")


def test_midnight_is_a_time(post: Post) -> None:
    class Needed(Form):
        at = TimeField("Klokken", [Required()])

    assert not post(Needed, {"at": "00.00"}).failed
    assert post(Needed, {"at": "0905"}).at._value() == "09.05"
