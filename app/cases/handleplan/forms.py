"""The forms of a handleplan. Who and what to choose among comes from the views."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.access.models import User
from app.cases.handleplan.codes import ENDINGS, TERMS, GoalState, MeasureResult, MeasureState
from app.cases.handleplan.models import AcuteLine, CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.handleplan.particulars import Particulars
from app.core.forms import (
    DateField,
    Form,
    NotInFuture,
    RadioField,
    Required,
    SelectField,
    SubmitOnce,
    TextAreaField,
    TextField,
    Versioned,
)

TEXT_LENGTH = 2000
WHAT_LENGTH = 300
ORGANISATION_LENGTH = 150
FOR_CITIZEN = "Kommer med på borgerens udgave. Skriv, så borgeren forstår det."
NOT_FOR_CITIZEN = "Kommer ikke med på borgerens udgave."
SOMEBODY_ELSE = "En anden"


def people(users: Iterable[User], also: User | None = None) -> dict[int, str]:
    """Employees to choose among, each with the role; `also` is kept though the unit has changed."""
    named = {user.id: f"{user.name} ({user.role.label.lower()})" for user in users}
    if also is not None:
        named.setdefault(also.id, also.name)
    return named


class _PlanFields:
    """What the plan is about."""

    aim = TextAreaField(
        "Hvad skal planen hjælpe med?",
        [Required("Skriv kort, hvad planen skal hjælpe med.")],
        max_length=TEXT_LENGTH,
        description=FOR_CITIZEN,
    )
    own_words = TextAreaField(
        "Hvad siger borgeren selv?",
        max_length=TEXT_LENGTH,
        description="Med borgerens egne ord. Kommer med på borgerens udgave.",
    )


class StartForm(SubmitOnce, _PlanFields, Form):
    """A new handleplan."""

    started_on = DateField("Planen begynder", [Required("Skriv, hvilken dag planen begynder.")])
    first_follow_up = DateField("Første opfølgning", description="Den dag, I ser på planen igen.")


class ChangePlanForm(Versioned, _PlanFields, Form):
    """The plan, written anew."""

    @staticmethod
    def stored(plan: Handleplan) -> dict[str, Any]:
        """What stands in the database, by field."""
        return {"aim": plan.aim, "own_words": plan.own_words}


class CloseForm(SubmitOnce, Versioned, Form):
    """The plan's end."""

    closed_on = DateField("Planen sluttede", [Required("Skriv, hvilken dag planen sluttede."), NotInFuture()])
    closing = TextAreaField("Hvordan gik det?", max_length=TEXT_LENGTH, description=NOT_FOR_CITIZEN)


class GoalForm(SubmitOnce, Form):
    """A new goal."""

    text = TextAreaField("Mål", [Required("Skriv målet.")], max_length=TEXT_LENGTH, description=FOR_CITIZEN)


class ChangeGoalForm(Versioned, Form):
    """A goal written anew, and how far it is."""

    text = TextAreaField("Mål", [Required("Skriv målet.")], max_length=TEXT_LENGTH, description=FOR_CITIZEN)
    state = RadioField("Hvor langt er I?", [Required("Vælg, hvor langt I er.")], choices=GoalState)

    @staticmethod
    def stored(goal: Goal) -> dict[str, Any]:
        """What stands in the database, by field."""
        return {"text": goal.text, "state": goal.state}


class _ResponsibleFields:
    """Who does it."""

    responsible = SelectField(
        "Ansvarlig medarbejder", coerce=int, blank=SOMEBODY_ELSE, description="Eller skriv en anden i næste felt."
    )
    organisation = TextField(
        "Anden person eller organisation",
        max_length=ORGANISATION_LENGTH,
        description="For eksempel klubben, Jobcentret eller borgerens mor.",
    )


class _MeasureFields(_ResponsibleFields):
    """What is agreed about a measure."""

    kind = SelectField("Indsats", [Required("Vælg en indsats.")], coerce=int)
    goal = SelectField("Hvilket mål hjælper den på?", coerce=int, blank="Intet bestemt mål")
    text = TextAreaField("Hvad går den ud på?", max_length=TEXT_LENGTH, description=FOR_CITIZEN)
    note = TextAreaField("Intern bemærkning", max_length=TEXT_LENGTH, description=NOT_FOR_CITIZEN)
    from_day = DateField("Begynder", [Required("Skriv, hvilken dag indsatsen begynder.")])
    to_day = DateField("Slutter", description="Hvis I ved det. Så bliver I mindet om at skrive resultatet.")
    state = RadioField(
        "Hvor står den?",
        [Required("Vælg, om indsatsen er planlagt eller i gang.")],
        choices=[state for state in MeasureState if state not in ENDINGS],
        default=MeasureState.PLANNED,
    )


