"""A citizen gets a CPR number, or another one."""

from datetime import datetime

from sqlalchemy import func, literal, select, type_coerce

from app.access.models import User
from app.core.cpr import Cpr
from app.core.errors import ChangedMeanwhileError, DomainError
from app.extensions import db
from app.people import queries
from app.people.models import Citizen, CprChange, CprChangeKind
from app.people.services import IN_USE

SAME_NUMBER = "Det er det nummer, borgeren har i forvejen."


def set_cpr(
    citizen: Citizen,
    cpr: Cpr,
    *,
    kind: CprChangeKind,
    reasons: str,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> None:
    """Give the citizen this number; the change stands in the record of all the citizen's cases.

    kind: a number that was wrong is free for its true owner, while one that was replaced still finds the citizen. A
    citizen without a number has it become known, whatever kind is given.
    Raises DomainError when the number is the same or taken (ask `services.ask_cpr` first), and ChangedMeanwhileError
    when somebody else has changed the citizen.
    """
    if citizen.cpr == cpr.digits:
        raise DomainError(SAME_NUMBER, "cpr")
    if citizen.cpr is None:
        kind = CprChangeKind.KNOWN
    elif kind not in {CprChangeKind.CORRECTED, CprChangeKind.NEW}:
        raise DomainError("Vælg, hvorfor nummeret ændres.", "kind")
    against = db.session.scalar(
        select(
            func.ek_set_cpr(
                citizen.id,
                citizen.version,
                kind.value,
                type_coerce(literal(cpr.digits), Citizen.cpr.type),
                queries.cpr_index(cpr),
                cpr.birth_date.replace(day=1),
                type_coerce(literal(citizen.cpr), CprChange.former_cpr.type),
                type_coerce(literal(reasons), CprChange.reasons.type),
                at,
            )
        )
    )
    if against == "taken":
        raise DomainError(IN_USE, "cpr")
    if against is not None:
        raise ChangedMeanwhileError
    db.session.refresh(citizen)
