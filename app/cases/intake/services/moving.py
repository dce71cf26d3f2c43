"""Moving a case to another unit."""

from datetime import datetime

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role, User
from app.access.policy import OWNING_ROLES
from app.access.queries import units, users
from app.cases import decisions
from app.cases.codes import DecisionKind
from app.cases.locking import require_unchanged
from app.cases.models import Case
from app.core.errors import DomainError
from app.extensions import db


def transfer_case(case: Case, *, unit_id: int, reasons: str, by: User, at: datetime) -> None:
    """Move an open case to another unit with all that hangs on it; nobody answers for it there yet.

    The case is out of sight afterwards, for the one who moves it as for all of the former unit.
    Raises DomainError when it is not open, the unit is not on offer or has nobody who would see the case, or somebody
    else has just changed the case.
    """
    require_unchanged(case)
    if not case.is_open:
        raise DomainError("En sag, der er afsluttet, overføres ikke. Genåbn den først.")
    if unit_id == case.unit_id or unit_id not in {unit.id for unit in units(active=True)}:
        raise DomainError("Vælg en anden enhed fra listen.", "unit")
    _require_somebody_there(case, unit_id)
    decisions.record(case, DecisionKind.TRANSFERRED, reasons=reasons, by=by, at=at)
    try:
        with db.session.begin_nested():
            db.session.execute(select(func.ek_transfer_case(case.id, unit_id, at)))
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DomainError("Sagen kan ikke overføres til den enhed.", "unit") from error
    db.session.expire(case)


def _require_somebody_there(case: Case, unit_id: int) -> None:
    """Refuse a unit where nobody would see the case: a restricted one is seen by the leader alone once it has moved."""
    roles = (Role.LEDER,) if case.restricted else OWNING_ROLES
    if any(user.role in roles for user in users(unit_id=unit_id, active=True)):
        return
    who = "leder" if case.restricted else "leder eller koordinator"
    raise DomainError(
        f"Enheden har ingen {who}, så ingen dér ville kunne se sagen. Vælg en anden enhed, eller kontakt en"
        " administrator.",
        "unit",
    )
