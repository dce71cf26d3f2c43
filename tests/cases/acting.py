"""What the tests of the services share."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, scoped_session

from app.access.models import User
from app.audit.models import AuditEvent
from app.cases import queries, services
from app.cases.models import Case, CaseAccess, Referrer
from app.core import cpr as cpr_numbers
from app.core.database import RowScope, enter_row_scope
from app.core.errors import DomainError
from app.extensions import db
from app.people.models import AddressProtection, Citizen, Sex
from app.people.services import create_citizen
from tests.conftest import ActAs
from tests.moments import at

Errors = list[DomainError | None]
Db = scoped_session[Session]
NOON = at("2026-11-20")
TODAY = date(2026, 11, 20)
CONCERN = "Skolen har set ham med en gruppe ældre drenge"


def new_citizen(by: User, number: int = 1) -> Citizen:
    cpr = cpr_numbers.parse(f"170510{4000 + number}", today=TODAY)
    protection = AddressProtection.UNKNOWN
    return create_citizen(
        name="Omar Bech",
        cpr=cpr,
        sex=Sex.MALE,
        bydel_id=None,
        school_id=None,
        address_protection=protection,
        by=by,
        at=NOON,
    )


def open_one(by: User, citizen: Citizen | None = None, **known: Any) -> Case:
    values: dict[str, Any] = {"niveau": 1, "referrer": Referrer.SCHOOL, "concern": CONCERN, "owner_id": by.id}
    return services.open_case(citizen or new_citizen(by), by=by, at=NOON, **values | known)


def events_of(owner: Engine, case_id: int) -> list[tuple[str, int | None, dict[str, Any]]]:
    with owner.connect() as connection:
        statement = select(AuditEvent.event, AuditEvent.user_id, AuditEvent.details).order_by(AuditEvent.id)
        return [tuple(row) for row in connection.execute(statement.where(AuditEvent.case_id == case_id))]


def access_of(owner: Engine, case_id: int) -> set[tuple[int, str, date, date | None]]:
    with owner.connect() as connection:
        rows = connection.execute(
            select(CaseAccess.user_id, CaseAccess.kind, CaseAccess.from_day, CaseAccess.to_day).where(
                CaseAccess.case_id == case_id
            )
        )
        return {(row.user_id, row.kind.value, row.from_day, row.to_day) for row in rows}


def sees(acting_as: ActAs, db_session: Db, user: User, case_id: int) -> bool:
    acting_as(user, TODAY)
    db_session.expunge_all()
    return queries.find_case(case_id) is not None


def at_once(app: Flask, acts: Sequence[Callable[[], Any]], by: User) -> Errors:
    """Do it all at the same time, each in a transaction of its own."""
    barrier, errors = threading.Barrier(len(acts)), cast("Errors", [None] * len(acts))

    def work(index: int) -> None:
        with app.app_context():
            enter_row_scope(db.session(), RowScope(by.id, TODAY))
            db.session.execute(select(User.id))
            barrier.wait()
            try:
                acts[index]()
                db.session.commit()
            except DomainError as error:
                errors[index] = error
                db.session.rollback()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
