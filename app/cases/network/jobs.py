"""Forgetting people without a case on the day that was set, with everything that hangs on them."""

from collections import defaultdict
from collections.abc import Generator
from datetime import datetime

from sqlalchemy import delete, or_, select

from app.audit import log
from app.audit.models import Event
from app.cases.network.models import RelatedPerson, Relation
from app.core.clock import local_date
from app.core.model import Base
from app.extensions import db

JOB = "forget-people"
AT_ONCE = 500


def forget_people(*, at: datetime) -> Generator[int, None, None]:
    """Delete those whose day has come, and those who have become citizens; one event for each case or group."""
    due = or_(RelatedPerson.delete_on <= local_date(at), RelatedPerson.became_citizen_id.is_not(None))
    rows = select(RelatedPerson.id, RelatedPerson.case_id, RelatedPerson.group_id).where(due).order_by(RelatedPerson.id)
    while people := db.session.execute(rows.limit(AT_ONCE)).all():
        ids = [person.id for person in people]
        db.session.execute(delete(Relation).where(Relation.person_id.in_(ids)))
        # By its name: groups stand above this package.
        members = Base.metadata.tables["group_members"]
        db.session.execute(delete(members).where(members.c.person_id.in_(ids)))
        db.session.execute(delete(RelatedPerson).where(RelatedPerson.id.in_(ids)))
        places = defaultdict(list)
        for person in people:
            places[person.case_id, person.group_id].append(person.id)
        for (case_id, group_id), forgotten in places.items():
            subject = None if group_id is None else ("group", group_id)
            log.record(Event.PEOPLE_FORGOTTEN, by=JOB, at=at, case_id=case_id, subject=subject, people=forgotten)
        yield len(ids)
