from flask import Flask
from sqlalchemy import Engine, func, select

from app.cases.handovers import Handover
from app.cases.imports.models import ImportJob, ImportRow
from app.cases.review.models import CaseReview
from app.core import clock
from app.demo import load


def test_meetings_handovers_and_a_waiting_file_are_shown(owner_app: Flask, owner: Engine) -> None:
    with owner_app.app_context():
        load.load(cases=None, seed=2017, at=clock.now())

    with owner.connect() as connection:
        reviews = connection.scalar(select(func.count()).select_from(CaseReview))
        notes = connection.scalar(select(func.count(Handover.note)))
        [job] = connection.execute(select(ImportJob.rows_total, ImportJob.rows_bad)).all()
        kept = connection.scalar(select(func.count()).select_from(ImportRow))

    assert (reviews or 0) >= 8
    assert (notes or 0) >= 1
    assert (tuple(job), kept) == ((6, 2), 6)
