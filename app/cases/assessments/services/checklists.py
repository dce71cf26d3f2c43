"""A new version of the checklist. Assessments keep the version that they were begun with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.assessments.checklist import Checklist, Domain, Item, Kind, new_code
from app.cases.assessments.models import ChecklistVersion
from app.core.errors import ChangedMeanwhileError, DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db

LOCK = "assessment_checklists"


@dataclass(frozen=True)
class Edit:
    """What becomes of a version. texts: of items by code; names: of domains by code; added: domain, text and kind."""

    texts: Mapping[str, str] = field(default_factory=dict)
    inactive: Collection[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    added: Collection[tuple[str, str, Kind]] = ()


def renew_checklist(
    earlier: ChecklistVersion, edit: Edit, *, valid_from: date, by: User, at: datetime
) -> ChecklistVersion:
    """Put a new version of the checklist into force.

    Raises DomainError when nothing is different, the day has passed, nothing would be asked, or somebody else has
    made a version since `earlier`.
    """
    if valid_from < local_day(at):
        raise DomainError("En ny tjekliste kan tidligst gælde fra i dag.", "valid_from")
    old = Checklist.read(earlier.content)
    new = edited(old, edit)
    if new == old:
        raise DomainError("Der er ikke ændret noget i tjeklisten.")
    if not new.items:
        raise DomainError("Mindst ét punkt skal være i brug.")
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))
    if db.session.scalar(select(func.max(ChecklistVersion.version))) != earlier.version:
        raise ChangedMeanwhileError
    version = ChecklistVersion(
        version=earlier.version + 1, valid_from=valid_from, content=new.written(), made_by_id=by.id, made_at=at
    )
    db.session.add(version)
    db.session.flush()
    log.record(Event.CHECKLIST_RENEWED, by=by, at=at, subject=("checklist", version.id), version=version.version)
    return version


def edited(checklist: Checklist, edit: Edit) -> Checklist:
    """The checklist after the edit. Codes are kept, so that old and new answers can be compared."""
    taken = set(checklist.codes)
    return Checklist(tuple(_edited_domain(domain, edit, taken) for domain in checklist.domains))


def _edited_domain(domain: Domain, edit: Edit, taken: set[str]) -> Domain:
    items = [
        Item(item.code, edit.texts.get(item.code, item.text), item.kind, item.code not in edit.inactive)
        for item in domain.items
    ]
    for code, text, kind in edit.added:
        if code == domain.code:
            item = Item(new_code(text, taken), text, kind)
            taken.add(item.code)
            items.append(item)
    return Domain(domain.code, edit.names.get(domain.code, domain.name), tuple(items))
