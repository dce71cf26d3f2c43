"""What is told of a relation, and of somebody without a case, before it is recorded."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.network.models import RelationKind, Source
from app.core.cpr import Cpr

KEPT = timedelta(days=365)
KEPT_AT_MOST = timedelta(days=2 * 365)


@dataclass(frozen=True)
class PersonFacts:
    """What is kept of somebody without a case, and until when."""

    name: str
    cpr: Cpr | None
    birth_date: date | None
    phone: str | None
    address: str | None
    delete_on: date


@dataclass(frozen=True)
class RelationFacts:
    """What is known of a relation."""

    kind: RelationKind
    from_day: date | None
    to_day: date | None
    source: Source
    note: str | None
    profession: str | None = None
    organisation: str | None = None
