"""What the case says became of each reminder, read as the web reads it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, text

from app.access.models import Role, User
from app.cases.models import Case
from app.deadlines.queries import reminders_of_case
from tests.conftest import ActAs
from tests.deadlines.conftest import MakeDeadline, RunJob
from tests.factories import Make
from tests.mailserver import Behaviour, MailServer

Told = Callable[[str], list[tuple[str, str, str, str | None]]]


@pytest.fixture
def leader(make: Make) -> User:
    return make.user(Role.LEDER, name="Lise Leder", email="leder@kommune.example")


@pytest.fixture
def case(make: Make, leader: User) -> Case:
    return make.case(2, owner=make.user(Role.KOORDINATOR, leader.unit, name="Ole Owner", email="ole@kommune.example"))


@pytest.fixture
def told(case: Case, leader: User, acting_as: ActAs) -> Told:
    """`told("2026-03-07")`: label, recipient, fate and why of each reminder, as the leader sees them that day."""

    def told(day: str) -> list[tuple[str, str, str, str | None]]:
        today = date.fromisoformat(day)
        acting_as(leader, today)
        return [(fate.label, fate.recipient, fate.fate.value, fate.why) for fate in reminders_of_case(case.id, today)]

    return told


def test_all_are_planned_before_the_scheduler_has_run(case: Case, make_deadline: MakeDeadline, told: Told) -> None:
    make_deadline(case)
    assert told("2026-03-03") == [
        ("Da fristen begyndte", "ansvarlig", "planned", None),
        ("3 dage før", "ansvarlig", "planned", None),
        ("1 dag før", "ansvarlig og leder", "planned", None),
        ("På dagen", "ansvarlig og leder", "planned", None),
        ("1 dag efter fristen", "ansvarlig og leder", "planned", None),
    ]


def test_waiting_then_sent(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, told: Told, smtp: MailServer
) -> None:
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    assert told("2026-03-03")[0] == ("Da fristen begyndte", "Ole Owner", "waiting", None)
    run_job("deliver-mail", "2026-03-03 12.00")
    assert told("2026-03-03")[0] == ("Da fristen begyndte", "Ole Owner", "sent", None)
    assert [fate for *_, fate, _ in told("2026-03-03")].count("planned") == 4


def test_failed_and_why(case: Case, make_deadline: MakeDeadline, run_job: RunJob, told: Told, smtp: MailServer) -> None:
    smtp.behaviour = Behaviour.PERMANENT
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    run_job("deliver-mail", "2026-03-03 12.00")
    why = "modtagerens postserver afviste adressen (550)"
    assert told("2026-03-03")[0] == ("Da fristen begyndte", "Ole Owner", "failed", why)


def test_overtaken_while_the_scheduler_was_down(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, told: Told
) -> None:
    make_deadline(case)
    run_job("plan-reminders", "2026-03-11 08.00")
    overtaken = "overhalet af en nyere"
    found = told("2026-03-11")
    assert found[:4] == [
        ("Da fristen begyndte", "–", "not-sent", overtaken),
        ("3 dage før", "–", "not-sent", overtaken),
        ("1 dag før", "–", "not-sent", overtaken),
        ("På dagen", "–", "not-sent", overtaken),
    ]
    assert sorted(found[4:6]) == [
        ("1 dag efter fristen", "Lise Leder", "waiting", None),
        ("1 dag efter fristen", "Ole Owner", "waiting", None),
    ]
    assert found[6:] == [("2 dage efter fristen", "ansvarlig og leder", "planned", None)]


def test_nobody_could_be_told_shows_red(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, owner: Engine, told: Told
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE users SET email = NULL"))
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    assert ("Da fristen begyndte", "–", "nobody-told", "der er ingen at sende til") in told("2026-03-03")
    assert ("Da fristen begyndte", "Ole Owner", "not-sent", "har ingen brugbar mailadresse") in told("2026-03-03")


def test_after_the_clock_has_stopped_nothing_is_planned(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, owner: Engine, told: Told, smtp: MailServer
) -> None:
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE deadlines SET stopped_at = '2026-03-03 11:30+00', stopped_on = '2026-03-03',"
                " outcome = 'opfyldt', next_reminder_on = NULL"
            )
        )
    run_job("deliver-mail", "2026-03-03 12.31")
    assert told("2026-03-04") == [("Da fristen begyndte", "Ole Owner", "withdrawn", "fristen er stoppet")]
    assert smtp.messages == []


def test_out_of_sight_there_is_nothing_to_read(
    case: Case, make: Make, make_deadline: MakeDeadline, run_job: RunJob, acting_as: ActAs
) -> None:
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    acting_as(make.user(Role.LEDER), date(2026, 3, 3))
    assert reminders_of_case(case.id, date(2026, 3, 3)) == []
