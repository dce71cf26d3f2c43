"""Somebody without a case gets one: the opening form begins with what is known, and what hung on the person moves."""

from datetime import datetime

from app.access.models import User
from app.cases.beginnings import Beginning
from app.cases.groups import services as groups
from app.cases.network import queries
from app.cases.network import services as network
from app.cases.network.forms import stored_person
from app.people.models import Citizen


def load(person_id: int) -> Beginning:
    """What is known of the person. Raises NotFoundError when there is none in sight."""
    person = queries.get_person(person_id)

    def opened(citizen: Citizen, by: User, at: datetime) -> None:
        move = network.become_citizen if person.group_id is None else groups.become_citizen
        move(person, citizen, by=by, at=at)

    known = stored_person(person)
    return Beginning({name: known[name] for name in ("name", "cpr", "birth_date")}, opened)
