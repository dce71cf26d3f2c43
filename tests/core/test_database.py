"""The row scope as the session keeps it: set at the start of every transaction, and gone with it."""

from datetime import date

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.core.database import (
    NOBODY,
    RoleNames,
    RowScope,
    adopt_row_scope,
    defer_row_scope,
    enter_row_scope,
    keep_row_scope,
    role_names,
    row_scope,
)

SOMEBODY = RowScope(7, date(2026, 3, 3))
OTHER = RowScope(8, date(2026, 3, 4))
ASKED = text("SELECT current_setting('enkeltsag.user_id', true), current_setting('enkeltsag.today', true)")


@pytest.fixture
def session(web: Engine) -> Session:
    factory = sessionmaker(web)
    keep_row_scope(factory)
    return factory()


def told(session: Session) -> tuple[str, str]:
    """What the database has been told in the present transaction."""
    user_id, today = session.execute(ASKED).one()
    return user_id, today


def test_nobody_until_somebody_enters(session: Session) -> None:
    with session:
        assert row_scope(session) == NOBODY
        assert told(session) == ("", "")


def test_scope_entered_before_the_transaction(session: Session) -> None:
    with session:
        enter_row_scope(session, SOMEBODY)

        assert told(session) == ("7", "2026-03-03")


def test_scope_entered_within_the_transaction(session: Session) -> None:
    with session:
        told(session)
        enter_row_scope(session, SOMEBODY)

        assert told(session) == ("7", "2026-03-03")


@pytest.mark.parametrize("end", [Session.commit, Session.rollback])
def test_later_transactions_have_it_too(session: Session, end: object) -> None:
    with session:
        enter_row_scope(session, SOMEBODY)
        told(session)
        end(session)  # type: ignore[operator]  # one of two methods

        assert told(session) == ("7", "2026-03-03")


def test_change_of_scope_replaces_it(session: Session) -> None:
    with session:
        enter_row_scope(session, SOMEBODY)
        told(session)
        enter_row_scope(session, OTHER)
        assert told(session) == ("8", "2026-03-04")
        session.commit()
        assert told(session) == ("8", "2026-03-04")

        enter_row_scope(session, NOBODY)
        assert told(session) == ("", "")


def test_savepoint_keeps_it_and_its_rollback_too(session: Session) -> None:
    with session:
        enter_row_scope(session, SOMEBODY)
        with session.begin_nested() as savepoint:
            assert told(session) == ("7", "2026-03-03")
            savepoint.rollback()

        assert told(session) == ("7", "2026-03-03")


def test_deferred_transaction_begins_without_a_statement(session: Session) -> None:
    with session:
        enter_row_scope(session, SOMEBODY)
        session.rollback()
        defer_row_scope(session)
        assert session.scalar(text("SELECT current_setting('enkeltsag.user_id', true)")) in {None, ""}

        session.execute(text("SELECT set_config('enkeltsag.user_id', '8', true)"))
        adopt_row_scope(session, OTHER)
        session.commit()
        assert told(session) == ("8", "2026-03-04")


def test_entering_ends_the_deferral(session: Session) -> None:
    with session:
        defer_row_scope(session)
        told(session)
        enter_row_scope(session, SOMEBODY)
        session.commit()

        assert told(session) == ("7", "2026-03-03")


def test_sessions_do_not_share_it(web: Engine) -> None:
    factory = sessionmaker(web)
    keep_row_scope(factory)
    with factory() as one, factory() as other:
        enter_row_scope(one, SOMEBODY)
        told(one)

        assert told(other) == ("", "")


def test_scope_does_not_outlive_the_transaction_on_its_connection(web: Engine) -> None:
    """The next borrower of a pooled connection begins as nobody, even if nothing tells it so."""
    single = create_engine(web.url, pool_size=1, max_overflow=0)
    factory = sessionmaker(single)
    keep_row_scope(factory)
    with factory() as session:
        enter_row_scope(session, SOMEBODY)
        told(session)
        session.commit()
    with single.connect() as connection:
        assert connection.execute(ASKED).one() == ("", "")
    single.dispose()


def test_role_names_are_read_off_the_owner(owner: Engine, web: Engine) -> None:
    with owner.connect() as connection:
        assert role_names(connection) == RoleNames.with_prefix("ek_test")
    with web.connect() as connection, pytest.raises(RuntimeError, match="not as ek_test_app"):
        role_names(connection)
