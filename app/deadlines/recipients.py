"""Who is reminded: one pure function, so that every combination can be tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.access.models import Role
from app.deadlines.models import NotSent
from app.deadlines.resolvers import CaseContact

_CASE_ROLES = (Role.MENTOR, Role.KOORDINATOR, Role.LEDER)


@dataclass(frozen=True)
class Employee:
    """What matters of a user: which cases they see, whether mail reaches them, and who stands in while away."""

    id: int
    role: Role
    unit_id: int | None
    reachable_by_mail: bool
    active: bool = True
    away: bool = False
    substitute_id: int | None = None

    def sees(self, contact: CaseContact) -> bool:
        """Whether the case exists for them, as the row scope decides it; being barred is asked apart."""
        if self.unit_id == contact.unit_id and (
            self.role is Role.LEDER or (self.role is Role.KOORDINATOR and not contact.restricted)
        ):
            return True
        return self.role in _CASE_ROLES and self.id in contact.named_ids


@dataclass(frozen=True)
class Staff:
    """The users, and the leaders of each unit."""

    users: Mapping[int, Employee]
    leaders: Mapping[int, Sequence[int]]


Lines = dict[int | None, NotSent | None]
"""For each person: None when a mail goes out, otherwise why not. The key None stands for nobody."""


def lines(contact: CaseContact, staff: Staff, *, tell_leader: bool) -> Lines:
    """Who gets the reminder of a step, and who should have but cannot.

    The owner; the leaders too when tell_leader says so, and whenever the owner cannot be told. A substitute is
    told for whoever is away. An absent owner is written to after all when there is nobody else. Nobody is told of a
    case that they may not see.
    """
    found: Lines = {}
    owner = staff.users.get(contact.owner_id) if contact.owner_id is not None else None
    if owner is None:
        found[None] = NotSent.NO_OWNER
    else:
        _add(found, owner, contact, away_counts=True)
        _add_substitute(found, owner, staff, contact)
    if tell_leader or owner is None or found[owner.id] is not None:
        for leader_id in staff.leaders.get(contact.unit_id, ()):
            leader = staff.users[leader_id]
            _add(found, leader, contact, away_counts=False)
            _add_substitute(found, leader, staff, contact)
    return found if _somebody(found) else _last_resort(found)


def _add(found: Lines, user: Employee, contact: CaseContact, *, away_counts: bool) -> None:
    found.setdefault(user.id, _why_not(user, contact, away_counts=away_counts))


def _add_substitute(found: Lines, user: Employee, staff: Staff, contact: CaseContact) -> None:
    substitute = staff.users.get(user.substitute_id) if user.away and user.substitute_id is not None else None
    if substitute is not None:
        _add(found, substitute, contact, away_counts=True)


def _why_not(user: Employee, contact: CaseContact, *, away_counts: bool) -> NotSent | None:
    if user.id in contact.barred_ids:
        return NotSent.BARRED
    if not user.active:
        return NotSent.DISABLED
    if not user.sees(contact):
        return NotSent.NO_SIGHT
    if not user.reachable_by_mail:
        return NotSent.NO_ADDRESS
    return NotSent.AWAY if user.away and away_counts else None


def _somebody(found: Lines) -> bool:
    return any(why is None for why in found.values())


def _last_resort(found: Lines) -> Lines:
    """Write to whoever is merely away; when there is nobody at all, say so."""
    told: Lines = {user_id: None if why is NotSent.AWAY else why for user_id, why in found.items()}
    return told if _somebody(told) else {**told, None: NotSent.NOBODY}
