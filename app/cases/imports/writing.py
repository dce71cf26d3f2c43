"""Checked rows become citizens and cases, many in each statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ARRAY, Integer, String, Table, any_, column, func, insert, literal, select
from sqlalchemy import cast as cast_sql
from sqlalchemy.dialects.postgresql import JSONB

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.codes import DecisionKind
from app.cases.imports.checking import Checked
from app.cases.imports.drafts import Draft
from app.cases.models import Case, CaseDecision, CaseStatus, CaseTheme
from app.core import crypto, name_tokens
from app.core.bulk import insert_rows
from app.core.errors import DomainError
from app.extensions import db
from app.people.models import Citizen
from app.people.services import SUBJECT

OVERTAKEN = "En anden oprettede imens en sag på en af borgerne, og intet er hentet ind. Prøv igen."
_CITIZENS = cast("Table", Citizen.__table__)


def write(checked: Sequence[Checked], *, unit_id: int, by: User, at: datetime) -> list[int]:
    """Open a case for each of the rows, all of which have been checked; return the ids of the cases."""
    drafts = [each.draft for each in checked if each.draft is not None]
    _lock_known([each.citizen.id for each in checked if each.citizen is not None])
    new = [each for each in checked if each.citizen is None]
    created = iter(_add_citizens(new, by=by, at=at))
    citizen_ids = [next(created) if each.citizen is None else each.citizen.id for each in checked]
    reserved = _reserve(drafts, at=at)
    case_ids = [case_id for case_id, _ in reserved]
    _insert(
        Case,
        [
            _case(draft, case_id, number, citizen_id, unit_id=unit_id, by=by, at=at)
            for draft, (case_id, number), citizen_id in zip(drafts, reserved, citizen_ids, strict=True)
        ],
    )
    _add_decisions_and_themes(drafts, case_ids, by=by, at=at)
    log.record_each(
        Event.CITIZEN_CREATED,
        by=by,
        at=at,
        subjects=[
            (case_id, (SUBJECT, citizen_id), {})
            for each, case_id, citizen_id in zip(checked, case_ids, citizen_ids, strict=True)
            if each.citizen is None
        ],
    )
    return case_ids


def _lock_known(citizen_ids: list[int]) -> None:
    """Let nobody open a case on them at the same time. Raises DomainError when somebody just has, in sight."""
    if not citizen_ids:
        return
    ids = cast_sql(sorted(citizen_ids), ARRAY(Integer))
    known = select(Citizen.id).where(Citizen.id == any_(ids))
    db.session.scalars(known.order_by(Citizen.id).with_for_update()).all()
    opened = select(Case.id).where(Case.citizen_id == any_(ids), Case.closed_on.is_(None)).limit(1)
    if db.session.scalar(opened) is not None:
        raise DomainError(OVERTAKEN)


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert_rows(cast("Table", model.__table__), rows))


def _add_citizens(checked: Sequence[Checked], *, by: User, at: datetime) -> list[int]:
    """Create the citizens; return their ids in the order of the rows."""
    if not checked:
        return []
    keyring = crypto.installed()
    rows = [_citizen(each, keyring, by=by, at=at) for each in checked]
    # Not by arrays: a row's name codes are an array themselves.
    statement = insert(_CITIZENS).returning(_CITIZENS.c.id, sort_by_parameter_order=True)
    return list(db.session.execute(statement, rows).scalars())


def _citizen(each: Checked, keyring: crypto.Keyring, *, by: User, at: datetime) -> dict[str, Any]:
    draft = cast("Draft", each.draft)
    return {
        "name": draft.name,
        "name_tokens": name_tokens.tokens(draft.name, keyring),
        "cpr": None if draft.cpr is None else draft.cpr.digits,
        "cpr_index": each.index,
        "birth_date": draft.birth_date.isoformat() if draft.cpr is None else None,
        "birth_month": draft.birth_date.replace(day=1),
        "sex": draft.sex,
        "address_protection": draft.protection,
        "bydel_id": draft.bydel_id,
        "school_id": draft.school_id,
        "attached": False,
        "in_active_case": False,
        "created_by_id": by.id,
        "created_at": at,
        "version": 1,
    }


def _reserve(drafts: Sequence[Draft], *, at: datetime) -> list[tuple[int, str]]:
    """Take ids and numbers and write who sees the cases, recorded as their opening, before the cases stand."""
    asked = [
        {
            "year": draft.opened_on.year,
            "owner": draft.owner_id,
            "restricted": draft.restricted,
            "members": list(draft.member_ids),
        }
        for draft in drafts
    ]
    reserved = func.ek_reserve_cases(literal(asked, JSONB), at).table_valued(
        column("place", Integer), column("id", Integer), column("number", String)
    )
    rows = db.session.execute(select(reserved).order_by(reserved.c.place))
    return [(row.id, row.number) for row in rows]


def _case(
    draft: Draft, case_id: int, number: str, citizen_id: int, *, unit_id: int, by: User, at: datetime
) -> dict[str, Any]:
    return {
        "id": case_id,
        "number": number,
        "citizen_id": citizen_id,
        "unit_id": unit_id,
        "owner_id": draft.owner_id,
        "restricted": draft.restricted,
        "niveau": draft.niveau,
        "opened_niveau": draft.niveau,
        "status": CaseStatus.ACTIVE,
        "referrer": draft.referrer,
        "concern": draft.concern,
        "legal_basis": draft.basis.legal,
        "consent": draft.basis.consent,
        "consent_on": draft.basis.consent_on,
        "received_on": draft.opened_on,
        "opened_on": draft.opened_on,
        "accepted_on": draft.opened_on,
        "opened_by_id": by.id,
        "opened_at": at,
        "version": 1,
    }


def _add_decisions_and_themes(drafts: Sequence[Draft], case_ids: Sequence[int], *, by: User, at: datetime) -> None:
    each = list(zip(drafts, case_ids, strict=True))
    _insert(
        CaseDecision,
        [
            {
                "case_id": case_id,
                "kind": DecisionKind.ACCEPTED,
                "on_day": draft.opened_on,
                "reasons": draft.suitable,
                "suitable": True,
                "by_id": by.id,
                "at": at,
            }
            for draft, case_id in each
            if draft.suitable is not None
        ],
    )
    _insert(
        CaseTheme,
        [
            {"case_id": case_id, "theme": theme, "from_day": draft.opened_on}
            for draft, case_id in each
            for theme in sorted(draft.themes)
        ],
    )
