"""The meeting, and the order in which things may happen."""

from collections.abc import Callable
from datetime import date

import pytest

from app.core.errors import DomainError
from app.netvaerkssamraad import services, steps
from app.netvaerkssamraad.models import Exemption, Netvaerkssamraad, PartyRole, Stage
from app.netvaerkssamraad.steps import Step
from tests.moments import at
from tests.netvaerkssamraad.conftest import RECEIVED, Desk

NOW = at("2026-03-20 12.00")


def test_meeting_is_held(desk: Desk) -> None:
    samraad = desk.summoned()

    services.record_held(samraad, held_on=date(2026, 3, 20), by=desk.by, at=NOW)

    assert (samraad.stage, samraad.held_on, samraad.is_open) == (Stage.HELD, date(2026, 3, 20), False)


def test_meeting_is_not_held(desk: Desk) -> None:
    samraad = desk.summoned()

    services.record_not_held(samraad, reason="Familien udeblev", by=desk.by, at=NOW)

    assert (samraad.stage, samraad.reason, samraad.held_on) == (Stage.NOT_HELD, "Familien udeblev", None)


def test_meeting_may_be_held_another_day(desk: Desk) -> None:
    samraad = desk.summoned()
    services.record_not_held(samraad, reason="Familien udeblev", by=desk.by, at=NOW)

    services.record_held(samraad, held_on=date(2026, 3, 19), by=desk.by, at=NOW)

    assert (samraad.stage, samraad.reason) == (Stage.HELD, "Familien udeblev")


@pytest.mark.parametrize(("day", "word"), [(date(2026, 3, 21), "fremtiden"), (date(2026, 3, 2), "før indkaldelsen")])
def test_impossible_day_is_refused(desk: Desk, day: date, word: str) -> None:
    samraad = desk.summoned(RECEIVED)

    with pytest.raises(DomainError, match=word) as refusal:
        services.record_held(samraad, held_on=day, by=desk.by, at=NOW)
    assert refusal.value.field == "held_on"


def test_day_of_the_summons_is_possible(desk: Desk) -> None:
    samraad = desk.summoned(RECEIVED)

    services.record_held(samraad, held_on=date(2026, 3, 3), by=desk.by, at=NOW)

    assert samraad.stage is Stage.HELD


ALLOWED = {
    Stage.AWAITS_SUMMONS: {Step.CHANGE_PARTIES, Step.SUMMON, Step.EXEMPT, Step.CHANGE_MEASURES},
    Stage.SUMMONED: {Step.CHANGE_PARTIES, Step.RECORD_HELD, Step.RECORD_NOT_HELD, Step.UNDO_SUMMONS},
    Stage.NOT_HELD: {Step.RECORD_HELD, Step.UNDO_MEETING},
    Stage.HELD: {Step.UNDO_MEETING},
    Stage.EXEMPT: {Step.UNDO_EXEMPTION},
    Stage.MEASURES: {Step.UNDO_EXEMPTION},
    Stage.CANCELLED: {Step.UNDO_EXEMPTION},
}


@pytest.mark.parametrize("stage", Stage)
def test_only_these_steps_follow(stage: Stage) -> None:
    assert {step for step in Step if steps.follows(stage, step)} == ALLOWED[stage]


Act = Callable[[Desk, Netvaerkssamraad], object]
ACTS: dict[Step, Act] = {
    Step.CHANGE_PARTIES: lambda desk, samraad: desk.parent(samraad, "En til"),
    Step.SUMMON: lambda desk, samraad: desk.summon(samraad, NOW, no_custody_holder="–", late_reason="–"),
    Step.EXEMPT: lambda desk, samraad: services.exempt(
        samraad, exemption=Exemption.OTHER, reason="–", by=desk.by, at=NOW
    ),
    Step.CHANGE_MEASURES: lambda desk, samraad: services.change_measures(samraad, reason="–", by=desk.by, at=NOW),
    Step.RECORD_HELD: lambda desk, samraad: services.record_held(
        samraad, held_on=date(2026, 3, 20), by=desk.by, at=NOW
    ),
    Step.RECORD_NOT_HELD: lambda desk, samraad: services.record_not_held(samraad, reason="–", by=desk.by, at=NOW),
    Step.UNDO_SUMMONS: lambda desk, samraad: services.undo_summons(samraad, reason="–", by=desk.by, at=NOW),
    Step.UNDO_MEETING: lambda desk, samraad: services.undo_meeting(samraad, reason="–", by=desk.by, at=NOW),
    Step.UNDO_EXEMPTION: lambda desk, samraad: services.undo_exemption(samraad, reason="–", by=desk.by, at=NOW),
}
WAY_TO: dict[Stage, tuple[Step, ...]] = {
    Stage.AWAITS_SUMMONS: (),
    Stage.SUMMONED: (Step.SUMMON,),
    Stage.HELD: (Step.SUMMON, Step.RECORD_HELD),
    Stage.NOT_HELD: (Step.SUMMON, Step.RECORD_NOT_HELD),
    Stage.EXEMPT: (Step.EXEMPT,),
    Stage.MEASURES: (Step.CHANGE_MEASURES,),
}


@pytest.mark.parametrize("stage", WAY_TO)
def test_every_act_out_of_turn_is_refused_with_a_reason(desk: Desk, stage: Stage) -> None:
    desk.held(date(2026, 3, 1))
    samraad = desk.register()
    for taken in WAY_TO[stage]:
        ACTS[taken](desk, samraad)
    before = (samraad.stage, samraad.version)

    for step in set(Step) - ALLOWED[stage]:
        with pytest.raises(DomainError, match=r"^[A-ZÆØÅ].*\.$"):
            ACTS[step](desk, samraad)

    assert (samraad.stage, samraad.version) == before
    assert samraad.stage is stage


def test_young_person_stays_when_the_samraad_has_ended(desk: Desk) -> None:
    samraad = desk.summoned()
    services.record_held(samraad, held_on=date(2026, 3, 4), by=desk.by, at=NOW)

    with pytest.raises(DomainError, match="holdt"):
        services.remove_party(samraad.parties[0], by=desk.by, at=NOW)
    assert samraad.parties[0].role is PartyRole.YOUNG_PERSON
