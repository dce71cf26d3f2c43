"""Fault points do nothing until a test asks for them."""

from collections.abc import Iterator

import pytest

from app.core import fault_points


@pytest.fixture(autouse=True)
def _no_hook() -> Iterator[None]:
    yield
    fault_points.install(None)


def test_a_point_does_nothing_by_itself() -> None:
    fault_points.point("sweep.planned")


def test_a_hook_hears_the_names_until_it_is_taken_away() -> None:
    heard: list[str] = []

    fault_points.install(heard.append)
    fault_points.point("sweep.planned")
    fault_points.install(None)
    fault_points.point("sweep.committed")

    assert heard == ["sweep.planned"]
