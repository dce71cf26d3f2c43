"""The forms of intake and of the decisions in a case's life."""

from datetime import date
from typing import Any, Final

from app.access.models import Unit, User
from app.cases import niveauer
from app.cases.codes import Consent, LegalBasis, Result, Theme
from app.cases.forms import NOBODY_YET, OWNER_HINT, ReferralFields, by_name
from app.cases.models import Case
from app.core.forms import (
    CheckboxesField,
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
from app.people.forms.citizens import NewCitizenFields

REASONS_LENGTH: Final = 2000
TOLD_LENGTH: Final = 300


class ReferralForm(SubmitOnce, ReferralFields, Form):
    """A referral about a citizen who is known."""

    received_on = DateField("Hvornår kom henvendelsen?", [Required("Skriv, hvornår henvendelsen kom."), NotInFuture()])
    themes = CheckboxesField(
        "Hvad handler bekymringen om?",
        [Required("Vælg mindst ét tema.")],
        choices=Theme,
        description="Ved ekstremisme kan kun navngivne medarbejdere og lederen se henvendelsen.",
    )
    legal_basis = SelectField(
        "Retligt grundlag for at have oplysningerne",
        [Required("Vælg det retlige grundlag for at have oplysningerne.")],
        choices=LegalBasis,
    )
    consent = RadioField(
        "Samtykke fra borgeren eller forældremyndigheden",
        [Required("Vælg, om der er givet samtykke.")],
        choices=Consent,
    )
    members = CheckboxesField("Hvem skal kunne se henvendelsen?", coerce=int)

    def __init__(self, *, members: list[User], by: User, today: date) -> None:
        super().__init__(today=today, data={"received_on": today})
        self.members.choices = by_name([user for user in members if user.id != by.id])

    @property
    def restricting_values(self) -> list[str]:
        """The themes that restrict."""
        return [theme.value for theme in Theme if theme.restricts]


class NewCitizenReferralForm(NewCitizenFields, ReferralForm):
    """A referral about a citizen who is not known yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer_places()


class VisitationForm(Versioned, Form):
    """Say that somebody looks at the referral; there is nothing to fill in."""


class AcceptForm(Versioned, Form):
    """Find a referral forebyggelsesegnet."""

    reasons = TextAreaField(
        "Hvorfor er sagen forebyggelsesegnet?",
        [Required("Skriv, hvorfor sagen er forebyggelsesegnet.")],
        max_length=REASONS_LENGTH,
    )
    niveau = RadioField("Niveau", [Required("Vælg sagens niveau.")], choices=niveauer.names, coerce=int)
    members = CheckboxesField("Hvem skal kunne se sagen?", coerce=int)
    owner = SelectField("Ansvarlig", coerce=int, blank=NOBODY_YET, description=OWNER_HINT)

    def __init__(self, case: Case, *, owners: list[User], members: list[User], by: User) -> None:
        chosen = by.id if by.id in {user.id for user in owners} else None
        super().__init__(data={"owner": chosen, "version": case.version})
        self.owner.choices = by_name(owners)
        self.members.choices = by_name([user for user in members if user.id != by.id])
        self.restricting = niveauer.restricting()
        self._is_restricted = case.restricted

    @property
    def member_ids(self) -> list[int]:
        """Those who are chosen, where the case is restricted or the niveau makes it so."""
        return list(self.members.data) if self._is_restricted or self.niveau.data in self.restricting else []


class RejectForm(Versioned, Form):
    """Find a referral not forebyggelsesegnet."""

    reasons = TextAreaField(
        "Hvorfor afvises henvendelsen?", [Required("Skriv, hvorfor henvendelsen afvises.")], max_length=REASONS_LENGTH
    )
    told = TextField(
        "Hvem har fået besked?",
        [Required("Skriv, hvem der har fået besked, eller at ingen har.")],
        max_length=TOLD_LENGTH,
    )


class CloseForm(Versioned, Form):
    """End a case."""

    reasons = TextAreaField(
        "Hvorfor afsluttes sagen?", [Required("Skriv, hvorfor sagen afsluttes.")], max_length=REASONS_LENGTH
    )
    result = RadioField("Resultat", [Required("Vælg, hvordan det gik.")], choices=Result)
    risk_view = TextAreaField(
        "Hvordan ser I på risikoen nu?",
        [Required("Skriv, hvordan I ser på risikoen, når sagen slutter.")],
        max_length=REASONS_LENGTH,
    )


class ReasonsForm(Versioned, Form):
    """An act that needs nothing but its reasons."""

    reasons = TextAreaField("Begrundelse", [Required("Skriv en begrundelse.")], max_length=REASONS_LENGTH)


class TransferForm(ReasonsForm):
    """Move a case to another unit."""

    unit = SelectField("Til hvilken enhed?", [Required("Vælg en enhed.")], coerce=int)

    def __init__(self, case: Case, units: list[Unit]) -> None:
        super().__init__(data={"version": case.version})
        self.unit.choices = {unit.id: unit.name for unit in units if unit.id != case.unit_id}


class RestrictForm(ReasonsForm):
    """Let a case be seen by named people and the leader alone."""

    members = CheckboxesField("Hvem skal kunne se sagen?", coerce=int)

    def __init__(self, case: Case, *, members: list[User], by: User) -> None:
        super().__init__(data={"version": case.version})
        self.members.choices = by_name([user for user in members if user.id != by.id])
