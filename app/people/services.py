"""Creating and changing citizens, and the one question that may be asked about somebody out of sight."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.access.queries import leaders_of
from app.audit import log
from app.audit.models import Event
from app.core import crypto, name_tokens
from app.core.cpr import Cpr
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people import emails, queries
from app.people.models import AddressProtection, Citizen, Sex
from app.places.models import Bydel, School

MOST_ANSWERS_PER_HOUR = 20
SUBJECT = "citizen"
EARLIEST_BIRTH = date(1900, 1, 1)

IN_USE = "CPR-nummeret er i brug i en sag, du ikke kan se. Kontakt din leder, som har fået besked."
TOO_MANY = (
    f"Du har slået {MOST_ANSWERS_PER_HOUR} CPR-numre op den seneste time, og flere kan ikke slås op lige nu. "
    "Prøv igen om en time, eller kontakt din leder."
)
JUST_CREATED = "Borgeren er lige blevet oprettet af en anden. Prøv igen."
_UNIQUE_CPR = "uq_citizens_cpr_index"


@dataclass(frozen=True)
class CprAnswer:
    """What the asker may know about a CPR number.

    citizen: the visible citizen who has it. refusal: why nobody may be created with it, when somebody is out of sight.
    """

    citizen: Citizen | None = None
    refusal: str | None = None

    def require_free(self) -> None:
        """Raise DomainError when the number cannot be used for a new citizen."""
        if self.citizen is not None:
            raise DomainError("Borgeren findes allerede.", "cpr")
        if self.refusal is not None:
            raise DomainError(self.refusal, "cpr")


def ask_cpr(cpr: Cpr, *, by: User, at: datetime) -> CprAnswer:
    """Ask whether a number may be used for a new citizen.

    A question about somebody out of sight is counted, recorded and told to the unit's leader. Ask before the savepoint
    of the form: the record must stand when the form is refused because of the answer.
    """
    citizen = queries.find_by_cpr(cpr)
    if citizen is not None:
        return CprAnswer(citizen=citizen)
    taken = db.session.scalar(select(func.ek_cpr_taken(queries.cpr_index(cpr), at, MOST_ANSWERS_PER_HOUR)))
    if taken is None:
        return CprAnswer(refusal=TOO_MANY)
    if not taken:
        return CprAnswer()
    for leader in _leaders_above(by):
        emails.tell_cpr_asked(leader, asker=by, at=at)
    return CprAnswer(refusal=IN_USE)


def _leaders_above(user: User) -> list[User]:
    leaders = [] if user.unit_id is None else leaders_of([user.unit_id]).get(user.unit_id, [])
    return [leader for leader in leaders if leader.id != user.id]


def create_citizen(
    *,
    name: str,
    cpr: Cpr | None,
    birth_date: date | None = None,
    sex: Sex,
    bydel_id: int | None,
    school_id: int | None,
    address_protection: AddressProtection,
    by: User,
    at: datetime,
) -> Citizen:
    """Create a citizen; until there is a case, only the creator sees it.

    cpr: None when it is not known yet. birth_date: needed then; a CPR number tells it by itself.
    Raises DomainError when the birth date is missing or cannot be, a place cannot be chosen, or the number is taken
    after all: `ask_cpr` tells beforehand.
    """
    born = _require_birth_date(birth_date, today=local_day(at)) if cpr is None else cpr.birth_date
    _require_places(bydel_id, school_id)
    citizen = Citizen(
        name=name,
        name_tokens=name_tokens.tokens(name, crypto.installed()),
        cpr=None if cpr is None else cpr.digits,
        cpr_index=None if cpr is None else queries.cpr_index(cpr),
        birth_month=born.replace(day=1),
        sex=sex,
        address_protection=address_protection,
        bydel_id=bydel_id,
        school_id=school_id,
        created_by_id=by.id,
        created_at=at,
    )
    if cpr is None:
        citizen.birth_date = born
    _insert(citizen)
    log.record(Event.CITIZEN_CREATED, by=by, at=at, subject=(SUBJECT, citizen.id))
    return citizen


def _require_birth_date(birth_date: date | None, *, today: date) -> date:
    if birth_date is None:
        raise DomainError("Skriv fødselsdatoen, når CPR-nummeret ikke kendes.", "birth_date")
    if not EARLIEST_BIRTH <= birth_date <= today:
        raise DomainError("Fødselsdatoen kan ikke passe. Se på året.", "birth_date")
    return birth_date


def _insert(citizen: Citizen) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(citizen)
            db.session.flush()
    except IntegrityError as error:
        if _UNIQUE_CPR not in str(error.orig):
            raise
        raise DomainError(JUST_CREATED, "cpr") from error


def change_citizen(
    citizen: Citizen,
    *,
    name: str,
    sex: Sex,
    bydel_id: int | None,
    school_id: int | None,
    address_protection: AddressProtection,
    birth_date: date | None = None,
    by: User,  # noqa: ARG001 - the database records who, from the row scope
    at: datetime,
) -> list[str]:
    """Change what is known about a citizen, and return the names of the fields that changed.

    The change stands in the record of all the citizen's cases, also of those out of sight. The CPR number never
    changes here. birth_date: of a citizen without such a number; None leaves it.
    Raises DomainError when the birth date cannot be, or a place cannot be chosen.
    """
    _require_places(bydel_id, school_id, now=citizen)
    values: dict[str, Any] = {
        "name": name,
        "sex": sex,
        "bydel_id": bydel_id,
        "school_id": school_id,
        "address_protection": address_protection,
    }
    if birth_date is not None and citizen.cpr is None:
        values["birth_date"] = _require_birth_date(birth_date, today=local_day(at))
    changed = [field for field, value in values.items() if getattr(citizen, field) != value]
    if not changed:
        return []
    for field in changed:
        setattr(citizen, field, values[field])
    citizen.name_tokens = name_tokens.tokens(name, crypto.installed())
    db.session.flush()
    db.session.execute(select(func.ek_record_citizen_change(citizen.id, changed, at)))
    return changed


def _require_places(bydel_id: int | None, school_id: int | None, *, now: Citizen | None = None) -> None:
    """Refuse places that do not exist or are no longer used; what the citizen already has may stay."""
    if bydel_id is not None and bydel_id != (now and now.bydel_id):
        _require_used(db.session.get(Bydel, bydel_id), "Vælg en bydel fra listen.", "bydel")
    if school_id is not None and school_id != (now and now.school_id):
        _require_used(db.session.get(School, school_id), "Vælg en skole fra listen.", "school")


def _require_used(place: Bydel | School | None, message: str, field: str) -> None:
    if place is None or not place.active:
        raise DomainError(message, field)
