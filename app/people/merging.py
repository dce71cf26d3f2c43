"""Two citizens who are one person."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, literal, select, type_coerce

from app.access.models import User
from app.core import crypto, name_tokens
from app.core.errors import ChangedMeanwhileError, DomainError
from app.extensions import db
from app.people import queries
from app.people.models import AddressProtection, Citizen, ContactPoint, CprChange, Merge, Sex

# The same whatever is out of sight, and without saying that anything is.
HIDDEN: Final = "De to kan ikke lægges sammen af dig. Bed din leder om at gøre det."
BOTH_OPEN: Final = "Begge borgere har en åben sag. Afslut den ene sag først."
_REFUSALS: Final = {"hidden": HIDDEN, "open": BOTH_OPEN}


@dataclass(frozen=True)
class MergedFacts:
    """What holds for the one who stays, of each thing one of the two values.

    take_cpr: the number of the one who goes, where both have one. other_cpr_is_wrong: the number that is not chosen
    is free for its true owner; otherwise it still finds the citizen. take_birth_date: that of the one who goes, where
    neither has a CPR number.
    """

    name: str
    sex: Sex
    address_protection: AddressProtection
    bydel_id: int | None
    school_id: int | None
    take_cpr: bool = False
    other_cpr_is_wrong: bool = False
    take_birth_date: bool = False


def merge_citizens(kept: Citizen, gone: Citizen, facts: MergedFacts, *, reasons: str, by: User, at: datetime) -> None:
    """Let everything that hangs on one citizen hang on the other, who has the chosen facts from now on.

    The one who goes is found no more; what was known about both stands encrypted in the record of the merge.
    Raises DomainError when both have an open case or a case is out of the actor's sight, and ChangedMeanwhileError when
    somebody else has changed either.
    """
    former = kept.cpr if _takes_cpr(kept, gone, facts) else gone.cpr
    birth_date = gone.birth_date if facts.take_birth_date else kept.birth_date
    against = db.session.scalar(
        select(
            func.ek_merge_citizens(
                kept.id,
                kept.version,
                gone.id,
                gone.version,
                facts.take_cpr,
                type_coerce(literal(former), CprChange.former_cpr.type),
                not facts.other_cpr_is_wrong,
                type_coerce(literal(reasons), Merge.reasons.type),
                type_coerce(literal(_snapshot(kept, gone, facts, by=by)), Merge.snapshot.type),
                at,
            )
        )
    )
    if against in _REFUSALS:
        raise DomainError(_REFUSALS[against])
    if against is not None:
        raise ChangedMeanwhileError
    db.session.expire(gone)
    db.session.refresh(kept)
    kept.name, kept.name_tokens = facts.name, name_tokens.tokens(facts.name, crypto.installed())
    kept.sex, kept.address_protection = facts.sex, facts.address_protection
    kept.bydel_id, kept.school_id = facts.bydel_id, facts.school_id
    if kept.cpr is None:
        kept.birth_date = birth_date
    db.session.flush()


def _takes_cpr(kept: Citizen, gone: Citizen, facts: MergedFacts) -> bool:
    return gone.cpr is not None and (kept.cpr is None or facts.take_cpr)


def _snapshot(kept: Citizen, gone: Citizen, facts: MergedFacts, *, by: User) -> str:
    """What was known about both, and what was chosen, as JSON."""
    points = queries.contact_points(kept.id, gone.id, voided=True)
    known = {
        "kept": _known(kept, points),
        "gone": _known(gone, points),
        "chosen": vars(facts),
        "by": by.id,
    }
    return json.dumps(known, default=str, ensure_ascii=False)


def _known(citizen: Citizen, points: Iterable[ContactPoint]) -> dict[str, Any]:
    return {
        "id": citizen.id,
        "name": citizen.name,
        "cpr": citizen.cpr,
        "birth_date": citizen.birth_date,
        "sex": citizen.sex,
        "address_protection": citizen.address_protection,
        "bydel": citizen.bydel_id,
        "school": citizen.school_id,
        "created_by": citizen.created_by_id,
        "created_at": citizen.created_at.isoformat(),
        "contact_points": [
            {"id": point.id, "kind": point.kind, "value": point.value, "note": point.note}
            for point in points
            if point.citizen_id == citizen.id
        ],
    }
