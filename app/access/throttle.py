"""How often somebody may try: a number of tries in any 15 minutes, counted in the database for all processes together.

A try is counted before it is known whether it fails, in one statement, so that any number of them at once get no more
than the limit; one that succeeds is given back. Keys are blind indexes: the table does not show what was typed.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access.models import SignInThrottle
from app.core import crypto, danish
from app.extensions import db

WINDOW: Final = timedelta(minutes=15)
_MINUTE: Final = timedelta(minutes=1)
_IPV6_HOUSEHOLD: Final = 64


@dataclass(frozen=True)
class Limit:
    """So many tries at one thing within the window."""

    purpose: str
    tries: int


PASSWORD_OF_ACCOUNT: Final = Limit("password of account", 10)
# A whole town hall may stand behind one address.
PASSWORDS_FROM_ADDRESS: Final = Limit("passwords from address", 100)
LINKS_TO_ACCOUNT: Final = Limit("links to account", 3)
LINKS_FROM_ADDRESS: Final = Limit("links from address", 30)


@dataclass(frozen=True)
class Wait:
    """There have been too many tries; the next one is let through at `until`."""

    until: datetime

    def seconds(self, at: datetime) -> int:
        """How long that is, in whole seconds, at least one."""
        return max(1, math.ceil((self.until - at).total_seconds()))

    def message(self, at: datetime) -> str:
        """What the person is told."""
        minutes = max(1, math.ceil((self.until - at) / _MINUTE))
        return f"Der er prøvet for mange gange. Vent {danish.plural(minutes, 'minut', 'minutter')}, og prøv igen."


def count(limit: Limit, whom: str, *, at: datetime) -> Wait | None:
    """Count one try. The caller commits before it goes on, so that the try stays counted whatever comes after.

    Returns None when the try is let through, else how long to wait.
    """
    key, expires_at = _key(limit, whom), at + WINDOW
    recent = _later_than(at - WINDOW)
    statement = insert(SignInThrottle).values(key=key, failures=[at], expires_at=expires_at)
    counted = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInThrottle.key],
            set_={"failures": func.array_append(recent, at), "expires_at": expires_at},
            where=func.cardinality(recent) < limit.tries,
        ).returning(SignInThrottle.key)
    ).first()
    if counted is not None:
        return None
    return Wait(_first_free(key, limit, at))


def give_back(limit: Limit, whom: str, *, at: datetime) -> None:
    """Do not count the try of this instant after all: it succeeded."""
    rest = func.array_remove(SignInThrottle.failures, at)
    _change(update(SignInThrottle).where(SignInThrottle.key == _key(limit, whom)).values(failures=rest))


def forget(limit: Limit, whom: str) -> None:
    """Begin again from none."""
    _change(delete(SignInThrottle).where(SignInThrottle.key == _key(limit, whom)))


def network(peer: str | None, forwarded_for: str = "") -> str:
    """What counts as one client: an IPv4 address, or the 64 bits that an IPv6 household has for itself.

    peer: the other end of the connection. forwarded_for: the header X-Forwarded-For, of which only the last address is
    believed, and only from a proxy on this machine: what stands before it the client may have written itself.
    """
    found = _address(peer)
    if found is not None and found.is_loopback:
        found = _address(forwarded_for.rpartition(",")[2].strip()) or found
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _IPV6_HOUSEHOLD), strict=False))
    return "" if found is None else str(found)


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _key(limit: Limit, whom: str) -> bytes:
    return crypto.installed().blind_index(whom, f"throttle: {limit.purpose}")


def _later_than(instant: datetime) -> Any:
    """The failures of the row that are still within the window, as SQL."""
    failure = func.unnest(SignInThrottle.failures).column_valued("failure")
    return func.array(select(failure).where(failure > instant).order_by(failure).scalar_subquery())


def _first_free(key: bytes, limit: Limit, at: datetime) -> datetime:
    """When enough of the counted tries have left the window."""
    failures = db.session.scalar(select(SignInThrottle.failures).where(SignInThrottle.key == key)) or []
    latest = sorted(failures)[-limit.tries :]
    return latest[0] + WINDOW if latest else at


def _change(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
