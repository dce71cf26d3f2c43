from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.imports import values
from app.cases.imports.values import ValueProblemError

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_way_of_writing_a_date_means_the_same(day: date) -> None:
    written = (
        f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m %Y}",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month} {day.year}",
        f"{day.day}. {MONTHS[day.month - 1]} {day.year}",
        f"den {day.day}. {MONTHS[day.month - 1][:3]}. {day.year}",
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
    )
    assert {values.as_date(text) for text in written} == {day}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1-2-25", "fire cifre"),
        ("31-02-2025", "ikke findes"),
        ("2025-13-01", "ikke findes"),
        ("i går", "20-11-2026"),
        ("20112026", "20-11-2026"),
        ("1/2", "20-11-2026"),
        ("٢٠-11-2026", "20-11-2026"),
    ],
)
def test_what_is_no_date_is_told(text: str, told: str) -> None:
    with pytest.raises(ValueProblemError, match=told):
        values.as_date(text)


@pytest.mark.parametrize("key", ["birth", "opened"])
@given(day=st.dates(date(1930, 1, 1), date(2100, 1, 1)))
def test_a_date_that_lost_its_form_is_found_again(key: str, day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert values.as_date(values.as_text(serial, key)) == day


def test_a_number_is_a_cpr_number_only_with_its_zero() -> None:
    assert values.as_text(101901239, "cpr") == "0101901239"
    assert values.as_text(1101901239.0, "cpr") == "1101901239"
    assert values.as_text(1019012, "cpr") == "1019012"
    assert values.as_text(2.5, "niveau") == "2,5"
    assert values.as_text(True, "protection") == "Ja"


@pytest.mark.parametrize(
    ("told", "whole"),
    [("mangler", "»Navn« mangler."), ("har 9 cifre. Fjernet?", "»Navn« har 9 cifre. Fjernet?"), ("x …", "»Navn« x …")],
)
def test_a_reason_ends_with_one_sign(told: str, whole: str) -> None:
    assert ValueProblemError(told).about("Navn") == whole
