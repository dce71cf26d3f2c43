"""Whoever imports."""

import pytest

from app.access.models import User
from tests.cases.acting import TODAY
from tests.conftest import ActAs
from tests.world import World


@pytest.fixture
def by(world: World, acting_as: ActAs) -> User:
    """The coordinator who imports."""
    acting_as(world.nord.koordinator, TODAY)
    return world.nord.koordinator
