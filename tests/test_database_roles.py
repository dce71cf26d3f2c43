"""What each database role may do, whatever statement reaches the database. The lists are complete."""

from collections.abc import Iterable
from datetime import date

import pytest
from psycopg.errors import InsufficientPrivilege, RaiseException
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.access.models import Role
from app.core.database import NOBODY, RowScope, set_settings
from app.core.model import Base, EncryptedText
from tests.factories import Make
from tests.samples import Sampler
from tests.world import World

TODAY = date(2026, 3, 3)

# What the statistics read: nothing that names anybody, or that somebody wrote.
STAT_READS = {
    "bydele": "id name active version",
    "case_spells": "status niveau from_day until_day",
    "cases": "id citizen_id unit_id niveau opened_niveau status referrer opened_on accepted_on closed_on",
    "citizens": "id birth_month sex bydel_id school_id",
    "deadline_rules": "*",
    "deadlines": (
        "id case_id rule_id subject_kind subject_id started_at started_on due_on stopped_at stopped_on outcome"
    ),
    "incidents": "id case_id kind happened_on known_on voided_at",
    "measure_catalogue": "id label",
    "netvaerkssamraad": "id case_id documentation received_on summoned_on means outcome held_on exemption",
    "niveauer": "number name active",
    "plan_measures": "catalogue_id from_day ended_on result",
    "schools": "id name bydel_id active version",
    "units": "id name",
}
# What the jobs read: whom to write to, about which deadline; of a case its number, who answers for it and who sees it.
JOB_READS = {
    "absences": "*",
    "access_tokens": "*",
    "case_access": "case_id user_id kind from_day to_day",
    "cases": "id number unit_id owner_id restricted status",
    "deadline_rules": "*",
    "deadlines": (
        "id case_id rule_id subject_kind subject_id started_on due_on last_workday next_reminder_on stopped_at"
    ),
    "form_submissions": "*",
    "group_members": "id group_id person_id",
    "import_jobs": "created_at",
    "job_runs": "*",
    "outbox_mails": "*",
    "related_people": "id case_id group_id delete_on became_citizen_id",
    "relations": "id case_id person_id",
    "reminders": "*",
    "sign_in_throttle": "*",
    "units": "*",
    "users": "*",
    "web_sessions": "*",
}
JOB_ADDS = {"audit_events": "*", "job_runs": "*", "outbox_mails": "*", "reminders": "*"}
JOB_CHANGES = {
    "deadlines": "next_reminder_on",
    "job_runs": "*",
    "outbox_mails": "body state attempts next_attempt_at error_code error sent_at",
}
JOB_DELETES = {"access_tokens", "form_submissions", "job_runs", "sign_in_throttle", "web_sessions"} | {
    "group_members",
    "import_jobs",
    "related_people",
    "relations",
}
# What the pages change; a column that is not here stays as it was first written.
WEB_CHANGES = {
    "access_tokens": "*",
    "assessment_ratings": "rating source observed_on reasons carried",
    "assessments": (
        "state on_day main_source concerns resources raises lowers urgency urgency_reasons proposed_niveau own_view"
        " review_on saved_by_id saved_at ended_by_id ended_at version"
    ),
    "bydele": "name active version",
    "case_themes": "to_day",
    "cases": (
        "niveau opened_niveau status referrer contact concern legal_basis consent consent_on accepted_on closed_on"
        " version"
    ),
    "citizen_contact_points": "kind value note from_day to_day voided_at version",
    "citizens": ("name name_tokens birth_date birth_month sex address_protection bydel_id school_id version"),
    "deadlines": "next_reminder_on stopped_at stopped_on outcome reason version",
    "form_submissions": "*",
    "group_members": "citizen_id person_id from_day to_day role_note removed_at version",
    "groups": "title concern restricted named_ids status closed_on version",
    "handleplans": "aim own_words closed_on closing version",
    "import_jobs": "state mode rows_bad rows_done seen_at finished_at",
    "import_rows": "problem",
    "incidents": (
        "act_on happened_on known_on until_day source offence_group against_person about_incident_id note"
        " voided_by_id voided_at void_reason version"
    ),
    "journal_notes": "superseded_at",
    "measure_catalogue": "label active version",
    "niveauer": "name meaning restricts active version",
    "netvaerkssamraad": "summoned_at means no_custody_holder outcome held_on exemption reason undone version",
    "netvaerkssamraad_parties": "role name contact organisation summoned removed_at version",
    "password_credentials": "*",
    "plan_acute_lines": "what responsible_user_id organisation outcome ended_at version",
    "plan_follow_ups": "on_day held_on cancelled_on text version",
    "plan_goals": "text state version",
    "plan_measures": (
        "goal_id catalogue_id text note responsible_user_id organisation from_day to_day state ended_on result"
        " result_note version"
    ),
    "related_people": "name cpr cpr_index birth_date phone address delete_on became_citizen_id version",
    "relations": (
        "other_citizen_id person_id kind profession organisation from_day to_day source note removed_at version"
    ),
    "schools": "name bydel_id active version",
    "sign_in_throttle": "*",
    "units": "name active version",
    "users": "email name role unit_id active disabled_at version",
    "web_sessions": "*",
}
WEB_DELETES = {"absences", "import_jobs", "import_rows", "sign_in_throttle", "web_sessions"}
WEB_NEVER_ADDS = {
    "citizen_cpr_changes",
    "citizen_merges",
    "case_access",
    "case_numbers",
    "case_spells",
    "deadline_rules",
    "job_runs",
    "reminders",
    "alembic_version",
}
WITHOUT_ROW_SCOPE = {
    "access_tokens", "alembic_version", "case_numbers", "job_runs", "sign_in_throttle", "web_sessions",
}  # fmt: skip

_COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name"
    " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
)


def columns(owner: Engine) -> list[tuple[str, str]]:
    with owner.connect() as connection:
        return [(table, column) for table, column in connection.execute(_COLUMNS)]


def written_out(grants: dict[str, str], every: Iterable[tuple[str, str]]) -> set[str]:
    """The list with its stars resolved, as "table.column"."""
    return {
        f"{table}.{column}"
        for table, column in every
        if table in grants and (grants[table] == "*" or column in grants[table].split())
    }


def readable(engine: Engine, every: Iterable[tuple[str, str]]) -> set[str]:
    """The columns that the role can really select."""
    found = set()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table, column in every:
            try:
                connection.execute(text(f'SELECT "{column}" FROM {table} LIMIT 0'))
                found.add(f"{table}.{column}")
            except ProgrammingError as error:
                if not isinstance(error.orig, InsufficientPrivilege):
                    raise
    return found


def writable(owner: Engine, role: str, privilege: str) -> set[str]:
    """The columns on which the role holds the privilege."""
    asked = text("SELECT has_column_privilege(:role, :table, :column, :privilege)")
    with owner.connect() as connection:
        return {
            f"{table}.{column}"
            for table, column in columns(owner)
            if connection.scalar(asked, {"role": role, "table": table, "column": column, "privilege": privilege})
        }


def deletable(owner: Engine, role: str) -> set[str]:
    asked = text(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND (has_table_privilege(:role, oid, 'DELETE') OR has_table_privilege(:role, oid, 'TRUNCATE'))"
    )
    with owner.connect() as connection:
        return set(connection.scalars(asked, {"role": role}))


def test_statistics_read_nothing_personal(stat: Engine, owner: Engine) -> None:
    assert readable(stat, columns(owner)) == written_out(STAT_READS, columns(owner))
    assert [writable(owner, "ek_test_stat", privilege) for privilege in ("INSERT", "UPDATE")] == [set(), set()]
    assert deletable(owner, "ek_test_stat") == set()


def test_no_encrypted_column_is_on_the_list_of_the_statistics(owner: Engine) -> None:
    encrypted = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, EncryptedText)
    }
    assert len(encrypted) > 5
    assert not encrypted & written_out(STAT_READS, columns(owner))


def test_jobs_read_and_write_what_they_need(job: Engine, owner: Engine) -> None:
    every = columns(owner)

    assert readable(job, every) == written_out(JOB_READS, every)
    assert writable(owner, "ek_test_job", "INSERT") == written_out(JOB_ADDS, every)
    assert writable(owner, "ek_test_job", "UPDATE") == written_out(JOB_CHANGES, every)
    assert deletable(owner, "ek_test_job") == JOB_DELETES


