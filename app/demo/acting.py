"""Acting as an employee at an instant: the demo unit is made by the same services as real work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from app.access.models import User
from app.core import clock
from app.core.database import NOBODY, RowScope, enter_row_scope
from app.extensions import db


@contextmanager
def acting(user: User, at: datetime) -> Iterator[None]:
    """Let rows exist as they do for the user on that day, and the owner-side functions see who asks."""
    enter_row_scope(db.session(), RowScope(user.id, clock.local_date(at)))
    yield
    db.session.flush()
    enter_row_scope(db.session(), NOBODY)
