"""What each database role may do with deadlines, reminders and mail; whatever statement reaches the database."""

from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from app.access.models import Role, User
from app.cases.models import AccessKind, CaseAccess
from tests.deadlines.conftest import MakeDeadline, RunJob
from tests.factories import Make
from tests.moments import at
from tests.outbox.conftest import NOON

pytestmark = pytest.mark.usefixtures("planned")
TABLES = ("deadlines", "reminders", "outbox_mails")


@pytest.fixture
def leader(make: Make) -> User:
    return make.user(Role.LEDER)


@pytest.fixture
def planned(make: Make, leader: User, make_deadline: MakeDeadline, run_job: RunJob) -> None:
    """A clock on a case in the leader's unit, and its first reminder."""
    make_deadline(make.case(2, owner=make.user(Role.KOORDINATOR, leader.unit)))
    run_job("plan-reminders", NOON)


def count(engine: Engine, table: str, user: User | None = None) -> int:
    """How many rows exist for the user."""
    with engine.begin() as connection:
        settings = {"user": str(user.id) if user else "", "today": at(NOON).date().isoformat()}
        connection.execute(
            text("SELECT set_config('enkeltsag.user_id', :user, true), set_config('enkeltsag.today', :today, true)"),
            settings,
        )
        return int(connection.scalar(text(f"SELECT count(id) FROM {table}")) or 0)


@pytest.mark.parametrize("table", TABLES)
def test_they_exist_for_whoever_sees_the_case(table: str, web: Engine, make: Make, leader: User) -> None:
    assert count(web, table, leader) == 1
    assert count(web, table, make.user(Role.LEDER)) == 0
    assert count(web, table, make.user(Role.ADMINISTRATOR, leader.unit)) == 0
    assert count(web, table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_the_scheduler_sees_them_all(table: str, job: Engine) -> None:
    assert count(job, table) == 1


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("web", "SELECT body FROM outbox_mails"),
        ("web", "UPDATE outbox_mails SET state = 'sent'"),
        ("web", "DELETE FROM outbox_mails"),
        (
            "web",
            "INSERT INTO reminders (deadline_id, case_id, due_on, step, planned_at) VALUES (1, 1, now(), 1, now())",
        ),
        ("web", "DELETE FROM deadlines"),
        ("web", "UPDATE deadlines SET due_on = '2030-01-01'"),
        ("web", "UPDATE deadlines SET case_id = 1"),
        ("web", "UPDATE deadline_rules SET length = 14"),
        ("job", "SELECT reason FROM deadlines"),
        ("job", "UPDATE deadlines SET stopped_at = now()"),
        ("job", "DELETE FROM reminders"),
        ("job", "DELETE FROM outbox_mails"),
        ("job", "UPDATE outbox_mails SET recipient_id = 1"),
        ("stat", "SELECT reason FROM deadlines"),
        ("stat", "SELECT id FROM outbox_mails"),
        ("stat", "SELECT id FROM reminders"),
    ],
)
def test_what_no_statement_may_do(role: str, statement: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(role)
    with engine.begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(statement))


def test_a_mentor_on_the_case_neither_starts_nor_stops_its_clock(web: Engine, make: Make, owner: Engine) -> None:
    mentor = make.user(Role.MENTOR)
    with owner.connect() as connection:
        case_id = connection.scalar(text("SELECT case_id FROM deadlines"))
    make.add(CaseAccess(case_id=case_id, user_id=mentor.id, kind=AccessKind.MENTOR, from_day=date(2020, 1, 1)))
    assert count(web, "deadlines", mentor) == 1
    scope = text("SELECT set_config('enkeltsag.user_id', :user, true), set_config('enkeltsag.today', :today, true)")
    with web.begin() as connection:
        connection.execute(scope, {"user": str(mentor.id), "today": at(NOON).date().isoformat()})
        stop = "UPDATE deadlines SET next_reminder_on = NULL, stopped_at = now(), stopped_on = now(), outcome = 'met'"
        assert connection.execute(text(stop)).rowcount == 0
        start = (
            "INSERT INTO deadlines (case_id, rule_id, subject_kind, subject_id, started_at, started_on, due_on,"
            " last_workday, version) SELECT case_id, rule_id, 'x', 1, now(), now(), now(), now(), 1 FROM deadlines"
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text(start))


def test_the_statistics_read_what_figures_need(stat: Engine) -> None:
    with stat.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT r.code, d.started_on, d.due_on, d.stopped_on, d.outcome, d.case_id"
                " FROM deadlines d JOIN deadline_rules r ON r.id = d.rule_id"
            )
        ).all()
    assert [row.code for row in rows] == ["netv_indkald"]


def test_a_mail_that_is_already_sent_cannot_be_slipped_in(web: Engine, leader: User) -> None:
    statement = (
        "INSERT INTO outbox_mails"
        " (key, message_id, recipient_id, subject, secret, state, attempts, created_at, sent_at)"
        f" VALUES ('x', 'x', {leader.id}, 'x', false, 'sent', 0, now(), now())"
    )
    with web.begin() as connection, pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(text(statement))