def test_pages_change_and_delete_only_what_is_listed(owner: Engine) -> None:
    every = columns(owner)
    added = {name.partition(".")[0] for name in writable(owner, "ek_test_app", "INSERT")}

    assert writable(owner, "ek_test_app", "UPDATE") == written_out(WEB_CHANGES, every)
    assert deletable(owner, "ek_test_app") == WEB_DELETES
    assert added == {table for table, _ in every} - WEB_NEVER_ADDS


FORBIDDEN = [
    "UPDATE audit_events SET event = 'x'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "INSERT INTO case_access (case_id, user_id, kind, from_day) VALUES (1, 1, 'member', '2026-01-01')",
    "UPDATE case_access SET to_day = NULL",
    "DELETE FROM case_access",
    "UPDATE cases SET unit_id = 1",
    "UPDATE cases SET restricted = false",
    "UPDATE cases SET owner_id = 1",
    "UPDATE citizens SET cpr_index = ''",
    "UPDATE citizens SET attached = false",
    "DELETE FROM cases",
    "DELETE FROM netvaerkssamraad_parties",
    "UPDATE netvaerkssamraad SET received_at = '2026-01-01'",
    "UPDATE deadlines SET due_on = '2099-01-01'",
    "UPDATE case_numbers SET last = 0",
    "SELECT * FROM outbox_mails",
    "SELECT ek_record('case.read', 1, '{}', '2026-01-01')",
    "SELECT nextval('case_ids')",
    "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
    "SET ROLE ek_test_owner",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_pages_are_refused(make: Make, web: Engine, statement: str) -> None:
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(make.user(Role.LEDER).id, TODAY)))
        with pytest.raises(ProgrammingError) as caught:
            connection.execute(text(statement))

    assert isinstance(caught.value.orig, InsufficientPrivilege)


@pytest.mark.parametrize("statement", [sql for sql in FORBIDDEN if "audit_events" in sql])
def test_not_even_the_owner_changes_the_record(owner: Engine, make: Make, statement: str) -> None:
    Sampler(make, owner).event(make.case())
    with owner.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement))

    assert isinstance(caught.value.orig, RaiseException)


ADD_USER = text(
    "INSERT INTO users (name, role, unit_id, active, created_at, version)"
    " VALUES ('Ny', 'administrator', :unit, true, '2026-01-01', 1)"
)
BECOME_ADMINISTRATOR = text("UPDATE users SET role = 'administrator' WHERE id = :id")


@pytest.mark.parametrize("role", [*Role, None])
def test_only_an_administrator_makes_or_promotes_users(world: World, web: Engine, role: Role | None) -> None:
    user = world.nord.of(role) if role else None
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(user.id, TODAY) if user else NOBODY))
        promoted = connection.execute(BECOME_ADMINISTRATOR, {"id": world.nord.mentor.id}).rowcount
        if role is Role.ADMINISTRATOR:
            assert promoted == 1
            connection.execute(ADD_USER, {"unit": world.nord.unit.id})
        else:
            assert promoted == 0
            with pytest.raises(ProgrammingError, match="row-level security"):
                connection.execute(ADD_USER, {"unit": world.nord.unit.id})


def test_nobody_writes_the_record_in_another_name(world: World, web: Engine) -> None:
    forged = text(
        "INSERT INTO audit_events (at, event, user_id, details) VALUES ('2026-01-01', 'case.read', :user, '{}')"
    )
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(world.nord.leder.id, TODAY)))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(forged, {"user": world.syd.leder.id})


def test_which_tables_have_no_row_scope(owner: Engine) -> None:
    asked = text(
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity"
    )
    with owner.connect() as connection:
        assert set(connection.scalars(asked)) == WITHOUT_ROW_SCOPE


def test_every_policy_names_its_roles(owner: Engine) -> None:
    asked = text("SELECT policyname, roles FROM pg_policies WHERE schemaname = 'public'")
    with owner.connect() as connection:
        assert [name for name, roles in connection.execute(asked) if "public" in roles] == []
