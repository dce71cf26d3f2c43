"""The two pages that put what decides into words."""

import json
from pathlib import Path

import pytest

from app.access.models import Role
from app.access.policy import TABLE, Permission, is_role
from app.admin import policy_table
from app.deadlines.models import DeadlineRule
from tests.browser import Browser
from tests.world import World

RIGHTS, RULES = "/administration/rettigheder", "/administration/regler"


def test_every_row_of_the_table_begins_with_its_roles() -> None:
    """What the page of rights reads off it rests on this."""
    made_by = is_role(Role.LEDER).__code__

    for permission, rows in TABLE.items():
        for row in rows:
            codes = [getattr(predicate, "__code__", None) for predicate in row]
            assert codes[0] is made_by, permission
            assert made_by not in codes[1:], permission


def test_rights_say_what_the_table_says() -> None:
    rights = {right.label: right for right in policy_table.rights()}

    users = rights[Permission.USERS.label]
    assert {role for role, cell in users.cells.items() if cell == "Ja"} == {Role.ADMINISTRATOR}
    assert users.conditions == ()
    reading = rights[Permission.CASE_READ.label]
    assert {role: cell for role, cell in reading.cells.items() if cell != "Nej"} == dict.fromkeys(
        (Role.MENTOR, Role.KOORDINATOR, Role.LEDER), "Nogle"
    )
    assert reading.conditions[0] == "Leder: sagen hører til egen enhed og ikke inhabil i sagen"
    assert reading.conditions[2] == "Mentor, koordinator og leder: navngiven på sagen i dag og ikke inhabil i sagen"


def test_page_shows_every_permission_and_role(client: Browser, world: World) -> None:
    page = client.sign_in(world.nord.revisor).get(RIGHTS)

    shown = {row[0]: row[1:] for row in page.rows() if len(row) > 2}
    assert list(shown) == [permission.label for permission in Permission]
    assert shown["Oprette en sag"] == ["Nej", "Ja", "Ja", "Nej", "Nej", "Nej"]
    assert page.texts("th[@scope='col']")[:7] == ["Ret", *(role.label for role in Role)]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.KOORDINATOR, Role.ANALYTIKER])
def test_rights_are_for_those_who_answer_for_them(client: Browser, world: World, role: Role) -> None:
    client.sign_in(world.nord.of(role)).get(RIGHTS, status=403)


def test_rules_show_every_version_with_its_legal_basis(client: Browser, world: World) -> None:
    seeded = json.loads(Path("migrations/versions/0003_rules.json").read_text(encoding="utf-8"))

    page = client.sign_in(world.nord.koordinator).get(RULES)

    reviews_of_assessments = 3  # of a later migration
    assert len(page.rows()) == len(seeded) + reviews_of_assessments
    for rule in seeded:
        assert rule["legal_basis"] in page.main
        assert rule["verified_note"] in page.main
    (row,) = [row for row in page.rows() if row[0] == "Indkaldelse til netværkssamråd" and row[3] == "Fra 01-01-2024"]
    assert row[1] == "7 dage efter"
    assert "Ubekræftet" in row[2]
    assert row[4] == (
        "Da fristen begyndte, 3 dage før, 1 dag før, på dagen og hver dag efter fristen. Lederen fra 1 dag før."
    )


def test_rule_that_never_reminds() -> None:
    from app.admin.rule_words import reminders

    rule = DeadlineRule(remind_at_start=False, reminder_days=[], repeat_daily_after=False, leader_from_days=0)

    assert reminders(rule) == "Ingen."
