"""Danish order and Danish ways of writing."""

import random
from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import danish
from app.core.danish import sort_key

# In Danish order: by Retskrivningsordbogen's alphabet, and as the Danish collation of CLDR (ICU) puts them.
ORDERED = [
    "2 Kammerater",
    "9. klasse",
    "Ali",
    "Ali Bo",
    "Alia",
    "Anders",
    "anders",
    "André",
    "Anne Marie",
    "Anne-Marie",
    "Annemette",
    "Clausen",
    "D'Arcy",
    "Darlind",
    "Đorđević",
    "Dorthe",
    "Muller",
    "Mylius",
    "Müller",
    "Mynster",
    "O'Brien",
    "Oscar",
    "Weiss",
    "Weiß",
    "Yrsa",
    "Zoe",
    "Æbelø",
    "Ærlig",
    "Äse",
    "Ødis",
    "Østergaard",
    "Öström",
    "Aaberg",
    "Ågaard",
    "Aagaard",
    "Åse",
    "Aase",
    "Ååse",
]


def test_names_stand_in_danish_order() -> None:
    shuffled = random.Random(7).sample(ORDERED, len(ORDERED))

    assert sorted(shuffled, key=sort_key) == ORDERED


def test_the_order_of_the_danish_collation() -> None:
    assert sorted(["Åse", "Aase", "Aaberg", "Ødis", "Ærlig"], key=sort_key) == [
        "Ærlig",
        "Ødis",
        "Aaberg",
        "Åse",
        "Aase",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Åse", "aase"),
        ("Jäger", "Jæger"),
        ("Sörensen", "Sørensen"),
        ("Muller", "MULLER"),
        ("Müller", "Myller"),
        ("André", "andre"),
        ("O’Neil", "ONeil"),
        ("Anne-Marie", "Anne Marie"),
    ],
)
def test_the_first_level_sees_no_difference(one: str, other: str) -> None:
    assert sort_key(one)[0] == sort_key(other)[0]
    assert sort_key(one) != sort_key(other)


@given(st.text(), st.text())
def test_equal_keys_mean_equal_text(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (normalize("NFC", one) == normalize("NFC", other))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_composed_and_decomposed_text_sort_alike(text: str) -> None:
    assert sort_key(normalize("NFD", text)) == sort_key(normalize("NFC", text))


def test_dates_and_times() -> None:
    day = date(2026, 11, 20)
    at = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)

    assert danish.format_date(day) == "20-11-2026"
    assert danish.format_date(date(2026, 1, 2)) == "02-01-2026"
    assert danish.format_instant(at) == "20-11-2026 kl. 09.35"
    assert danish.format_instant(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)) == "02-07-2026 kl. 00.05"
    assert danish.format_time(at) == "09.35"
    assert danish.format_long(day) == "fredag 20. november 2026 (uge 47)"
    assert danish.weekday(date(2026, 11, 22)) == "søndag"


@pytest.mark.parametrize(("day", "week"), [(date(2026, 12, 31), 53), (date(2027, 1, 1), 53), (date(2027, 1, 4), 1)])
def test_weeks_follow_the_iso_calendar(day: date, week: int) -> None:
    assert danish.week_number(day) == week


def test_numbers_and_words() -> None:
    assert danish.number(1234567) == "1.234.567"
    assert [danish.plural(count, "dag", "dage") for count in (0, 1, -1, 2, 1200)] == [
        "0 dage",
        "1 dag",
        "-1 dag",
        "2 dage",
        "1.200 dage",
    ]
    assert danish.and_list(["Ali", "Bente", "Åse"]) == "Ali, Bente og Åse"
    assert danish.and_list(name for name in ("Ali", "Åse")) == "Ali og Åse"
    assert danish.and_list(["Ali"]) == "Ali"
    assert danish.and_list([]) == ""
