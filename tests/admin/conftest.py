"""Who administers, and who is administered."""

import pytest

from app.access.models import Role, User
from tests.factories import Make


@pytest.fixture
def admin(make: Make) -> User:
    return make.user(Role.ADMINISTRATOR, make.unit("Ledelsen"), name="Ada")


@pytest.fixture
def anna(make: Make) -> User:
    return make.user(Role.MENTOR, make.unit("Vester"), name="Anna", email="anna@kommune.example")
