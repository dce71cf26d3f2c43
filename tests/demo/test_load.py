"""The demo unit is complete, equal to the published totals, and holds every state that a screen can show."""

import json
from collections import Counter
from pathlib import Path
from stat import S_IMODE

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import passwords
from app.access.models import PasswordCredential, User
from app.audit.models import AuditEvent
from app.cases.models import Case, CaseStatus
from app.cli import demo, figures
from app.core import clock
from app.deadlines.models import Deadline
from app.demo import load
from app.demo.unit import EMPLOYEES, LOG_INS
from app.netvaerkssamraad.models import Netvaerkssamraad, Stage
from app.people.models import Citizen

PUBLISHED = json.loads(Path(__file__).parents[1].joinpath("data/dke_2017h2.json").read_text())["figures"]


@pytest.fixture
def loaded(owner_app: Flask) -> dict[str, int]:
    with owner_app.app_context():
        return load.load(cases=None, seed=2017, at=clock.now())


def test_its_totals_equal_the_published_report(loaded: dict[str, int], app: Flask) -> None:
    arguments = [PUBLISHED["period"], "--as-of", PUBLISHED["as_of"], "--internal"]
    printed = json.loads(app.test_cli_runner().invoke(figures, arguments).stdout)
    assert {key: printed[key] for key in PUBLISHED} == PUBLISHED
    assert printed["netvaerkssamraad"]["summoned_late"] >= 1


def test_the_present_shows_a_clock_at_every_stage(loaded: dict[str, int], owner: Engine) -> None:
    today = clock.local_date(clock.now())
    with Session(owner) as session:
        active = select(Netvaerkssamraad).join(Case).where(Case.status == CaseStatus.ACTIVE)
        stages = Counter(each.stage for each in session.scalars(active))
        left = {
            each.days_left(today) for each in session.scalars(select(Deadline).where(Deadline.stopped_at.is_(None)))
        }
        unassigned = session.scalar(
            select(func.count()).where(Case.owner_id.is_(None), Case.status == CaseStatus.ACTIVE)
        )
    assert set(stages) >= {Stage.AWAITS_SUMMONS, Stage.SUMMONED, Stage.HELD, Stage.NOT_HELD, Stage.EXEMPT}
    assert {7, 3, 1, 0, -2} <= left
    assert unassigned == 1


def test_everybody_can_sign_in_with_what_the_file_says(loaded: dict[str, int], owner_app: Flask, owner: Engine) -> None:
    path = Path(owner_app.config["VAR_DIR"]) / LOG_INS
    assert S_IMODE(path.stat().st_mode) == 0o600
    password = path.read_text().splitlines()[0].rpartition(" ")[2]
    with Session(owner) as session:
        hashes = {
            user.email: row.hash
            for user, row in session.execute(
                select(User, PasswordCredential).join(PasswordCredential, PasswordCredential.user_id == User.id)
            )
        }
    assert set(hashes) == {f"{login}@demo.example" for login, _, _ in EMPLOYEES}
    assert all(passwords.matches(password, kept) for kept in set(hashes.values()))


def test_no_number_could_be_a_real_persons(loaded: dict[str, int], owner: Engine, keyring: object) -> None:
    with Session(owner) as session:
        numbers = session.scalars(select(Citizen.cpr).where(Citizen.cpr.is_not(None))).all()
    assert len(numbers) == len(set(numbers)) == 159 + 42 + 6  # six of them referrals
    assert all(61 <= int((number or "")[:2]) <= 91 for number in numbers)


def test_a_database_that_holds_anybody_is_left_alone(loaded: dict[str, int], owner_app: Flask) -> None:
    outcome = owner_app.test_cli_runner().invoke(demo, ["load"])
    assert outcome.exit_code == 2
    assert "ikke tom" in outcome.output


def test_a_large_unit_has_closed_history_and_few_open_cases(owner_app: Flask, owner: Engine) -> None:
    outcome = owner_app.test_cli_runner().invoke(demo, ["load", "--cases", "2100"])
    assert outcome.exit_code == 0, outcome.output
    with Session(owner) as session:
        by_status = dict(session.execute(select(Case.status, func.count()).group_by(Case.status)).all())
        record = session.scalar(select(func.count()).select_from(AuditEvent))
    assert by_status == {CaseStatus.ACTIVE: 2000, CaseStatus.CLOSED: 100}
    assert record == 2100 * 5
