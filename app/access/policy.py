"""May this role do this? One table, readable by a lawyer.

A permission is granted when all predicates of any one of its rows hold. What rows *exist* for a user is
decided by row-level security; the predicates about sight say the same once more, for the views and for
the test that holds the two together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Protocol, Self, cast

from flask import current_app
from flask.typing import ResponseReturnValue

from app.access.models import Role, User
from app.core.labelled import Labelled


class Permission(Labelled):
    """What can be permitted, named resource:act. The label is what the page Rettigheder writes."""

    FRONT_PAGE = "front-page:read", "Se Min dag"
    OWN_ACCOUNT = "own-account:change", "Rette sin egen adgangskode og sit eget fravær"
    ABSENCE_OF_OTHERS = "absence:change", "Registrere fravær for andre i enheden"
    CASE_LIST = "case:list", "Se listen over sager"
    CASE_OPEN = "case:open", "Oprette en sag"
    CASE_READ = "case:read", "Se en sag"
    CASE_CHANGE = "case:change", "Rette en sags oplysninger"
    CASE_ACCESS = "case:access", "Vælge ansvarlig og give adgang til en sag"
    CASE_HISTORY = "case:history", "Se hvem der har gjort hvad og set hvad i en sag"
    CASE_FILE = "case:file", "Hente en sag som PDF"
    INTAKE = "intake:register", "Registrere henvendelser, også fra døgnrapporter"
    IMPORT = "case:import", "Hente sager ind fra et regneark"
    REVIEW = "case:review", "Se og føre listen til gennemgang af sager"
    HANDOVER = "case:handover", "Overdrage alle en medarbejders sager"
    CITIZEN_LIST = "citizen:list", "Søge borgere"
    CITIZEN_CHANGE = "citizen:change", "Rette borgeres CPR-nummer og kontaktoplysninger"
    CITIZEN_MERGE = "citizen:merge", "Lægge to borgere sammen"
    GROUP_LIST = "group:list", "Se enhedens grupper"
    GROUP_CHANGE = "group:change", "Oprette og rette grupper"
    NETWORK_READ = "network:read", "Se en borgers relationer"
    NETWORK_CHANGE = "network:change", "Rette en borgers relationer"
    ASSESSMENT_READ = "assessment:read", "Se risikovurderinger"
    ASSESSMENT_CHANGE = "assessment:change", "Skrive og underskrive risikovurderinger"
    HANDLEPLAN_READ = "handleplan:read", "Se handleplan"
    HANDLEPLAN_CHANGE = "handleplan:change", "Rette handleplan"
    INCIDENT_READ = "incident:read", "Se hændelser og recidiv"
    INCIDENT_CHANGE = "incident:change", "Registrere hændelser og vurdere recidiv"
    JOURNAL_READ = "journal:read", "Se journalnotater og tidslinje"
    JOURNAL_WRITE = "journal:write", "Skrive journalnotater"
    NETVAERKSSAMRAAD_READ = "netvaerkssamraad:read", "Se netværkssamråd"
    NETVAERKSSAMRAAD_CHANGE = "netvaerkssamraad:change", "Registrere dokumentation, parter, indkaldelse og møde"
    DEADLINE_LIST = "deadline:list", "Se listen over frister"
    FIGURES_READ = "figures:read", "Se de interne halvårstal"
    USERS = "users:administer", "Invitere, rette og lukke brugere"
    PLACES = "places:administer", "Rette enheder, bydele og skoler"
    RULES_READ = "rules:read", "Se fristreglerne"
    CONFIGURATION = "configuration:administer", "Rette niveauer, tjekliste og katalog over indsatser"
    OPERATIONS = "operations:read", "Se påmindelser, post og kørsler under drift"
    POLICY_READ = "policy:read", "Se tabellen over rettigheder"


class AccessRow(Protocol):
    """One row about who is named on a case."""

    user_id: Any
    kind: Any
    from_day: Any
    to_day: Any


class Scoped(Protocol):
    """A case, as far as the policy needs to know it."""

    @property
    def unit_id(self) -> Any: ...  # noqa: D102 - a mapped column
    @property
    def restricted(self) -> Any: ...  # noqa: D102
    @property
    def access(self) -> Iterable[AccessRow]: ...  # noqa: D102


@dataclass(frozen=True)
class Reader:
    """Whoever asks: who, in which role and unit, on which local date."""

    user_id: int
    role: Role
    unit_id: int | None
    active: bool
    today: date

    @classmethod
    def of(cls, user: User, today: date) -> Self:
        """The reader that a user is today."""
        return cls(user.id, user.role, user.unit_id, user.active, today)


Predicate = Callable[[Reader, Any], bool]
CASE_ROLES = {Role.MENTOR, Role.KOORDINATOR, Role.LEDER}
# Those who can answer for a case.
OWNING_ROLES = (Role.KOORDINATOR, Role.LEDER)
BARRED = "barred"


def is_role(*roles: Role) -> Predicate:
    """Hold for an active user in one of the roles."""

    def predicate(reader: Reader, _: Any) -> bool:
        return reader.active and reader.role in roles

    predicate.__doc__ = " eller ".join(role.label for role in roles)
    return predicate


def _named(reader: Reader, case: Scoped) -> list[AccessRow]:
    return [
        row
        for row in case.access
        if row.user_id == reader.user_id
        and row.from_day <= reader.today
        and (row.to_day is None or row.to_day >= reader.today)
    ]


def not_barred(reader: Reader, case: Scoped) -> bool:
    """Ikke inhabil i sagen"""  # noqa: D400 - shown as a cell of a table
    return all(row.kind != BARRED for row in _named(reader, case))


def in_unit(reader: Reader, case: Scoped) -> bool:
    """Sagen hører til egen enhed"""  # noqa: D400 - shown as a cell of a table
    return reader.unit_id is not None and case.unit_id == reader.unit_id


def unrestricted(_: Reader, case: Scoped) -> bool:
    """Sagen er ikke begrænset til navngivne"""  # noqa: D400 - shown as a cell of a table
    return not case.restricted


def named(reader: Reader, case: Scoped) -> bool:
    """Navngiven på sagen i dag"""  # noqa: D400 - shown as a cell of a table
    return any(row.kind != BARRED for row in _named(reader, case))


leder = is_role(Role.LEDER)
koordinator = is_role(Role.KOORDINATOR)
case_worker = is_role(Role.KOORDINATOR, Role.LEDER)
case_role = is_role(Role.MENTOR, Role.KOORDINATOR, Role.LEDER)
administrator = is_role(Role.ADMINISTRATOR)
anyone = is_role(*Role)

Row = tuple[Predicate, ...]
IN_SIGHT: tuple[Row, ...] = (
    (leder, in_unit, not_barred),
    (koordinator, in_unit, unrestricted, not_barred),
    (case_role, named, not_barred),
)
WORKED_BY: tuple[Row, ...] = (
    (leder, in_unit, not_barred),
    (koordinator, in_unit, unrestricted, not_barred),
    (case_worker, named, not_barred),
)

TABLE: dict[Permission, tuple[Row, ...]] = {
    Permission.FRONT_PAGE: ((anyone,),),
    Permission.OWN_ACCOUNT: ((anyone,),),
    Permission.ABSENCE_OF_OTHERS: ((leder,),),
    Permission.CASE_LIST: ((case_role,),),
    Permission.CASE_OPEN: ((case_worker,),),
    Permission.CASE_READ: IN_SIGHT,
    Permission.CASE_CHANGE: WORKED_BY,
    Permission.CASE_ACCESS: WORKED_BY,
    Permission.CASE_HISTORY: WORKED_BY,
    Permission.CASE_FILE: WORKED_BY,
    Permission.INTAKE: ((case_worker,),),
    Permission.IMPORT: ((case_worker,),),
    Permission.REVIEW: ((case_worker,),),
    Permission.HANDOVER: ((leder,),),
    Permission.CITIZEN_LIST: ((case_role,),),
    Permission.CITIZEN_CHANGE: ((case_worker,),),
    Permission.CITIZEN_MERGE: ((case_worker,),),
    Permission.GROUP_LIST: ((case_worker,),),
    Permission.GROUP_CHANGE: ((case_worker,),),
    Permission.NETWORK_READ: IN_SIGHT,
    Permission.NETWORK_CHANGE: WORKED_BY,
    Permission.ASSESSMENT_READ: IN_SIGHT,
    Permission.ASSESSMENT_CHANGE: WORKED_BY,
    Permission.HANDLEPLAN_READ: IN_SIGHT,
    Permission.HANDLEPLAN_CHANGE: WORKED_BY,
    Permission.INCIDENT_READ: IN_SIGHT,
    Permission.INCIDENT_CHANGE: WORKED_BY,
    Permission.JOURNAL_READ: IN_SIGHT,
    Permission.JOURNAL_WRITE: IN_SIGHT,
    Permission.NETVAERKSSAMRAAD_READ: IN_SIGHT,
    Permission.NETVAERKSSAMRAAD_CHANGE: WORKED_BY,
    Permission.DEADLINE_LIST: ((case_role,),),
    Permission.FIGURES_READ: ((leder,), (is_role(Role.ANALYTIKER),)),
    Permission.USERS: ((administrator,),),
    Permission.PLACES: ((administrator,),),
    Permission.RULES_READ: ((administrator,), (case_worker,)),
    Permission.CONFIGURATION: ((administrator,),),
    Permission.OPERATIONS: ((administrator,),),
    Permission.POLICY_READ: ((administrator,), (leder,), (is_role(Role.REVISOR),)),
}


class ForbiddenError(Exception):
    """The thing may be seen, but this may not be done with it (403)."""


def can(reader: Reader, permission: Permission, thing: Any = None) -> bool:
    """Whether the reader may do this, to this thing.

    thing: a case, or anything with a `scoped_case`; None for permissions about no thing.
    """
    case = getattr(thing, "scoped_case", thing)
    return any(all(predicate(reader, case) for predicate in row) for row in TABLE[permission])


def basis(reader: Reader, case: Scoped) -> str:
    """On which ground the reader sees the case: a kind of access by name, or "unit"."""
    kinds = sorted(str(row.kind) for row in _named(reader, case) if row.kind != BARRED)
    return kinds[0] if kinds else "unit"


View = Callable[..., Any]
Loader = Callable[..., Any]


def requires(permission: Permission, loader: Loader | None = None) -> Callable[[View], View]:
    """Mark a view with the permission that it needs; an unmarked view is refused.

    loader: takes the address's values and returns the thing, raising NotFoundError when there is none in
    sight. The view then receives the thing instead of the values, so that an unchecked one cannot arrive.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def checked(**values: Any) -> ResponseReturnValue:
            # Only here does the policy meet the request; app.access.current reads this module.
            reader: Reader = current_app.extensions["enkeltsag_reader"]()
            thing = None if loader is None else loader(**values)
            if not can(reader, permission, thing):
                raise ForbiddenError
            return cast("ResponseReturnValue", view(**values) if loader is None else view(thing))

        checked.permission = permission  # type: ignore[attr-defined]  # the mark
        return checked

    return mark


def permission_of(view: View) -> Permission | None:
    """The permission a view is marked with, or None."""
    return getattr(view, "permission", None)
