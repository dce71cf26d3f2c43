"""CPR numbers: which are accepted, what is said about the others, and what is masked."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import cpr
from app.core.cpr import CprError

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text", ["010105-4234", "0101054234", "010105 4234", "  010105-4234\t", "010105–4234", "010105\u00a04234"]
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    number = cpr.parse(text, today=TODAY)

    assert (number.digits, number.formatted, number.birth_date) == ("0101054234", "010105-4234", date(2005, 1, 1))
    assert not number.is_replacement


# The table of cpr.dk ("Personnummeret i CPR-systemet"), both ends of every interval.
@pytest.mark.parametrize(
    ("seventh_digits", "short_year", "year"),
    [
        ("0123", "00", 1900),
        ("0123", "99", 1999),
        ("49", "00", 2000),
        ("49", "36", 2036),
        ("49", "37", 1937),
        ("49", "99", 1999),
        ("5678", "00", 2000),
        ("5678", "57", 2057),
        ("5678", "58", 1858),
        ("5678", "99", 1899),
    ],
)
def test_the_seventh_digit_tells_the_century(seventh_digits: str, short_year: str, year: int) -> None:
    for digit in seventh_digits:
        assert cpr.parse(f"0101{short_year}{digit}000", today=date(2100, 1, 1)).birth_date == date(year, 1, 1)


@pytest.mark.parametrize(("day", "birth_day"), [("61", 1), ("91", 31)])
def test_a_replacement_number_is_accepted(day: str, birth_day: int) -> None:
    number = cpr.parse(f"{day}01054234", today=TODAY)

    assert number.is_replacement
    assert number.birth_date == date(2005, 1, birth_day)
    assert number.formatted.startswith(day)


@pytest.mark.parametrize(
    "text", ["", "010105", "010105-123", "010105-12345", "0101O5-1234", "010105--1234", "01-01-05-1234", "٠١٠١٠٥١٢٣٤"]
)
def test_what_is_not_ten_digits_is_told_how_to_write_it(text: str) -> None:
    with pytest.raises(CprError, match=r"^Skriv CPR-nummeret med 10 cifre"):
        cpr.parse(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("310205-4234", "31-02-2005"),
        ("290205-4234", "29-02-2005"),
        ("011305-4234", "01-13-2005"),
        ("000105-4234", "00-01-2005"),
        ("320105-4234", "32-01-2005"),
        ("600105-4234", "60-01-2005"),
        ("920105-4234", "32-01-2005"),
    ],
)
def test_a_date_that_does_not_exist_is_named(text: str, shown: str) -> None:
    with pytest.raises(CprError, match=rf"{shown}.*findes ikke"):
        cpr.parse(text, today=TODAY)


def test_a_leap_day_exists_in_leap_years() -> None:
    assert cpr.parse("290204-4234", today=TODAY).birth_date == date(2004, 2, 29)


def test_nobody_is_born_in_the_future() -> None:
    born_today = "201126-5234"

    assert cpr.parse(born_today, today=TODAY).birth_date == TODAY
    with pytest.raises(CprError, match=r"20-11-2026.*fremtiden"):
        cpr.parse(born_today, today=date(2026, 11, 19))


def test_a_number_without_check_digit_is_accepted_and_only_hinted_at() -> None:
    # 070761-4285 is the example of modulus 11 that cpr.dk itself calculates.
    assert cpr.parse("070761-4285", today=TODAY).mod11_ok
    assert not cpr.parse("070761-4286", today=TODAY).mod11_ok


def test_a_number_is_not_quoted_by_its_repr() -> None:
    number = cpr.parse("010105-4234", today=TODAY)

    assert repr(number) == str(number) == "Cpr()"


@given(st.text())
def test_any_text_is_either_a_number_or_told_why_not(text: str) -> None:
    with suppress(CprError):
        assert cpr.parse(text, today=TODAY).birth_date <= TODAY


@given(st.dates(date(2000, 1, 1), TODAY), st.integers(4000, 4999), st.booleans())
def test_the_date_of_birth_is_found_again(born: date, serial: int, replacement: bool) -> None:
    digits = f"{born.day + 60 * replacement:02}{born:%m%y}{serial}"

    assert cpr.parse(digits, today=TODAY).birth_date == born


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 1, 1), 21), (date(2025, 12, 31), 20), (date(2005, 1, 1), 0), (date(2023, 1, 1), 18)],
)
def test_age_is_counted_in_birthdays(day: date, age: int) -> None:
    assert cpr.parse("010105-4234", today=TODAY).age_on(day) == age


@pytest.mark.parametrize(("day", "age"), [(date(2022, 2, 28), 17), (date(2022, 3, 1), 18), (date(2024, 2, 29), 20)])
def test_a_child_of_the_leap_day_grows_older_on_the_first_of_march(day: date, age: int) -> None:
    assert cpr.age_on(date(2004, 2, 29), day) == age


@pytest.mark.parametrize(
    "written",
    [
        "010105-1234",
        "0101051234",
        "010105 1234",
        "010105–1234",
        "010105 - 1234",
        "01.01.05-1234",
        "01 01 05 1234",
        "01-01-05-1234",
        "610105-1234",
        "999999-9999",
        "010105\u00a01234",
        "010105\n1234",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "Barnet {} blev", "cpr:{},", "({})", "CPR{}x", "a={}&b=1", "'{}'", "kl. 12.30:{}"]
)
def test_what_looks_like_a_cpr_number_is_masked(written: str, around: str) -> None:
    assert cpr.mask(around.format(written)) == around.format("[cpr]")


@pytest.mark.parametrize(
    "text",
    [
        "sag 2026-0001",
        "sager 2026-0001, 2026-0002 og 2026-0003",
        "2026-11-20T08:35:00.123456+00:00",
        "2026-11-20T08:35:00.123456-0500",
        "2026-11-20 08:35:00,123456 1234",
        "2026-11-20 0835",
        "20-11-2026 kl. 09.35",
        "20261120083500",
        "tlf. 12 34 56 78",
        "telefon 12345678",
        "1.234.567",
        "127.0.0.1:8000",
        "12345678901",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert cpr.mask(text) == text


@given(st.text(alphabet="0123456789-. /abc:\n"), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 9999))
def test_masking_twice_changes_nothing_more(text: str, born: date, serial: int) -> None:
    masked = cpr.mask(f"{text} x {born:%d%m%y}-{serial:04} x {text}")

    assert f"{born:%d%m%y}-{serial:04}" not in masked
    assert cpr.mask(masked) == masked
