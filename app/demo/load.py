"""Filling an empty database."""

from datetime import datetime
from random import Random

from flask import current_app
from sqlalchemy import exists, select

from app.access.models import User
from app.core import clock
from app.core.errors import DomainError
from app.demo import history, large, present
from app.demo.invented import People
from app.demo.unit import LOG_INS, make_unit, write_log_ins
from app.extensions import db


def load(*, cases: int | None, seed: int, at: datetime) -> dict[str, int]:
    """Make the demo unit, or with cases a large synthetic one; return how much was made of what.

    Everything stands in one transaction. Raises DomainError when the database holds somebody already.
    """
    if db.session.scalar(select(exists(select(User.id)))):
        raise DomainError("Databasen er ikke tom. Demoenheden lægges kun i en tom database; intet er ændret.")
    random = Random(seed)  # noqa: S311 - the same people for the same seed, nothing secret
    unit, password = make_unit(at=at)
    invented = People(random, clock.local_date(at))
    if cases is not None:
        made = large.make_cases(unit, invented, random, count=cases, at=at)
    else:
        past = history.open_the_year(unit, invented, random)
        made = {"sager fra 2017": len(past)} | present.make_present(unit, invented, random, at=at)
    db.session.commit()
    write_log_ins(current_app.config["VAR_DIR"], password)
    return made | {f"log-ind i {LOG_INS}": len(unit.employees)}
