"""Whose absence and whose password one may write, whatever statement reaches the database."""

from datetime import date

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, TextClause, text
from sqlalchemy.exc import ProgrammingError

from app.access.models import PasswordCredential, Role
from app.core.database import NOBODY, RowScope, set_settings
from tests.factories import LONG_AGO, Make
from tests.world import World

TODAY = date(2026, 3, 3)

ADD_ABSENCE = text(
    "INSERT INTO absences (user_id, from_day, to_day, created_by_id, created_at)"
    " VALUES (:user, '2026-03-03', '2026-03-04', :by, '2026-03-03')"
)
REMOVE_ABSENCE = text("DELETE FROM absences WHERE user_id = :user")


@pytest.mark.parametrize("role", [*Role, None])
def test_absence_is_registered_and_removed_by_oneself_or_the_unit_s_leader(
    world: World, web: Engine, make: Make, role: Role | None
) -> None:
    by = world.nord.of(role) if role else None
    everybody = [*world.nord, *world.syd]
    for user in everybody:
        make.absence(user, TODAY, TODAY)
    theirs = {user.id for user in world.nord} if role is Role.LEDER else {by.id} if by else set()
    scope = RowScope(by.id, TODAY) if by else NOBODY

    for user in everybody:
        values = {"user": user.id, "by": by.id if by else user.id}
        assert _is_written(web, scope, ADD_ABSENCE, values) is (user.id in theirs), user.name
        assert _is_written(web, scope, REMOVE_ABSENCE, {"user": user.id}) is (user.id in theirs), user.name


def test_absence_is_not_registered_in_another_name(world: World, web: Engine) -> None:
    leader = world.nord.leder

    values = {"user": leader.id, "by": world.nord.mentor.id}

    assert not _is_written(web, RowScope(leader.id, TODAY), ADD_ABSENCE, values)


ADD_PASSWORD = text("INSERT INTO password_credentials (user_id, hash, changed_at) VALUES (:user, 'x', '2026-03-03')")
SET_PASSWORD = text("UPDATE password_credentials SET hash = 'y' WHERE user_id = :user")


@pytest.mark.parametrize("role", [*Role, None])
def test_password_is_one_s_own_or_set_before_there_is_a_user(
    world: World, web: Engine, make: Make, role: Role | None
) -> None:
    by = world.nord.of(role) if role else None
    scope = RowScope(by.id, TODAY) if by else NOBODY
    for user in [*world.nord, *world.syd]:
        may = by is None or by.id == user.id
        assert _is_written(web, scope, ADD_PASSWORD, {"user": user.id}) is may, user.name
        make.add(PasswordCredential(user_id=user.id, hash="x", changed_at=LONG_AGO))
        assert _is_written(web, scope, SET_PASSWORD, {"user": user.id}) is may, user.name


def _is_written(web: Engine, scope: RowScope, statement: TextClause, values: dict[str, int]) -> bool:
    """Whether the statement reaches a row; it is taken back."""
    with web.connect() as connection:
        connection.execute(set_settings(scope))
        try:
            return connection.execute(statement, values).rowcount == 1
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            return False
