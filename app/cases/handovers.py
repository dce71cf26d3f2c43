"""Overdragelse: a case changes hands, with a note to whoever takes over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.access.models import User
from app.cases import services
from app.cases.locking import require_unchanged
from app.cases.models import Case
from app.cases.summaries import Summary, summaries
from app.core.errors import DomainError
from app.core.model import Base, EncryptedText
from app.deadlines.arithmetic import local_day
from app.extensions import db

NOTE_LENGTH = 4000


class Handover(Base):
    """One change of who answers for a case. from_id or to_id is None where it was, or then is, nobody."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None] = mapped_column(EncryptedText("handovers.note"))
    on_day: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("from_id IS DISTINCT FROM to_id", name="changes_hands"),)


@dataclass(frozen=True)
class Line:
    """A handover as people read it; from and to are names, None where it is nobody."""

    at: datetime
    giver: str | None
    taker: str | None
    note: str | None
    who: str


def handovers_of(case_id: int) -> list[Line]:
    """The case's handovers, the newest first."""
    giver, taker, doer = aliased(User), aliased(User), aliased(User)
    rows = db.session.execute(
        select(Handover.at, giver.name, taker.name, Handover.note, doer.name)
        .outerjoin(giver, giver.id == Handover.from_id)
        .outerjoin(taker, taker.id == Handover.to_id)
        .join(doer, doer.id == Handover.by_id)
        .where(Handover.case_id == case_id)
        .order_by(Handover.at.desc(), Handover.id.desc())
    )
    return [Line(*row) for row in rows]


def open_cases_of(user_id: int, today: date) -> list[Summary]:
    """The open cases in sight that somebody answers for, by number."""
    ids = select(Case.id).where(Case.owner_id == user_id, Case.closed_on.is_(None)).order_by(Case.number)
    return list(summaries(list(db.session.scalars(ids)), today).values())


def hand_over(case: Case, *, owner_id: int | None, note: str | None, by: User, at: datetime) -> bool:
    """Let somebody else answer for the case, or nobody; return whether it changed hands.

    Raises what `services.assign_owner` raises. The case may be out of sight afterwards.
    """
    if owner_id == case.owner_id:
        if note is not None:
            raise DomainError("Vælg en anden ansvarlig, eller slet det, du har skrevet.", "owner")
        return False
    require_unchanged(case)
    # First the note: afterwards the case may be out of sight.
    handover = Handover(
        case_id=case.id,
        from_id=case.owner_id,
        to_id=owner_id,
        note=note,
        on_day=local_day(at),
        by_id=by.id,
        at=at,
    )
    db.session.add(handover)
    db.session.flush()
    services.assign_owner(case, owner_id=owner_id, by=by, at=at)
    return True


def hand_over_all(
    user: User, *, takers: dict[int, int], note: str, seen: Iterable[int], by: User, at: datetime
) -> list[tuple[str, int]]:
    """Hand all open cases in sight of an employee over, or none; return number and taker of each.

    takers: who takes each case, by its id. seen: the cases that the one who decides was shown.
    Raises DomainError when one of them cannot be taken, or the employee's cases have changed since they were shown.
    """
    ids = select(Case).where(Case.owner_id == user.id, Case.closed_on.is_(None)).order_by(Case.id)
    cases = list(db.session.scalars(ids.with_for_update(of=Case, key_share=True)))
    if {case.id for case in cases} != set(seen):
        raise DomainError("Medarbejderens sager har ændret sig, mens du så på siden. Se listen igennem igen.")
    handed = []
    for case in cases:
        taker = takers[case.id]
        if taker == user.id:
            raise DomainError("Vælg en anden end medarbejderen selv.")
        number = case.number
        try:
            hand_over(case, owner_id=taker, note=note, by=by, at=at)
        except DomainError as error:
            raise DomainError(f"Sag {number}: {error.message}") from error
        handed.append((number, taker))
    return handed
