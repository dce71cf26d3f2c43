"""Taking a referral in, looking at it, and deciding."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.cases import queries, themes
from app.cases.codes import Consent, Theme
from app.cases.intake import services
from app.cases.models import Case, CaseStatus
from app.core.errors import ChangedMeanwhileError, DomainError
from tests.cases.acting import NOON, TODAY, Db, access_of, events_of, new_citizen, open_one, sees
from tests.cases.intake.conftest import decided, refer, spells
from tests.conftest import ActAs
from tests.world import Team, World

LATER = NOON + timedelta(days=3)


def test_a_referral_is_a_case_that_waits(team: Team, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator, themes=[Theme.DRUGS, Theme.ABSENCE], received_on=date(2026, 11, 18))
    db_session.commit()

    assert case.status is CaseStatus.HENVENDELSE
    assert case.is_open
    assert (case.number[:5], case.received_on, case.opened_on, case.accepted_on) == (
        "2026-",
        date(2026, 11, 18),
        TODAY,
        None,
    )
    assert (case.owner_id, case.restricted) == (None, False)
    assert themes.of_case(case.id) == [Theme.DRUGS, Theme.ABSENCE]
    assert [event for event, *_ in events_of(owner, case.id)] == ["case.opened", "referral.registered"]
    assert spells(owner, case.id) == [("henvendelse", 1, TODAY, None)]


def test_extremism_restricts_from_the_start(
    world: World, team: Team, acting_as: ActAs, db_session: Db, owner: Engine
) -> None:
    case = refer(team.koordinator, themes=[Theme.EXTREMISM, Theme.CRIME], restricted_to=[team.mentor.id])
    db_session.commit()

    assert case.restricted
    assert {user for user, *_ in access_of(owner, case.id)} == {team.koordinator.id, team.mentor.id}
    assert [sees(acting_as, db_session, user, case.id) for user in (team.mentor, team.leder, world.syd.leder)] == [
        True,
        True,
        False,
    ]


def test_nobody_is_named_on_a_referral_that_is_not_restricted(team: Team, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator, restricted_to=[team.mentor.id])
    db_session.commit()

    assert access_of(owner, case.id) == set()


@pytest.mark.parametrize(
    ("consent", "told", "kept"),
    [
        (Consent.GIVEN, None, TODAY),
        (Consent.REFUSED, date(2026, 11, 1), date(2026, 11, 1)),
        (Consent.NOT_ASKED, date(2026, 11, 1), None),
        (Consent.NOT_NEEDED, None, None),
    ],
)
def test_consent_has_a_day_when_somebody_answered(
    team: Team, consent: Consent, told: date | None, kept: date | None
) -> None:
    case = refer(team.koordinator, consent=consent, consent_on=told)

    assert (case.consent, case.consent_on) == (consent, kept)


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"themes": []}, "themes"),
        ({"consent": Consent.GIVEN, "consent_on": TODAY + timedelta(days=1)}, "consent_on"),
        ({"themes": [Theme.EXTREMISM], "restricted_to": [99_999]}, "members"),
    ],
)
def test_a_referral_that_cannot_be(team: Team, known: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        refer(team.koordinator, **known)

    assert refused.value.field == field


@pytest.mark.parametrize("first", [refer, open_one])
@pytest.mark.parametrize("second", [refer, open_one])
def test_a_citizen_has_one_open_case(team: Team, first: Any, second: Any) -> None:
    citizen = new_citizen(team.koordinator)
    case = first(team.koordinator, citizen)

    with pytest.raises(DomainError, match=f"allerede en åben sag, {case.number}"):
        second(team.koordinator, citizen)


def test_the_whole_way_in(team: Team, acting_as: ActAs, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator)
    acting_as(team.koordinator, TODAY + timedelta(days=3))
    services.take_into_visitation(case, by=team.koordinator, at=LATER)
    assert case.status is CaseStatus.VISITATION

    acting_as(team.koordinator, TODAY + timedelta(days=5))
    services.accept(
        case,
        niveau=2,
        reasons="Vil gerne i fritidsjob",
        owner_id=team.koordinator.id,
        by=team.koordinator,
        at=NOON + timedelta(days=5),
    )
    db_session.commit()

    day3, day5 = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    assert (case.status, case.niveau, case.opened_niveau, case.accepted_on, case.owner_id) == (
        CaseStatus.ACTIVE,
        2,
        2,
        day5,
        team.koordinator.id,
    )
    assert decided(owner, case.id) == [("to_visitation", None, None), ("accepted", True, "Vil gerne i fritidsjob")]
    assert spells(owner, case.id) == [
        ("henvendelse", 1, TODAY, day3),
        ("visitation", 1, day3, day5),
        ("aktiv", 2, day5, None),
    ]
    assert [event for event, *_ in events_of(owner, case.id)][2:] == [
        "referral.to-visitation",
        "referral.accepted",
        "case.owner-assigned",
    ]


def test_accepted_the_same_day_leaves_no_spell_of_no_length(team: Team, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator)
    services.accept(case, niveau=2, reasons="Egnet", owner_id=None, by=team.koordinator, at=NOON)
    db_session.commit()

    assert spells(owner, case.id) == [("aktiv", 2, TODAY, None)]


def test_accepted_on_niveau_3_it_is_for_the_named(team: Team, acting_as: ActAs, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator)
    by = team.koordinator
    services.accept(case, niveau=3, reasons="Egnet", owner_id=None, member_ids=[team.mentor.id], by=by, at=NOON)
    db_session.commit()

    assert case.restricted
    assert {user for user, *_ in access_of(owner, case.id)} == {by.id, team.mentor.id}
    assert sees(acting_as, db_session, team.mentor, case.id)


def test_more_are_named_when_a_restricted_referral_is_accepted(team: Team, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator, themes=[Theme.EXTREMISM])
    by = team.koordinator
    services.accept(case, niveau=1, reasons="Egnet", owner_id=by.id, member_ids=[team.mentor.id], by=by, at=NOON)
    db_session.commit()

    assert {(user, kind) for user, kind, *_ in access_of(owner, case.id)} == {
        (by.id, "member"),
        (by.id, "owner"),
        (team.mentor.id, "member"),
    }


def test_rejected_with_reasons_and_who_was_told(team: Team, db_session: Db, owner: Engine) -> None:
    case = refer(team.koordinator)
    services.reject(case, reasons="Bor i en anden kommune", told="Skolen, 20-11-2026", by=team.koordinator, at=NOON)
    db_session.commit()

    assert (case.status, case.closed_on, case.accepted_on, case.is_open) == (CaseStatus.REJECTED, TODAY, None, False)
    assert decided(owner, case.id) == [("rejected", False, "Bor i en anden kommune")]
    assert spells(owner, case.id) == [("afvist", 1, TODAY, None)]
    assert refer(team.koordinator, case.citizen).is_open


def _acts(team: Team, case: Case) -> dict[str, Any]:
    by = team.koordinator
    return {
        "visitation": lambda: services.take_into_visitation(case, by=by, at=NOON),
        "accept": lambda: services.accept(case, niveau=1, reasons="x", owner_id=None, by=by, at=NOON),
        "reject": lambda: services.reject(case, reasons="x", told="y", by=by, at=NOON),
    }


@pytest.mark.parametrize("act", ["visitation", "accept", "reject"])
@pytest.mark.parametrize("decided_as", ["accept", "reject"])
def test_what_is_decided_is_not_decided_again(team: Team, act: str, decided_as: str) -> None:
    case = refer(team.koordinator)
    acts = _acts(team, case)
    acts[decided_as]()

    with pytest.raises(DomainError, match="allerede"):
        acts[act]()


@pytest.mark.parametrize("act", ["visitation", "accept", "reject"])
def test_whoever_looks_at_an_older_one_does_not_overrule(team: Team, db_session: Db, act: str) -> None:
    case = refer(team.koordinator)
    db_session.commit()
    stale = queries.get_case(case.id)
    db_session.expunge(stale)
    services.take_into_visitation(queries.get_case(case.id), by=team.koordinator, at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        _acts(team, stale)[act]()


@pytest.mark.parametrize(("values", "field"), [({"niveau": 7}, "niveau"), ({"owner_id": 99_999}, "owner")])
def test_accepted_as_something_that_is_not_on_offer(team: Team, values: dict[str, Any], field: str) -> None:
    case = refer(team.koordinator)
    given: dict[str, Any] = {"niveau": 1, "reasons": "Egnet", "owner_id": None} | values
    with pytest.raises(DomainError) as refused:
        services.accept(case, by=team.koordinator, at=NOON, **given)

    assert (refused.value.field, case.status) == (field, CaseStatus.HENVENDELSE)
