"""Somebody new is typed: whether he is known already, and making the citizen when he is not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.access.models import User
from app.audit import log
from app.audit.models import Event
from app.cases import beginnings
from app.cases.citizens import CaseLine, case_lines
from app.core.errors import DomainError
from app.people import services as people
from app.people.likeness import alike
from app.people.models import Citizen
from app.people.services import CprAnswer

LOOKS_LIKE_ONE: Final = "Borgeren ligner en, der allerede findes. Se efter, og sæt kryds, hvis det er en anden person."


@dataclass(frozen=True)
class Answer:
    """What is known of somebody who was typed.

    cpr: what may be known of the number. alike: visible citizens who are likely the same person, and the cases that
    the asker sees of them.
    """

    cpr: CprAnswer = field(default_factory=CprAnswer)
    alike: list[Citizen] = field(default_factory=list)
    cases: dict[int, list[CaseLine]] = field(default_factory=dict)

    @property
    def existing(self) -> Citizen | None:
        """The visible citizen who has the number."""
        return self.cpr.citizen

    def open_case_of(self, citizen: Citizen) -> CaseLine | None:
        """The open case of one of those who are alike."""
        return next((case for case in self.cases[citizen.id] if case.status.is_open), None)


def ask(form: Any, *, by: User, at: datetime) -> Answer:
    """Look whether the person is known. That it was asked is recorded: call it before the savepoint of the form.

    form: with `NewCitizenFields`, and valid.
    """
    cpr = CprAnswer() if form.cpr.data is None else people.ask_cpr(form.cpr.data, by=by, at=at)
    if cpr.citizen is not None or form.described is None:
        return Answer(cpr)
    found = alike(form.described)
    cases = case_lines([citizen.id for citizen in found])
    if found:
        ids = [case.id for lines in cases.values() for case in lines]
        log.record(Event.CITIZENS_COMPARED, by=by, at=at, listed_case_ids=ids)
    return Answer(cpr, found, cases)


def add_citizen(form: Any, answer: Answer, *, by: User, at: datetime) -> Citizen:
    """Make the citizen.

    Raises DomainError when the number is in use, or the person looks like one who is known and nobody has said that it
    is another.
    """
    answer.cpr.require_free()
    if answer.alike and not form.not_a_double.data:
        raise DomainError(LOOKS_LIKE_ONE, "not_a_double")
    citizen = people.create_citizen(
        name=form.name.data,
        cpr=form.cpr.data,
        birth_date=form.birth_date.data,
        sex=form.chosen_sex,
        bydel_id=form.bydel.data,
        school_id=form.school.data,
        address_protection=form.address_protection.data,
        by=by,
        at=at,
    )
    beginnings.asked().opened(citizen, by, at)
    return citizen
