"""Accounts: who may sign in, in which role and unit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access import emails, links, open_work, sessions
from app.access.models import PasswordCredential, Role, TokenPurpose, Unit, User
from app.access.policy import CASE_ROLES, OWNING_ROLES
from app.access.queries import user_by_email
from app.audit import log
from app.audit.models import Event
from app.core import danish
from app.core.errors import DomainError
from app.extensions import db

_TAKEN = "Der er allerede en bruger med den mailadresse."


@dataclass(frozen=True)
class Particulars:
    """What an administrator decides about a user."""

    name: str
    email: str
    role: Role
    unit: Unit | None


def invite(particulars: Particulars, *, by: User | str, at: datetime) -> tuple[User, str]:
    """Make the account and mail a link to choose a password. Returns the user and the link's token.

    Raises DomainError when the mail address is taken, or the role needs a unit.
    """
    _check(particulars, None)
    user = User(
        name=particulars.name,
        email=particulars.email.lower(),
        role=particulars.role,
        unit=particulars.unit,
        active=True,
        created_at=at,
    )
    db.session.add(user)
    _flush_unique_email()
    unit_id = particulars.unit.id if particulars.unit else None
    log.record(Event.USER_INVITED, by=by, at=at, subject=("user", user.id), role=particulars.role.value, unit=unit_id)
    return user, _send_link(user, TokenPurpose.INVITATION, by=by, at=at)


def edit(user: User, particulars: Particulars, *, by: User, at: datetime) -> None:
    """Change what is known about a user. Another role or unit ends the user's sessions, another mail address the links.

    Raises DomainError when the mail address is taken, the role needs a unit, nobody would be left to administer, or
    the user answers for open cases and could not in the new role or unit: the cases are handed over first.
    """
    _check(particulars, user)
    before = _known(user)
    if user.active and particulars.role is not user.role:
        _require_an_administrator_besides(user)
    if particulars.role not in OWNING_ROLES or particulars.unit is not user.unit:
        _require_no_open_cases(user)
    user.name, user.email = particulars.name, particulars.email.lower()
    user.role, user.unit = particulars.role, particulars.unit
    _flush_unique_email()
    after = _known(user)
    changed = {name for name in before if before[name] != after[name]}
    if changed:
        # Names and addresses are personal, so only that they changed is recorded; role and unit with their values.
        steps = [f"{name} {before[name]} -> {after[name]}" for name in sorted(changed & {"role", "unit"})]
        log.record(Event.USER_CHANGED, by=by, at=at, subject=("user", user.id), fields=sorted(changed), steps=steps)
    if "email" in changed:
        links.kill(user.id, at=at)
    if changed & {"role", "unit"}:
        sessions.end_all(user.id)


def close(user: User, *, by: User, at: datetime) -> None:
    """Close the account: its sessions and links are dead, and nobody signs in to it.

    Raises DomainError for one's own account, the last administrator's, and while the user answers for open cases.
    """
    if user.id == by.id:
        raise DomainError("Du kan ikke lukke dig selv. Bed en anden administrator om det.")
    _require_an_administrator_besides(user)
    _require_no_open_cases(user)
    if not user.active:
        return
    user.active = False
    user.disabled_at = at
    db.session.flush()
    sessions.end_all(user.id)
    links.kill(user.id, at=at)
    log.record(Event.USER_DISABLED, by=by, at=at, subject=("user", user.id))


def reopen(user: User, *, by: User, at: datetime) -> None:
    """Open a closed account again. The user chooses a new password when the old one is forgotten.

    Raises DomainError when the user's unit is closed.
    """
    if user.unit is not None and not user.unit.active:
        raise DomainError("Brugerens enhed er lukket. Vælg først en anden enhed.")
    if user.active:
        return
    user.active = True
    user.disabled_at = None
    db.session.flush()
    log.record(Event.USER_ENABLED, by=by, at=at, subject=("user", user.id))


def send_new_link(user: User, *, by: User, at: datetime) -> None:
    """Mail a new link: to choose the first password within 7 days, or a new one within half an hour.

    Raises DomainError when the account is closed or has no mail address.
    """
    if not user.active:
        raise DomainError("Brugeren er lukket. Åbn brugeren først.")
    if user.email is None:
        raise DomainError("Brugeren har ingen mailadresse. Skriv den først.")
    chosen = db.session.scalar(select(PasswordCredential.user_id).where(PasswordCredential.user_id == user.id))
    _send_link(user, TokenPurpose.INVITATION if chosen is None else TokenPurpose.RESET, by=by, at=at)


def _send_link(user: User, purpose: TokenPurpose, *, by: User | str, at: datetime) -> str:
    row, token = links.issue(user, purpose, at=at)
    emails.send_link(user, row, token, at=at)
    log.record(Event.PASSWORD_LINK_SENT, by=by, at=at, subject=("user", user.id), purpose=purpose.value)
    return token


def _known(user: User) -> dict[str, str | int | None]:
    return {"role": user.role.value, "unit": user.unit_id, "email": user.email, "name": user.name}


def _check(particulars: Particulars, user: User | None) -> None:
    if not particulars.email.isascii():
        raise DomainError("Skriv mailadressen uden æ, ø, å og andre særlige bogstaver.", "email")
    same = user_by_email(particulars.email)
    if same is not None and same is not user:
        raise DomainError(_TAKEN, "email")
    if particulars.unit is None and particulars.role in CASE_ROLES:
        raise DomainError(f"Vælg en enhed: rollen {particulars.role.label} hører til en.", "unit")
    kept = user is not None and particulars.unit is user.unit
    if particulars.unit is not None and not particulars.unit.active and not kept:
        raise DomainError("Enheden er lukket. Vælg en anden.", "unit")


def _flush_unique_email() -> None:
    """Flush; whoever has taken the address since it was looked up is told of as if seen then."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if "uq_users_email" in str(error.orig):
            raise DomainError(_TAKEN, "email") from error
        raise


def _require_an_administrator_besides(user: User) -> None:
    """Refuse to lose the last one. The rows are locked, so that two cannot remove each other at the same time."""
    open_ones = select(User.id).where(User.role == Role.ADMINISTRATOR, User.active).order_by(User.id)
    left = set(db.session.scalars(open_ones.with_for_update()))
    # None at all: the one who asks has just been closed, and no longer sees whom to lock.
    if left <= {user.id}:
        raise DomainError("Der skal være mindst én åben administrator. Invitér en anden først.")


def _require_no_open_cases(user: User) -> None:
    count = open_work.of_user(user.id)
    if count:
        cases = danish.plural(count, "åben sag", "åbne sager")
        raise DomainError(f"{user.name} er ansvarlig for {cases}. Lad først lederen overdrage dem under Medarbejdere.")