class _MeasureForm(_MeasureFields, Form):
    def offer(
        self,
        kinds: Sequence[CatalogueMeasure],
        goals: Sequence[Goal],
        users: dict[int, str],
    ) -> None:
        """What there is to choose among."""
        self._kinds = {kind.id: kind for kind in kinds}
        self._goals = {goal.id: goal for goal in goals}
        self.kind.choices = {kind.id: kind.label for kind in kinds}
        self.goal.choices = {goal.id: _short(goal.text) for goal in goals}
        self.responsible.choices = users

    @property
    def agreed(self) -> Particulars:
        """What was filled in."""
        return Particulars(
            kind=self._kinds[self.kind.data],
            goal=self._goals.get(self.goal.data),
            text=self.text.data,
            note=self.note.data,
            responsible_user_id=self.responsible.data,
            organisation=self.organisation.data,
            from_day=self.from_day.data,
            to_day=self.to_day.data,
            state=self.state.data,
        )


class MeasureForm(SubmitOnce, _MeasureForm):
    """A new measure."""


class ChangeMeasureForm(Versioned, _MeasureForm):
    """A measure, agreed otherwise."""

    @staticmethod
    def stored(measure: Measure) -> dict[str, Any]:
        """What stands in the database, by field."""
        return {
            "kind": measure.catalogue_id,
            "goal": measure.goal_id,
            "text": measure.text,
            "note": measure.note,
            "responsible": measure.responsible_user_id,
            "organisation": measure.organisation,
            "from_day": measure.from_day,
            "to_day": measure.to_day,
            "state": measure.state,
        }


class ResultForm(SubmitOnce, Versioned, Form):
    """How a measure ended."""

    state = RadioField("Hvordan sluttede den?", [Required("Vælg, hvordan indsatsen sluttede.")], choices=list(ENDINGS))
    ended_on = DateField("Sidste dag", [Required("Skriv, hvilken dag indsatsen sluttede."), NotInFuture()])
    result = RadioField(
        "Hvad førte den til?",
        [Required("Vælg, hvad indsatsen førte til.")],
        choices=MeasureResult,
        description="Din faglige vurdering. Tælles med, så I kan se, hvad der virker.",
    )
    result_note = TextAreaField("Bemærkning", max_length=TEXT_LENGTH, description=NOT_FOR_CITIZEN)


class FollowUpForm(SubmitOnce, Form):
    """A day to look at the plan."""

    on_day = DateField("Dag", [Required("Skriv, hvilken dag I følger op.")])


class MoveFollowUpForm(Versioned, Form):
    """Another day."""

    on_day = DateField("Ny dag", [Required("Skriv, hvilken dag I følger op.")])

    @staticmethod
    def stored(follow_up: FollowUp) -> dict[str, Any]:
        """What stands in the database, by field."""
        return {"on_day": follow_up.on_day}


class HoldFollowUpForm(SubmitOnce, Versioned, Form):
    """What came of a follow-up."""

    held_on = DateField("Holdt", [Required("Skriv, hvilken dag opfølgningen blev holdt."), NotInFuture()])
    text = TextAreaField(
        "Hvad talte I om, og hvad aftalte I?",
        [Required("Skriv, hvad I talte om og aftalte.")],
        max_length=TEXT_LENGTH,
        description=NOT_FOR_CITIZEN,
    )
    next_on = DateField("Næste opfølgning")


class CancelFollowUpForm(SubmitOnce, Versioned, Form):
    """Why a follow-up is not held."""

    reason = TextAreaField("Hvorfor?", [Required("Skriv, hvorfor den ikke bliver holdt.")], max_length=TEXT_LENGTH)


class _WhatField:
    what = TextAreaField("Hvad skal der gøres?", [Required("Skriv, hvad der skal gøres.")], max_length=WHAT_LENGTH)


class LineForm(SubmitOnce, _WhatField, _ResponsibleFields, Form):
    """A new line of an akuthandleplan."""

    hours = RadioField(
        "Hvornår?",
        [Required("Vælg 24 eller 72 timer.")],
        choices=TERMS,
        coerce=int,
        description="Regnet fra, da akuthandleplanen begyndte.",
    )


class ChangeLineForm(Versioned, _WhatField, _ResponsibleFields, Form):
    """A line, written anew."""

    @staticmethod
    def stored(line: AcuteLine) -> dict[str, Any]:
        """What stands in the database, by field."""
        return {
            "what": line.what,
            "responsible": line.responsible_user_id,
            "organisation": line.organisation,
        }


def _short(text: str, length: int = 80) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= length else f"{one_line[: length - 1]}…"
