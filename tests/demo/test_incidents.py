"""The demo's events: the published totals whatever the seed, and around them what the day must leave out."""

from datetime import date
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from app.cases.incidents.models import Incident
from app.core import clock
from app.demo import history
from app.demo.invented import People
from app.demo.unit import make_unit
from app.extensions import db
from app.statistics.custody import CustodyFigures
from app.statistics.periods import Period
from app.statistics.services import half_year_figures


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_the_year_tells_what_the_report_told(owner_app: Flask, owner: Engine, stat: Engine, seed: int) -> None:
    random = Random(seed)
    with owner_app.app_context():
        unit, _ = make_unit(at=clock.now())
        history.open_the_year(unit, People(random, clock.local_date(clock.now())), random)
        db.session.commit()

    with stat.connect() as connection:
        told = half_year_figures(connection, Period(2017, 2), date(2017, 11, 30)).custody
        known_since = half_year_figures(connection, Period(2017, 2), date(2017, 12, 31)).custody
    assert told == CustodyFigures(21, 3)
    assert known_since == CustodyFigures(22, 4), "what became known in December"
    with owner.connect() as connection:
        voided = connection.scalar(select(func.count()).where(Incident.voided_at.is_not(None)))
    assert voided == 1
