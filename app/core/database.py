"""The four database roles and the row scope.

Row-level security decides what exists for the user of a transaction. The policies read two transaction
variables, the user's id and the local date; this module is the only place that sets them. They are set
with is_local, so they end with the transaction and survive a transaction-pooling proxy.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.orm import Session, SessionTransaction

_SCOPE = "row_scope"
_DEFERRED = "row_scope_deferred"


@dataclass(frozen=True)
class RowScope:
    """For whom, and on which local date, rows exist."""

    user_id: int | None = None
    today: date | None = None

    @property
    def settings(self) -> dict[str, str]:
        """The transaction variables that the policies read; empty means nobody."""
        return {
            "enkeltsag.user_id": "" if self.user_id is None else str(self.user_id),
            "enkeltsag.today": "" if self.today is None else self.today.isoformat(),
        }


NOBODY = RowScope()


@dataclass(frozen=True)
class RoleNames:
    """The names of an installation's four database roles; they share a prefix."""

    owner: str
    app: str
    job: str
    stat: str

    @classmethod
    def with_prefix(cls, prefix: str) -> "RoleNames":
        """The role names of the installation called prefix."""
        return cls(f"{prefix}_owner", f"{prefix}_app", f"{prefix}_job", f"{prefix}_stat")


def role_names(connection: Connection) -> RoleNames:
    """Read the role names off the connection, which must be the owner's.

    Raises RuntimeError when the connected role is not an owner role.
    """
    current = str(connection.scalar(text("SELECT current_user")))
    prefix, separator, kind = current.rpartition("_")
    if not separator or kind != "owner":
        msg = f"migrations run as the owner role, whose name ends in _owner, not as {current}"
        raise RuntimeError(msg)
    return RoleNames.with_prefix(prefix)


def set_settings(scope: RowScope) -> Any:
    """The statement that puts the scope into the present transaction."""
    return select(*(func.set_config(name, value, True) for name, value in scope.settings.items()))


def enter_row_scope(session: Session, scope: RowScope) -> None:
    """Let rows exist for this scope, in the present transaction and the session's later ones."""
    session.info[_SCOPE] = scope
    session.info.pop(_DEFERRED, None)
    if session.in_transaction():
        session.execute(set_settings(scope))


def adopt_row_scope(session: Session, scope: RowScope) -> None:
    """Remember a scope that a statement of this transaction has itself just set."""
    session.info[_SCOPE] = scope
    session.info.pop(_DEFERRED, None)


def defer_row_scope(session: Session) -> None:
    """Promise that the first statement of the next transaction sets the scope itself.

    Used when a request begins, where one statement resolves the session and sets the scope.
    """
    session.info[_DEFERRED] = True


def row_scope(session: Session) -> RowScope:
    """The scope that the session works in."""
    scope: RowScope = session.info.get(_SCOPE, NOBODY)
    return scope


def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested or session.info.get(_DEFERRED):
        return
    connection.execute(set_settings(row_scope(session)))


def keep_row_scope(session_factory: Any) -> None:
    """Set the scope at the beginning of every transaction of the factory's sessions."""
    event.listen(session_factory, "after_begin", _begin)
