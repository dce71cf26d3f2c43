"""Reminders from the clock to the mail server."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.access.models import Role, User
from app.cases import queries
from app.cases.models import AccessKind, Case
from app.core.database import RowScope, enter_row_scope
from app.deadlines.models import NotSent
from app.deadlines.recipients import Employee
from app.extensions import db
from app.outbox.models import MailState
from tests.deadlines.conftest import Books, MakeDeadline, RunJob
from tests.factories import Make
from tests.mailserver import Behaviour, MailServer
from tests.scoped_rows import ids_seen
from tests.world import World

Sweep = Callable[[str], None]


@pytest.fixture
def leader(make: Make) -> User:
    return make.user(Role.LEDER, email="leder@kommune.example")


@pytest.fixture
def owner_of_case(make: Make, leader: User) -> User:
    return make.user(Role.KOORDINATOR, leader.unit, email="ansvarlig@kommune.example")


@pytest.fixture
def case(make: Make, owner_of_case: User) -> Case:
    return make.case(2, owner=owner_of_case)


def recipients(smtp: MailServer) -> list[str]:
    """Who got something since the last time this was asked."""
    found = sorted(address for delivered in smtp.messages for address in delivered.recipients)
    smtp.messages.clear()
    return found


def test_a_week_of_reminders(case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer) -> None:
    make_deadline(case)
    told = {}
    for day in range(3, 14):
        for hour in ("00.01", "12.00", "23.59"):
            sweep(f"2026-03-{day:02} {hour}")
        if subjects := {delivered.subject for delivered in smtp.messages}:
            told[day] = (*subjects, *recipients(smtp))
    both = ("ansvarlig@kommune.example", "leder@kommune.example")
    assert told == {
        3: ("En frist er begyndt", "ansvarlig@kommune.example"),
        7: ("En frist nærmer sig", "ansvarlig@kommune.example"),
        9: ("En frist nærmer sig", *both),
        10: ("En frist udløber i dag", *both),
        11: ("En frist er overskredet", *both),
        12: ("En frist er overskredet", *both),
        13: ("En frist er overskredet", *both),
    }


def test_nothing_after_the_clock_has_stopped(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, smtp: MailServer, owner: Engine, books: Books
) -> None:
    deadline = make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    stop(owner, deadline.id)
    run_job("deliver-mail", "2026-03-03 12.01")
    run_job("plan-reminders", "2026-03-10 12.00")
    run_job("deliver-mail", "2026-03-10 12.00")
    assert smtp.messages == []
    assert [(mail.state, mail.error) for mail in books.mails()] == [(MailState.WITHDRAWN, "fristen er stoppet")]


def test_after_eight_days_of_standstill_only_the_newest_step(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, books: Books
) -> None:
    make_deadline(case)
    sweep("2026-03-11 08.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example", "leder@kommune.example"]
    assert {reminder.step for reminder in books.reminders()} == {-1}
    sweep("2026-03-11 08.01")
    assert smtp.messages == []


def test_mail_held_up_is_overtaken_by_newer_mail(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, smtp: MailServer, books: Books
) -> None:
    make_deadline(case)
    smtp.refuse()
    run_job("plan-reminders", "2026-03-03 12.00")
    run_job("deliver-mail", "2026-03-03 12.00", error="postserveren svarer ikke")
    assert [(mail.state, mail.error) for mail in books.mails()] == [(MailState.QUEUED, "postserveren svarer ikke")]
    run_job("plan-reminders", "2026-03-07 12.00")
    smtp.open()
    run_job("deliver-mail", "2026-03-05 11.00")
    assert [delivered.subject for delivered in smtp.messages] == ["En frist nærmer sig"]
    assert [mail.error for mail in books.mails()] == ["overhalet af en nyere", None]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE cases SET owner_id = NULL", NotSent.NO_OWNER),
        ("UPDATE users SET email = NULL WHERE id = :owner", NotSent.NO_ADDRESS),
        ("UPDATE users SET email = 'x y' WHERE id = :owner", NotSent.NO_ADDRESS),
        ("UPDATE users SET active = false, disabled_at = created_at WHERE id = :owner", NotSent.DISABLED),
    ],
)
def test_the_leader_when_the_owner_cannot_be_told(
    change: str,
    why: NotSent,
    case: Case,
    make_deadline: MakeDeadline,
    sweep: Sweep,
    smtp: MailServer,
    owner: Engine,
    owner_of_case: User,
    books: Books,
) -> None:
    with owner.begin() as connection:
        connection.execute(text(change).bindparams(**({"owner": owner_of_case.id} if ":owner" in change else {})))
    make_deadline(case)
    sweep("2026-03-03 12.00")
    assert recipients(smtp) == ["leder@kommune.example"]
    assert [reminder.not_sent for reminder in books.reminders()] == [why, None]


def test_substitutes_of_owner_and_leader(
    case: Case,
    make: Make,
    make_deadline: MakeDeadline,
    sweep: Sweep,
    smtp: MailServer,
    owner_of_case: User,
    leader: User,
) -> None:
    days = date(2026, 3, 2), date(2026, 3, 6)
    make.absence(owner_of_case, *days, make.user(Role.KOORDINATOR, leader.unit, email="anden@kommune.example"))
    make.absence(leader, *days, make.user(Role.KOORDINATOR, leader.unit, email="souschef@kommune.example"))
    make_deadline(case)
    sweep("2026-03-03 12.00")
    assert recipients(smtp) == ["anden@kommune.example", "leder@kommune.example", "souschef@kommune.example"]
    sweep("2026-03-07 12.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example"]


def test_the_leader_instead_of_a_substitute_who_may_not_see_the_case(
    make: Make,
    make_deadline: MakeDeadline,
    sweep: Sweep,
    smtp: MailServer,
    owner_of_case: User,
    leader: User,
    books: Books,
) -> None:
    substitute = make.user(Role.KOORDINATOR, leader.unit, email="anden@kommune.example")
    make.absence(owner_of_case, date(2026, 3, 2), date(2026, 3, 9), substitute)
    restricted = make.case(3, owner=owner_of_case)
    make.ended(restricted, substitute, date(2026, 3, 3))
    make.access(restricted, substitute, from_day=date(2026, 3, 7))
    make_deadline(restricted)
    sweep("2026-03-03 12.00")
    assert recipients(smtp) == ["leder@kommune.example"]
    reasons = {reminder.recipient_id: reminder.not_sent for reminder in books.reminders()}
    assert reasons == {owner_of_case.id: NotSent.AWAY, substitute.id: NotSent.NO_SIGHT, leader.id: None}
    sweep("2026-03-07 12.00")
    assert recipients(smtp) == ["anden@kommune.example", "leder@kommune.example"]


def test_reminders_and_row_scope_agree_on_who_sees_what(world: World, web: Engine, job_app: Flask) -> None:
    today = date(2026, 3, 3)
    ids = {case.id for case in world.cases.values()}
    with job_app.app_context():
        enter_row_scope(db.session(), RowScope(today=today))
        contacts = queries.contacts(ids)
    for user in [*world.nord, *world.syd]:
        employee = Employee(user.id, user.role, user.unit_id, reachable_by_mail=True)
        told = {case for case, contact in contacts.items() if employee.sees(contact)}
        not_barred = {case for case in told if user.id not in contacts[case].barred_ids}
        assert not_barred == ids_seen(web, Case.metadata.tables["cases"], RowScope(user.id, today)), user.name


def test_who_is_barred_is_told_nothing(
    case: Case, make: Make, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, leader: User
) -> None:
    make.access(case, leader, AccessKind.BARRED)
    make_deadline(case, next_on=date(2026, 3, 9))
    sweep("2026-03-09 12.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example"]


def test_nobody_to_tell_is_recorded(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, owner: Engine, books: Books
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE users SET email = NULL"))
    make_deadline(case)
    sweep("2026-03-03 12.00")
    assert smtp.messages == []
    assert NotSent.NOBODY in [reminder.not_sent for reminder in books.reminders()]


def test_an_address_given_meanwhile_is_the_one_used(
    case: Case, make_deadline: MakeDeadline, run_job: RunJob, smtp: MailServer, owner: Engine, owner_of_case: User
) -> None:
    make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE users SET email = 'ny@kommune.example' WHERE id = :id"), {"id": owner_of_case.id}
        )
    run_job("deliver-mail", "2026-03-03 12.01")
    assert recipients(smtp) == ["ny@kommune.example"]


def test_a_new_owner_is_told_where_the_clock_stands(
    case: Case, make: Make, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, owner: Engine, leader: User
) -> None:
    make_deadline(case)
    sweep("2026-03-03 12.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example"]
    successor = make.user(Role.KOORDINATOR, leader.unit, email="ny@kommune.example")
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('enkeltsag.today', '2026-03-05', true)"))
        connection.execute(
            text("UPDATE cases SET owner_id = :new WHERE id = :id"), {"new": successor.id, "id": case.id}
        )
    sweep("2026-03-05 12.00")
    assert recipients(smtp) == ["ny@kommune.example"]
    sweep("2026-03-07 12.00")
    assert recipients(smtp) == ["ny@kommune.example"]


def test_a_moved_deadline_is_reminded_of_again(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, owner: Engine
) -> None:
    deadline = make_deadline(case)
    sweep("2026-03-10 12.00")
    assert len(recipients(smtp)) == 2
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE deadlines SET due_on = '2026-03-12', next_reminder_on = '2026-03-10' WHERE id = :id"),
            {"id": deadline.id},
        )
    sweep("2026-03-10 13.00")
    assert [delivered.subject for delivered in smtp.messages] == ["En frist nærmer sig"]


def test_a_refused_mail_says_why(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, books: Books
) -> None:
    smtp.behaviour = Behaviour.PERMANENT
    make_deadline(case)
    sweep("2026-03-03 12.00")
    assert [(mail.state, mail.error) for mail in books.mails()] == [
        (MailState.FAILED, "modtagerens postserver afviste adressen (550)")
    ]


def test_every_reminder_is_in_the_record(case: Case, make_deadline: MakeDeadline, sweep: Sweep, owner: Engine) -> None:
    make_deadline(case)
    sweep("2026-03-03 12.00")
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT event, system, case_id FROM audit_events")).all()
    assert [tuple(row) for row in rows] == [("reminder.planned", "påmindelser", case.id)]


def test_a_reopened_clock_tells_nobody_the_same_step_twice(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, owner: Engine
) -> None:
    deadline = make_deadline(case)
    sweep("2026-03-03 12.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example"]
    stop(owner, deadline.id)
    reopen(owner, deadline.id, date(2026, 3, 5))
    sweep("2026-03-05 12.00")
    assert recipients(smtp) == []
    sweep("2026-03-07 12.00")
    assert recipients(smtp) == ["ansvarlig@kommune.example"]


def test_a_reopened_clock_tells_at_once_what_came_meanwhile(
    case: Case, make_deadline: MakeDeadline, sweep: Sweep, smtp: MailServer, owner: Engine
) -> None:
    deadline = make_deadline(case)
    sweep("2026-03-03 12.00")
    recipients(smtp)
    stop(owner, deadline.id)
    reopen(owner, deadline.id, date(2026, 3, 12))
    sweep("2026-03-12 12.00")
    assert [delivered.subject for delivered in smtp.messages] == ["En frist er overskredet"] * 2


def test_what_was_withdrawn_is_sent_when_the_clock_runs_again(
    case: Case,
    make_deadline: MakeDeadline,
    run_job: RunJob,
    sweep: Sweep,
    smtp: MailServer,
    owner: Engine,
    books: Books,
) -> None:
    deadline = make_deadline(case)
    run_job("plan-reminders", "2026-03-03 12.00")
    stop(owner, deadline.id)
    run_job("deliver-mail", "2026-03-03 12.01")
    assert smtp.messages == []
    reopen(owner, deadline.id, date(2026, 3, 5))
    sweep("2026-03-05 12.00")
    assert [delivered.subject for delivered in smtp.messages] == ["En frist er begyndt"]
    assert "5 dage" in smtp.messages[0].mail.get_content()
    assert [(mail.state, mail.error) for mail in books.mails()] == [(MailState.SENT, None)]


def reopen(owner: Engine, deadline_id: int, today: date) -> None:
    """Let a clock run again, as reopen_deadline leaves it."""
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE deadlines SET stopped_at = NULL, stopped_on = NULL, outcome = NULL, next_reminder_on = :today"
                " WHERE id = :id"
            ),
            {"id": deadline_id, "today": today},
        )


def stop(owner: Engine, deadline_id: int) -> None:
    """Stop a clock, as stop_deadline leaves it."""
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE deadlines SET stopped_at = '2026-03-03 11:00+00', stopped_on = '2026-03-03',"
                " outcome = 'opfyldt', next_reminder_on = NULL WHERE id = :id"
            ),
            {"id": deadline_id},
        )
