"""What the command line asks of the administration."""

from dataclasses import dataclass
from datetime import datetime

from app.access import queries
from app.access.emails import link_address
from app.access.models import Role, User
from app.access.services.accounts import Particulars, invite
from app.access.services.units import find_or_add_unit
from app.core.errors import DomainError

SYSTEM = "command line"


@dataclass(frozen=True)
class Invited:
    """Who was invited, whether the unit was made for it, and the mailed link."""

    user: User
    made_unit: bool
    address: str


def invite_by_command(name: str, email: str, role: Role, unit: str, *, show_link: bool, at: datetime) -> Invited:
    """Invite a user from the command line, into a unit that is made when there is none of that name.

    show_link: the link is to be shown to whoever runs the command, which only the first administrator needs.
    Raises DomainError when the mail address is taken, or the link may not be shown.
    """
    if show_link and (role is not Role.ADMINISTRATOR or queries.has_administrator()):
        raise DomainError("--print-link er kun til den første administrator. Andre får linket med posten.")
    found, made = find_or_add_unit(unit, by=SYSTEM, at=at)
    user, token = invite(Particulars(name, email, role, found), by=SYSTEM, at=at)
    return Invited(user, made, link_address(token))
