"""Each flask command logs in to the database as the role that it needs."""

import pytest

from config import Part
from wsgi import part_of


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("flask db upgrade", "owner"),
        ("flask demo load --cases 1000", "owner"),
        ("flask user invite leder@kommune.example --role leder", "owner"),
        ("flask", "owner"),
        ("flask scheduler", "scheduler"),
        ("flask job run sweep --at 2026-11-20T08:00", "scheduler"),
        ("flask --debug job list", "scheduler"),
        ("flask figures 2017H2 --format json --internal", "web"),
        ("flask run", "web"),
    ],
)
def test_part_of_command(command: str, part: Part) -> None:
    assert part_of(command.split()[1:]) == part
