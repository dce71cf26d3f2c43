from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import DomainError
from app.statistics.periods import Period


def test_a_half_year_is_read_as_it_is_written() -> None:
    assert Period.parse(" 2017h2 ") == Period(2017, 2)
    assert str(Period.parse("2018H1")) == "2018H1"


@pytest.mark.parametrize(
    "text", ["", "2017", "2017H3", "2017H0", "17H2", "2017-H2", "1999H1", "2101H1", "٢٠١٧H2x", "\0"]
)
def test_what_is_no_half_year_is_refused_in_danish(text: str) -> None:
    with pytest.raises(DomainError, match="2017H2"):
        Period.parse(text)


@given(st.dates(date(2000, 7, 1), date(2099, 12, 31)))
def test_half_years_cover_each_day_once(day: date) -> None:
    period = Period.containing(day)
    assert period.first_day <= day <= period.last_day
    assert period.before.last_day + timedelta(days=1) == period.first_day
    assert Period.parse(str(period)) == period
