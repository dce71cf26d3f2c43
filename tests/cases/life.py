"""What several people can do to the cases of two units, and what a model of it expects."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from app.access.models import Role, Unit, User
from app.access.policy import Permission, Reader, can
from app.cases import niveauer
from app.cases import queries as case_queries
from app.cases.assessments.models import RatingSource, Urgency
from app.cases.assessments.queries import get_draft
from app.cases.assessments.services import confirm_carried, mark_rest_unknown, save_draft, sign, start_draft
from app.cases.codes import Consent, LegalBasis, Result, Theme
from app.cases.intake import services as intake
from app.cases.levels.services import change_level
from app.cases.models import Case, CaseStatus, Referrer
from app.cases.services import open_case
from app.core.errors import DomainError, NotFoundError
from app.people.merging import MergedFacts, merge_citizens
from app.people.models import AddressProtection, Citizen, Sex
from app.people.queries import get_citizen
from app.people.services import create_citizen
from tests.cases.acting import CONCERN, Db
from tests.conftest import ActAs
from tests.contents import contents
from tests.factories import Make
from tests.moments import at

FIRST_DAY = date(2026, 3, 2)
OPEN = {CaseStatus.HENVENDELSE, CaseStatus.VISITATION, CaseStatus.ACTIVE}
# Who asked what is recorded whatever the answer.
TRACES = frozenset({"audit_events"})
RESTRICTING = 3
FACTS = {
    "main_source": next(iter(RatingSource)),
    "urgency": Urgency.LOW,
    "urgency_reasons": "Intet nyt siden sidst",
}


@dataclass
class Known:
    """What the model knows of a case. history: status and niveau at the end of each day on which they changed."""

    id: int
    citizen: int
    unit: int
    status: CaseStatus
    niveau: int
    restricted: bool
    extremism: bool
    accepted: bool
    decisions: int = 0
    signed: int = 0
    history: dict[date, tuple[CaseStatus, int]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class Lives:
    """Two units with three actors each, their citizens and cases; every act is tried, and its outcome foretold."""

    def __init__(self, make: Make, owner: Engine, db_session: Db, acting_as: ActAs) -> None:
        self._make, self._owner, self._session, self._acting_as = make, owner, db_session, acting_as
        self.outcomes: Counter[tuple[str, bool]] = Counter()
        self.units = [make.unit(), make.unit()]
        self.actors = [actor for unit in self.units for actor in _team(make, unit)]
        self.day = FIRST_DAY
        self.cases: dict[int, Known] = {}
        self.citizens: list[int] = []
        self.gone: dict[int, int] = {}
        self.made_by: dict[int, int] = {}
        self.frozen_assessments: dict[int, Any] = {}

    @property
    def noon(self) -> Any:
        return at(self.day.isoformat())

    def attempt(self, actor: User, act: Callable[[User], Any], *, allowed: bool, name: str) -> Any:
        """Let the actor try; raise AssertionError unless it goes as the model says. What is refused leaves no trace."""
        self.outcomes[name, allowed] += 1
        by = self.acts_as(actor)
        before = None if allowed else contents(self._owner, but=TRACES)
        try:
            # As a form does it: what is refused is undone, and the request commits all the same.
            with self._session.begin_nested():
                result = act(by)
        except (DomainError, NotFoundError) as error:
            self._session.commit()
            refusal: Exception | None = error
            result = None
        else:
            self._session.commit()
            refusal = None
        assert allowed == (refusal is None), f"{actor.role} tried to {name}: {refusal or 'let through'!r}"
        assert before is None or contents(self._owner, but=TRACES) == before
        return result

    def acts_as(self, actor: User) -> User:
        """The session as it is in a request of the actor's."""
        self._session.rollback()
        self._session.expunge_all()
        self._acting_as(actor, self.day)
        return self._session.get_one(User, actor.id)

    def sees(self, actor: User, known: Known) -> bool:
        """What the permission table says, of the rows as the owner of the database reads them."""
        with Session(self._owner) as session:
            statement = select(Case).where(Case.id == known.id).options(joinedload(Case.access))
            case = session.scalars(statement).unique().one()
            return can(Reader.of(actor, self.day), Permission.CASE_READ, case)

    def knows(self, actor: User, citizen: int) -> bool:
        """Whether the actor sees a citizen: through a case, or as the one who made the citizen while there is none."""
        cases = [case for case in self.cases.values() if case.citizen == citizen]
        return any(self.sees(actor, case) for case in cases) or (not cases and self.made_by[citizen] == actor.id)

    def sees_open_case(self, actor: User, citizen: int) -> bool:
        """Whether the citizen has an open case that the actor sees; one out of sight must not make itself felt."""
        return any(
            known.is_open and self.sees(actor, known) for known in self.cases.values() if known.citizen == citizen
        )

    # ---------------------------------------------------------------- acts

    def make_citizen(self, actor: User) -> None:
        citizen: Citizen = self.attempt(
            actor,
            lambda by: create_citizen(
                name="Omar Bech",
                cpr=self._make.cpr(),
                sex=Sex.MALE,
                bydel_id=None,
                school_id=None,
                address_protection=AddressProtection.UNKNOWN,
                by=by,
                at=self.noon,
            ),
            allowed=True,
            name="make_citizen",
        )
        self.citizens.append(citizen.id)
        self.made_by[citizen.id] = actor.id

    def open_directly(self, actor: User, citizen: int, niveau: int) -> None:
        case = self.attempt(
            actor,
            lambda by: open_case(
                get_citizen(citizen),
                niveau=niveau,
                referrer=Referrer.SCHOOL,
                concern=CONCERN,
                owner_id=by.id,
                suitable="Vil gerne have hjælp",
                by=by,
                at=self.noon,
            ),
            allowed=self.knows(actor, citizen) and not self.sees_open_case(actor, citizen),
            name="open_directly",
        )
        if case is not None:
            self._add(case, actor, citizen, CaseStatus.ACTIVE, niveau, extremism=False)

    def refer(self, actor: User, citizen: int, *, extremism: bool) -> None:
        case = self.attempt(
            actor,
            lambda by: intake.register_referral(
                get_citizen(citizen),
                referrer=Referrer.POLICE,
                contact=None,
                themes=[Theme.EXTREMISM if extremism else Theme.CRIME],
                concern=CONCERN,
                legal_basis=LegalBasis.SSP,
                consent=Consent.NOT_NEEDED,
                received_on=self.day,
                by=by,
                at=self.noon,
            ),
            allowed=self.knows(actor, citizen) and not self.sees_open_case(actor, citizen),
            name="refer",
        )
        if case is not None:
            self._add(case, actor, citizen, CaseStatus.HENVENDELSE, niveauer.first(), extremism=extremism)

    def _add(self, case: Case, actor: User, citizen: int, status: CaseStatus, niveau: int, *, extremism: bool) -> None:
        accepted = status is CaseStatus.ACTIVE
        known = Known(
            case.id,
            citizen,
            actor.unit_id or 0,
            status,
            niveau,
            restricted=extremism or niveau == RESTRICTING,
            extremism=extremism,
            accepted=accepted,
            decisions=int(accepted),
        )
        self.cases[case.id] = known
        self._remember(known)

    def take_into_visitation(self, actor: User, known: Known) -> None:
        allowed = self.sees(actor, known) and known.status is CaseStatus.HENVENDELSE
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.take_into_visitation(case, by=by, at=self.noon),
            allowed,
            "take_into_visitation",
        ):
            self._move(known, CaseStatus.VISITATION)

    def accept(self, actor: User, known: Known, niveau: int) -> None:
        owner = next(each.id for each in self.actors if each.unit_id == known.unit and each.role is Role.KOORDINATOR)
        allowed = self.sees(actor, known) and known.status in OPEN - {CaseStatus.ACTIVE}
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.accept(
                case, niveau=niveau, reasons="Vil gerne have hjælp", owner_id=owner, by=by, at=self.noon
            ),
            allowed,
            "accept",
        ):
            known.accepted, known.niveau = True, niveau
            known.restricted = known.restricted or niveau == RESTRICTING
            self._move(known, CaseStatus.ACTIVE)

    def reject(self, actor: User, known: Known) -> None:
        allowed = self.sees(actor, known) and known.status in OPEN - {CaseStatus.ACTIVE}
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.reject(case, reasons="Uden for målgruppen", told="Skolen", by=by, at=self.noon),
            allowed,
            "reject",
        ):
            self._move(known, CaseStatus.REJECTED)

    def close(self, actor: User, known: Known) -> None:
        allowed = self.sees(actor, known) and known.status is CaseStatus.ACTIVE
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.close_case(
                case, reasons="Går i skole", result=Result.GOALS_MET, risk_view="Lav", by=by, at=self.noon
            ),
            allowed,
            "close",
        ):
            self._move(known, CaseStatus.CLOSED)

    def reopen(self, actor: User, known: Known) -> None:
        allowed = self.sees(actor, known) and not known.is_open and not self.sees_open_case(actor, known.citizen)
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.reopen_case(case, reasons="Ny sigtelse", by=by, at=self.noon),
            allowed,
            "reopen",
        ):
            self._move(known, CaseStatus.ACTIVE if known.accepted else CaseStatus.VISITATION)

    def change_level(self, actor: User, known: Known, niveau: int, *, lift: bool) -> None:
        lifts = lift and known.restricted
        may_lift = actor.role is Role.LEDER and actor.unit_id == known.unit
        allowed = (
            self.sees(actor, known)
            and known.status is CaseStatus.ACTIVE
            and niveau != known.niveau
            and not (lifts and (niveau == RESTRICTING or known.extremism or not may_lift))
        )
        if self._on_case(
            actor,
            known,
            lambda case, by: change_level(
                case, niveau=niveau, reasons="Ny vurdering", lift_restriction=lift, by=by, at=self.noon
            ),
            allowed,
            "change_level",
        ):
            known.niveau = niveau
            known.restricted = niveau == RESTRICTING or (known.restricted and not lifts)
            known.decisions += int(lifts)
            self._remember(known)

    def assess(self, actor: User, known: Known) -> None:
        def write(case: Case, by: User) -> int:
            draft = get_draft(case.id, start_draft(case, by=by, at=self.noon).id)
            mark_rest_unknown(draft, by=by, at=self.noon)
            confirm_carried(draft, by=by, at=self.noon)
            facts = FACTS | {"proposed_niveau": case.niveau, "concerns": f"Set den {self.day}"}
            save_draft(draft, facts=facts, answers={}, by=by, at=self.noon)
            sign(draft, late_reason="Ferie", by=by, at=self.noon)
            return draft.id

        if self._on_case(actor, known, write, self.sees(actor, known) and known.is_open, "assess"):
            known.signed += 1

    def transfer(self, actor: User, known: Known, unit: Unit) -> None:
        allowed = self.sees(actor, known) and known.is_open and unit.id != known.unit
        if self._on_case(
            actor,
            known,
            lambda case, by: intake.transfer_case(case, unit_id=unit.id, reasons="Flyttet", by=by, at=self.noon),
            allowed,
            "transfer",
        ):
            known.unit = unit.id
            known.decisions += 1

    def merge(self, actor: User, kept: int, gone: int) -> None:
        cases = [case for case in self.cases.values() if case.citizen in {kept, gone}]
        with_open_case = {case.citizen for case in cases if case.is_open}
        allowed = (
            kept != gone
            and not {kept, gone} & self.gone.keys()
            and all(self.knows(actor, citizen) for citizen in (kept, gone))
            and all(self.sees(actor, case) for case in cases)
            and len(with_open_case) <= 1
        )
        facts = MergedFacts("Omar Bech", Sex.MALE, AddressProtection.UNKNOWN, None, None)

        def join(by: User) -> bool:
            one, other = get_citizen(kept), get_citizen(gone)
            merge_citizens(one, other, facts, reasons="Samme dreng", by=by, at=self.noon)
            return True

        if kept != gone and self.attempt(actor, join, allowed=allowed, name="merge"):
            self.gone[gone] = kept
            for case in cases:
                case.citizen = kept

    def _on_case(
        self,
        actor: User,
        known: Known,
        act: Callable[[Case, User], Any],
        allowed: bool,
        name: str,
    ) -> bool:
        def found_and_done(by: User) -> bool:
            act(case_queries.get_case(known.id), by)
            return True

        return bool(self.attempt(actor, found_and_done, allowed=allowed, name=name))

    def _move(self, known: Known, status: CaseStatus) -> None:
        known.status = status
        known.decisions += 1
        self._remember(known)

    def _remember(self, known: Known) -> None:
        known.history[self.day] = (known.status, known.niveau)

    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)


def _team(make: Make, unit: Unit) -> list[User]:
    return [make.user(Role.LEDER, unit), make.user(Role.KOORDINATOR, unit), make.user(Role.KOORDINATOR, unit)]
