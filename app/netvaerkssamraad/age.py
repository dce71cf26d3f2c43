"""How old the young person was or is: the duty to summon is about those under 18."""

from datetime import date

from app.cases.models import Case
from app.core import cpr


def birth_date(case: Case) -> date:
    """The date of birth of the case's citizen."""
    return case.citizen.birth_date


def age_on(case: Case, day: date) -> int:
    """The age in whole years on the day; negative before the birth."""
    return cpr.age_on(birth_date(case), day)
