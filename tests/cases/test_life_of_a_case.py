"""Whatever several people do to cases, in whatever order, ten things hold.

1. Nobody opens or reopens a case on a citizen whose open case he sees; one out of sight does not make itself felt.
2. A case stands as the last act that was let through left it, and an act is let through exactly when it may be.
3. It has a closing day exactly when it is closed or rejected, and a day of acceptance exactly when it ever was active.
4. Its spells follow each other without a gap or an empty one, and the last tells where it stands now.
5. No case is lost or made twice, and no number is used twice.
6. Every decision is kept, with who made it.
7. A signed assessment never changes, and none is lost.
8. A citizen who was merged into another has no case; the other has them all.
9. A case is in sight of exactly those whom the permission table lets see it.
10. What is refused changes nothing.
"""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlalchemy.engine import RowMapping

from app.access.models import User
from app.cases import queries
from app.cases.models import CaseStatus
from app.core.errors import NotFoundError
from tests.cases.acting import Db
from tests.cases.life import Known, Lives
from tests.conftest import ActAs
from tests.factories import Make

EXAMPLES, STEPS = 12, 20
MOST_CITIZENS = 3
ACTORS, NIVEAUER = st.integers(0, 23), st.sampled_from([1, 2, 3])
# One act in so many is tried by anybody; the others by somebody who sees what it is about, or most would be refused.
ANYBODY = 4
REFERRALS, ENDED = (CaseStatus.HENVENDELSE, CaseStatus.VISITATION), (CaseStatus.CLOSED, CaseStatus.REJECTED)
FITTING: dict[str, tuple[CaseStatus, ...]] = {
    "take_into_visitation": (CaseStatus.HENVENDELSE,),
    "accept": REFERRALS,
    "reject": REFERRALS,
    "close": (CaseStatus.ACTIVE,),
    "assess": (CaseStatus.ACTIVE,),
    "change_level": (CaseStatus.ACTIVE,),
    "transfer": (CaseStatus.ACTIVE,),
    "reopen": ENDED,
}
PICKED = st.integers(0, 1000)
ACTS = st.tuples(st.sampled_from(sorted(FITTING)), ACTORS, PICKED, NIVEAUER, st.booleans())


class LifeOfCases(RuleBasedStateMachine):
    """Every run has units, people and citizens of its own."""

    def __init__(self, lives: Lives, owner: Engine) -> None:
        super().__init__()
        self.lives = lives
        self._owner = owner

    def anybody(self, number: int) -> User:
        return self.lives.actors[number % len(self.lives.actors)]

    def actor(self, number: int, known: Known) -> User:
        near = [actor for actor in self.lives.actors if self.lives.sees(actor, known)]
        return near[number % len(near)] if near and number % ANYBODY else self.anybody(number)

    def one_who_knows(self, number: int, citizen: int) -> User:
        near = [actor for actor in self.lives.actors if self.lives.knows(actor, citizen)]
        return near[number % len(near)] if near and number % ANYBODY else self.anybody(number)

    def citizen(self, picked: int) -> int:
        return self.lives.citizens[picked % len(self.lives.citizens)]

    def case(self, picked: int, act: str) -> Known:
        cases = list(self.lives.cases.values())
        fitting = [known for known in cases if known.status in FITTING[act]]
        chosen = fitting if fitting and picked % ANYBODY else cases
        return chosen[picked % len(chosen)]

    @initialize(niveau=NIVEAUER, extremism=st.booleans())
    def a_case_and_a_referral(self, niveau: int, extremism: bool) -> None:
        first, other = self.lives.actors[1], self.lives.actors[2]
        self.lives.make_citizen(first)
        self.lives.open_directly(first, self.lives.citizens[0], niveau)
        self.lives.make_citizen(other)
        self.lives.refer(other, self.lives.citizens[1], extremism=extremism)

    @precondition(lambda self: len(self.lives.citizens) < MOST_CITIZENS)
    @rule(actor=ACTORS)
    def make_citizen(self, actor: int) -> None:
        self.lives.make_citizen(self.anybody(actor))

    @rule(actor=ACTORS, picked=PICKED, niveau=NIVEAUER)
    def open_directly(self, actor: int, picked: int, niveau: int) -> None:
        citizen = self.citizen(picked)
        self.lives.open_directly(self.one_who_knows(actor, citizen), citizen, niveau)

    @rule(actor=ACTORS, picked=PICKED, extremism=st.booleans())
    def refer(self, actor: int, picked: int, extremism: bool) -> None:
        citizen = self.citizen(picked)
        self.lives.refer(self.one_who_knows(actor, citizen), citizen, extremism=extremism)

    @precondition(lambda self: self.lives.cases)
    @rule(acts=st.lists(ACTS, min_size=2, max_size=5))
    def act_on_cases(self, acts: list[tuple[str, int, int, int, bool]]) -> None:
        for act, number, picked, niveau, flag in acts:
            known = self.case(picked, act)
            further: dict[str, dict[str, Any]] = {
                "accept": {"niveau": niveau},
                "change_level": {"niveau": niveau, "lift": flag},
                "transfer": {"unit": self.lives.units[flag]},
            }
            getattr(self.lives, act)(self.actor(number, known), known, **further.get(act, {}))

    @precondition(lambda self: len(self.lives.citizens) > 1)
    @rule(actor=ACTORS, kept=PICKED, gone=PICKED)
    def merge(self, actor: int, kept: int, gone: int) -> None:
        staying = self.citizen(kept)
        self.lives.merge(self.one_who_knows(actor, staying), staying, self.citizen(gone))

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.lives.days_pass(days)

    @invariant()
    def cases_stand_as_they_were_left(self) -> None:
        found = {row["id"]: row for row in self._cases()}
        assert found.keys() == self.lives.cases.keys()
        assert len({row["number"] for row in found.values()}) == len(found)
        for known in self.lives.cases.values():
            row = found[known.id]
            stands = row["status"], row["niveau"], row["restricted"], row["unit_id"], row["citizen_id"]
            expected = known.status.value, known.niveau, known.restricted, known.unit, known.citizen
            assert stands == expected, known
            assert (row["closed_on"] is None) == known.is_open
            assert (row["accepted_on"] is not None) == known.accepted

    @invariant()
    def spells_tell_the_whole_history(self) -> None:
        for known in self.lives.cases.values():
            spells = self._rows(
                "SELECT status, niveau, from_day, until_day FROM case_spells WHERE case_id = :id ORDER BY from_day",
                id=known.id,
            )
            told = {spell["from_day"]: (spell["status"], spell["niveau"]) for spell in spells}
            assert told == _without_repeats(known.history)
            follow = [spell["from_day"] for spell in spells[1:]]
            assert [spell["until_day"] for spell in spells] == [*follow, None]

    @invariant()
    def decisions_and_assessments_are_kept(self) -> None:
        for known in self.lives.cases.values():
            made = self._rows("SELECT by_id FROM case_decisions WHERE case_id = :id", id=known.id)
            assert len(made) == known.decisions
            signed = self._rows(
                "SELECT a.id, md5(a::text || (SELECT string_agg(r::text, '|' ORDER BY r.id)"
                " FROM assessment_ratings r WHERE r.assessment_id = a.id)) AS digest"
                " FROM assessments a WHERE a.case_id = :id AND a.state = 'underskrevet'",
                id=known.id,
            )
            assert len(signed) == known.signed
            for row in signed:
                assert self.lives.frozen_assessments.setdefault(row["id"], row["digest"]) == row["digest"]

    @invariant()
    def merged_citizens_have_nothing_left(self) -> None:
        for gone, kept in self.lives.gone.items():
            assert (
                self._rows("SELECT merged_into_id FROM citizens WHERE id = :id", id=gone)[0]["merged_into_id"] == kept
            )
            assert not self._rows("SELECT id FROM cases WHERE citizen_id = :id", id=gone)

    def _cases(self) -> list[RowMapping]:
        units = [unit.id for unit in self.lives.units]
        return self._rows("SELECT * FROM cases WHERE unit_id = ANY (:units)", units=units)

    def teardown(self) -> None:
        """In sight of exactly those who may see it; asked once, at the end, of everybody about everything."""
        for actor in self.lives.actors:
            self.lives.acts_as(actor)
            for known in self.lives.cases.values():
                assert _is_found(known.id) == self.lives.sees(actor, known), (actor.role, known)

    def _rows(self, sql: str, **values: Any) -> list[RowMapping]:
        with self._owner.connect() as connection:
            return list(connection.execute(text(sql), values).mappings())


