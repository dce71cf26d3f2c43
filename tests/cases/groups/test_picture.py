"""Memberships along the years."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.cases.groups.models import GroupMember
from app.cases.groups.picture import LEFT, RIGHT, WIDTH, draw
from app.people.models import Citizen

TODAY = date(2026, 3, 3)
DAYS = st.dates(date(2015, 1, 1), date(2030, 1, 1))


def member(from_day: date, length: int | None) -> GroupMember:
    to_day = None if length is None else from_day + timedelta(days=length)
    return GroupMember(from_day=from_day, to_day=to_day, citizen=Citizen(name="Bartholomæus Wolfgang Østergaard"))


MEMBERS = st.lists(st.builds(member, DAYS, st.none() | st.integers(0, 4000)), min_size=1, max_size=12)


@given(MEMBERS)
def test_every_bar_lies_within_the_drawing(members: list[GroupMember]) -> None:
    picture = draw(members, TODAY)

    assert picture is not None
    assert len(picture.bars) == len(members)
    for bar in picture.bars:
        assert bar.x >= LEFT - 0.2
        assert bar.x + bar.width <= WIDTH - RIGHT + 4.2
        assert bar.width > 0
    for tick in picture.ticks:
        assert LEFT - 0.2 <= tick.x <= WIDTH - RIGHT + 0.2


def test_longer_memberships_have_longer_bars_and_open_ones_reach_the_end() -> None:
    picture = draw([member(date(2020, 1, 1), None), member(date(2020, 1, 1), 365)], TODAY)

    assert picture is not None
    assert picture.bars[0].width > picture.bars[1].width * 5
    assert [bar.is_over for bar in picture.bars] == [False, True]
    assert [tick.label for tick in picture.ticks] == ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]


def test_a_short_time_has_its_quarters_written() -> None:
    picture = draw([member(date(2026, 1, 1), None)], TODAY)

    assert picture is not None
    assert [tick.label for tick in picture.ticks] == ["01-2026"]


def test_nobody_gives_no_picture() -> None:
    assert draw([], TODAY) is None
