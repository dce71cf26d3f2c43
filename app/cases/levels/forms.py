"""The forms of levels: changing a case's, and setting up those there are."""

from typing import Any, Final

from app.access.models import User
from app.cases import niveauer
from app.cases.forms import by_name
from app.cases.models import Case, Niveau
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    Form,
    IntegerField,
    RadioField,
    Required,
    SubmitOnce,
    TextAreaField,
    TextField,
    Versioned,
)

REASONS_LENGTH: Final = 2000


class LevelForm(Versioned, Form):
    """Put a case on another niveau."""

    niveau = RadioField("Nyt niveau", [Required("Vælg det nye niveau.")], choices=niveauer.names, coerce=int)
    reasons = TextAreaField("Begrundelse", [Required("Skriv en begrundelse.")], max_length=REASONS_LENGTH)
    members = CheckboxesField("Hvem skal kunne se sagen?", coerce=int)
    lift_restriction = CheckboxField("Lad hele enheden se sagen igen")

    def __init__(self, case: Case, *, proposed: int | None, members: list[User], by: User, may_lift: bool) -> None:
        super().__init__(data={"version": case.version, "niveau": proposed if proposed != case.niveau else None})
        self.niveau.choices = {number: label for number, label in niveauer.names().items() if number != case.niveau}
        self.members.choices = by_name([user for user in members if user.id != by.id])
        self.restricting = niveauer.restricting()
        if not (case.restricted and may_lift):
            del self.lift_restriction

    @property
    def member_ids(self) -> list[int]:
        """Those who are chosen, where the niveau asks for it."""
        return list(self.members.data) if self.niveau.data in self.restricting else []

    @property
    def lifts(self) -> bool:
        """Whether the restriction is to be lifted."""
        return "lift_restriction" in self and bool(self.lift_restriction.data)


class _NiveauFields:
    """What a niveau is."""

    name = TextField("Navn", [Required("Skriv niveauets navn.")], max_length=60, description="Står efter nummeret.")
    meaning = TextField("Betydning", [Required("Skriv, hvad niveauet betyder.")], max_length=300)
    restricts = CheckboxField(
        "Sager på niveauet ses kun af navngivne og lederen",
        description="Gælder de sager, der kommer på niveauet fra nu af. Sager, der er på det, ændres ikke.",
    )


class AddNiveauForm(SubmitOnce, _NiveauFields, Form):
    """A new niveau."""

    number = IntegerField("Nummer", [Required("Skriv niveauets nummer, fra 1 til 9.")], minimum=1, maximum=9)


class NiveauForm(Versioned, _NiveauFields, Form):
    """Change what a niveau is; its number stays."""

    def __init__(self, niveau: Niveau, **kwargs: Any) -> None:
        super().__init__(
            data={
                "name": niveau.name,
                "meaning": niveau.meaning,
                "restricts": niveau.restricts,
                "version": niveau.version,
            },
            **kwargs,
        )