def _without_repeats(history: dict[date, tuple[Any, int]]) -> dict[date, tuple[str, int]]:
    told: dict[date, tuple[str, int]] = {}
    for day in sorted(history):
        status, niveau = history[day]
        if not told or list(told.values())[-1] != (status.value, niveau):
            told[day] = (status.value, niveau)
    return told


def _is_found(case_id: int) -> bool:
    try:
        queries.get_case(case_id)
    except NotFoundError:
        return False
    return True


def test_life_of_cases(make: Make, owner: Engine, db_session: Db, acting_as: ActAs, torture_rounds: int) -> None:
    class Life(LifeOfCases):
        """Hypothesis makes a new one for every example, without arguments."""

        def __init__(self) -> None:
            super().__init__(Lives(make, owner, db_session, acting_as), owner)

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES * torture_rounds,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=torture_rounds == 1,
            suppress_health_check=list(HealthCheck),
            # Making the example smaller takes minutes; the steps that led there are printed all the same.
            phases=[Phase.explicit, Phase.generate],
        ),
    )


def test_every_act_is_let_through_and_refused(make: Make, owner: Engine, db_session: Db, acting_as: ActAs) -> None:
    """A model whose acts were always refused, or never, would show nothing."""
    lives = Lives(make, owner, db_session, acting_as)
    leader, coordinator, *_, stranger = lives.actors
    for _ in range(2):
        lives.make_citizen(coordinator)
    first, second = lives.citizens
    lives.refer(stranger, first, extremism=False)
    lives.refer(coordinator, first, extremism=False)
    known = lives.cases[min(lives.cases)]
    walk = (
        "take_into_visitation",
        "reject",
        "reopen",
        "accept",
        "assess",
        "change_level",
        "close",
        "reopen",
        "transfer",
    )
    further: dict[str, dict[str, Any]] = {
        "accept": {"niveau": 2},
        "change_level": {"niveau": 1, "lift": False},
        "transfer": {"unit": lives.units[1]},
    }
    for act in walk:
        getattr(lives, act)(stranger, known, **further.get(act, {}))
        getattr(lives, act)(leader, known, **further.get(act, {}))
        lives.days_pass(3)
    lives.open_directly(stranger, second, 3)
    lives.open_directly(coordinator, second, 3)
    lives.make_citizen(coordinator)
    lives.merge(stranger, second, lives.citizens[2])
    lives.merge(coordinator, second, lives.citizens[2])

    tried = {*walk, "refer", "open_directly", "merge"}
    assert set(lives.outcomes) == {(act, allowed) for act in tried for allowed in (True, False)} | {
        ("make_citizen", True)
    }
    assert (known.status, known.unit) == (CaseStatus.ACTIVE, lives.units[1].id)
