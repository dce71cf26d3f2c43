"""What must hold before anything is written on a plan, and how it is recorded."""

from datetime import datetime
from typing import Any

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases.handleplan.models import Handleplan
from app.cases.models import Case
from app.core.errors import DomainError


def require_open_case(case: Case) -> None:
    """Raise DomainError when the case has been closed."""
    if case.closed_on is not None:
        raise DomainError("Sagen er lukket. Genåbn den, før du retter i planen.")


def require_open(plan: Handleplan) -> None:
    """Raise DomainError when the plan, or its case, has been closed."""
    require_open_case(plan.case)
    if not plan.is_open:
        raise DomainError("Planen er afsluttet. Genåbn den, før du retter i den.")


def require_one_responsible(responsible_user_id: int | None, organisation: str | None) -> None:
    """Raise DomainError unless either an employee or somebody else is responsible."""
    if responsible_user_id is None and organisation is None:
        raise DomainError("Vælg en medarbejder, eller skriv, hvem der ellers gør det.", "responsible")
    require_at_most_one_responsible(responsible_user_id, organisation)


def require_at_most_one_responsible(responsible_user_id: int | None, organisation: str | None) -> None:
    """Raise DomainError when both an employee and somebody else are responsible."""
    if responsible_user_id is not None and organisation is not None:
        raise DomainError("Vælg en medarbejder, eller skriv en anden, men ikke begge dele.", "organisation")


def record(event: Event, plan: Handleplan, *, by: User, at: datetime, **details: Any) -> None:
    """Record an act on the plan."""
    log.record(event, by=by, at=at, case_id=plan.case_id, subject=plan.subject, **details)
