"""Reading one case. What exists for whom is the row scope's business, never the query's."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cases.models import Case
from app.core.errors import found
from app.extensions import db
from app.people.models import Citizen


def get_case(case_id: int) -> Case:
    """The case with its citizen, places, unit and owner, in one statement.

    Raises NotFoundError when there is none, which is also said of one out of sight.
    """
    return found(find_case(case_id))


def find_case(case_id: int) -> Case | None:
    """The case, or None when it does not exist for the reader."""
    return db.session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .options(
            joinedload(Case.citizen).options(joinedload(Citizen.bydel), joinedload(Citizen.school)),
            joinedload(Case.owner),
            joinedload(Case.unit),
        )
    )
