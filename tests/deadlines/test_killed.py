"""Schedulers that are killed with SIGKILL at every labelled point, and schedulers that run at the same time."""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from app.core import clock
from app.deadlines.models import Deadline
from config import Config
from tests.deadlines.conftest import MakeDeadline
from tests.deadlines.rig import Rig, runner
from tests.factories import Make
from tests.mailserver import MailServer

KILLS = 20
KILLED = [-9]
POINTS = [
    "plan.before-commit",
    "plan.after-commit",
    "deliver.locked",
    "deliver.before-send",
    "deliver.after-send",
    "deliver.after-mark",
    "deliver.after-commit",
]
# Between the server's answer and the commit nobody can know that the mail has gone.
UNKNOWABLE = {"deliver.after-send", "deliver.after-mark"}


Owe = Callable[[int], list[Deadline]]


@pytest.fixture
def owe(make: Make, make_deadline: MakeDeadline) -> Owe:
    """`owe(3)`: begin three clocks today, each of which owes the case's owner one mail."""
    case = make.case(2, owner=make.user())
    received = f"{clock.local_time(clock.now()):%Y-%m-%d %H.%M}"
    return lambda count: [make_deadline(case, received=received) for _ in range(count)]


@pytest.fixture(scope="module")
def process(config: Config) -> Iterator["subprocess.Popen[str]"]:
    with runner(config) as started:
        yield started


@pytest.fixture
def schedulers(process: "subprocess.Popen[str]", owner: Engine, smtp: MailServer, owe: Owe) -> Rig:
    """Schedulers, warmed up on one mail."""
    rig = Rig(process, owner, smtp)
    owe(1)
    rig.run(children=0)
    return rig


@pytest.mark.torture
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(point: str, schedulers: Rig, owe: Owe, torture_rounds: int) -> None:
    kills = KILLS * torture_rounds
    for _ in range(kills):
        owe(2)
        assert schedulers.run(kill_at=point) == KILLED
    schedulers.finish()
    verdict = schedulers.verdict()
    assert verdict.is_right, verdict
    # Whoever is killed before the commit has sent one mail for nothing; its Message-ID says that it is the same.
    assert verdict.doubled_on_wire == (kills if point in UNKNOWABLE else 0)


@pytest.mark.torture
@pytest.mark.parametrize("schedulers_at_once", [2, 4])
def test_schedulers_at_the_same_time(schedulers_at_once: int, schedulers: Rig, owe: Owe, torture_rounds: int) -> None:
    for _ in range(3 * torture_rounds):
        owe(25)
        assert schedulers.run(children=schedulers_at_once) == [0] * schedulers_at_once
    schedulers.finish()
    verdict = schedulers.verdict()
    assert verdict.is_right, verdict
    assert verdict.doubled_on_wire == 0


@pytest.mark.torture
@pytest.mark.parametrize(
    ("defect", "point"),
    [
        ("mark-before-sending", "deliver.before-send"),
        ("ledger-first", "plan.between"),
        ("new-message-id", "deliver.after-send"),
    ],
)
def test_the_rig_catches_seeded_defects(defect: str, point: str, schedulers: Rig, owe: Owe) -> None:
    owe(2)
    assert schedulers.run(kill_at=point, defect=defect) == KILLED
    schedulers.finish(defect=defect)
    assert not schedulers.verdict().is_right
