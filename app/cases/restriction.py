"""Who sees a case: the unit, or named people and the leader alone."""

from collections.abc import Collection
from datetime import datetime

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import ARRAY, Integer, cast, func, select
from sqlalchemy.exc import ProgrammingError

from app.access.models import User
from app.cases import decisions, niveauer, themes
from app.cases.codes import DecisionKind
from app.cases.locking import require_unchanged
from app.cases.models import Case
from app.cases.opening import require_members
from app.core.errors import DomainError
from app.extensions import db


def set_restriction(
    case: Case,
    *,
    restricted: bool,
    member_ids: Collection[int] = (),
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """Let the case be seen by named people and the leader alone, or by the unit again, which only its leader decides.

    member_ids: who is named from today, beside those who are and the one who restricts it.
    Raises DomainError when somebody cannot be named, or one who is not the leader lifts it.
    """
    require_members(member_ids, unit_id=case.unit_id)
    members = cast(sorted(set(member_ids)), ARRAY(Integer))
    try:
        with db.session.begin_nested():
            db.session.execute(select(func.ek_set_restriction(case.id, restricted, members, at)))
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DomainError("Kun enhedens leder kan ophæve en begrænsning.", "lift_restriction") from error
    db.session.expire(case)


def restrict(case: Case, *, reasons: str, member_ids: Collection[int], by: User, at: datetime) -> None:
    """Let the case be seen by named people and the leader alone.

    Raises DomainError when it is already, somebody cannot be named, or somebody else has just changed the case.
    """
    require_unchanged(case)
    if case.restricted:
        raise DomainError("Sagen er allerede begrænset til navngivne.")
    set_restriction(case, restricted=True, member_ids=member_ids, by=by, at=at)
    decisions.record(case, DecisionKind.RESTRICTED, reasons=reasons, by=by, at=at)


def lift_restriction(case: Case, *, reasons: str, by: User, at: datetime) -> None:
    """Let the whole unit see the case again.

    Raises DomainError when it is not restricted, its niveau or a theme demands that it is, one who is not the unit's
    leader asks, or somebody else has just changed the case.
    """
    require_unchanged(case)
    if not case.restricted:
        raise DomainError("Sagen er ikke begrænset.")
    require_may_be_seen_by_all(case, case.niveau)
    set_restriction(case, restricted=False, by=by, at=at)
    decisions.record(case, DecisionKind.UNRESTRICTED, reasons=reasons, by=by, at=at)


def require_may_be_seen_by_all(case: Case, niveau: int) -> None:
    """Refuse where the niveau, or what the concern is about, keeps the case to named people."""
    if niveauer.restricts(niveau):
        raise DomainError(f"På niveau {niveau} er sagen altid begrænset til navngivne.")
    named = [theme.label.lower() for theme in themes.of_case(case.id) if theme.restricts]
    if named:
        raise DomainError(
            f"Bekymringen handler om {named[0]}, så sagen er begrænset til navngivne. Ret temaerne først."
        )
