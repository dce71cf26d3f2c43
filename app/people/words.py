"""A citizen's number and age as people read them."""

from datetime import date

from app.core.danish import format_date
from app.people.models import Citizen

UNKNOWN_NUMBER = "Kendes ikke endnu"


def written_number(citizen: Citizen) -> str:
    """The CPR number, marked when it is a replacement number; or that it is not known yet."""
    number = citizen.number
    if number is None:
        return UNKNOWN_NUMBER
    return f"{number.formatted} (erstatningsnummer)" if number.is_replacement else number.formatted


def number_and_age(citizen: Citizen, today: date) -> str:
    """The CPR number with the age; where there is none, the date of birth with it."""
    age = f"{citizen.age_on(today)} år"
    number = citizen.number
    if number is None:
        return f"{UNKNOWN_NUMBER}, født {format_date(citizen.birth_date)} ({age})"
    return f"{number.formatted} ({'erstatningsnummer, ' if number.is_replacement else ''}{age})"
