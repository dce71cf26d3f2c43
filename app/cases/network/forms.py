"""The forms of relations and of people without a case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.cases.network.facts import KEPT, PersonFacts, RelationFacts
from app.cases.network.matching import Likely
from app.cases.network.models import RelatedPerson, Relation, RelationKind, Source
from app.core.forms import (
    CprField,
    DateField,
    Form,
    NotInFuture,
    RadioField,
    Required,
    RequiredIf,
    SelectField,
    SubmitOnce,
    TextAreaField,
    TextField,
    Versioned,
)

NAME_LENGTH = 150
NOTE_LENGTH = 2000
NEW = "ny"
KEEP_LITTLE = "Skriv kun det, der er brug for. Oplysningerne slettes den dag, du vælger nedenfor."


class PersonFields:
    """Who it is: as little as possible of somebody without a case."""

    name = TextField("Navn", [Required("Skriv personens navn.")], max_length=NAME_LENGTH)
    cpr = CprField("CPR-nummer", description="ddmmåå-xxxx. Kun hvis der er brug for det.")
    birth_date = DateField("Fødselsdato", [NotInFuture("Fødselsdatoen ligger i fremtiden.")])
    phone = TextField("Telefon", max_length=50)
    address = TextField("Adresse", description="Skriv den ikke, hvis den er beskyttet.", max_length=200)
    delete_on = DateField("Slettes den", [Required("Skriv, hvilken dag personen skal slettes.")], description=(
        "Højst to år frem. Personen og relationen slettes af sig selv den dag, hvis ingen retter datoen."
    ))  # fmt: skip


class _Known:
    """What is known of the relation."""

    kind = SelectField("Relation", [Required("Vælg relationen.")], choices=RelationKind)
    profession = TextField("Fag eller stilling", max_length=100, description="For fagpersoner.")
    organisation = TextField("Arbejdssted", max_length=150, description="For fagpersoner.")
    from_day = DateField("Fra og med")
    to_day = DateField("Til og med", description="Tomt, så længe relationen består.")
    source = SelectField("Kilde", [Required("Vælg, hvor oplysningen kommer fra.")], choices=Source)
    note = TextAreaField("Note", max_length=NOTE_LENGTH)


def person_facts(form: Any) -> PersonFacts:
    """What a form with the fields of a person says."""
    return PersonFacts(
        form.name.data,
        form.cpr.data,
        form.birth_date.data,
        form.phone.data,
        form.address.data,
        form.delete_on.data,
    )


def stored_person(person: RelatedPerson) -> dict[str, Any]:
    """What is stored of a person, by field."""
    return {
        "name": person.name,
        "cpr": person.number,
        "birth_date": person.born,
        "phone": person.phone,
        "address": person.address,
        "delete_on": person.delete_on,
    }


def relation_facts(form: Any) -> RelationFacts:
    """What a form with the fields of a relation says."""
    return RelationFacts(
        kind=form.kind.data,
        from_day=form.from_day.data,
        to_day=form.to_day.data,
        source=form.source.data,
        note=form.note.data,
        profession=form.profession.data,
        organisation=form.organisation.data,
    )


class MeantPerson:
    """A form that asks whether somebody who is known already is meant."""

    existing = RadioField(
        "Er det en af dem?",
        [RequiredIf(lambda form: bool(form.existing.choices), "Vælg, om det er en af dem, der allerede er kendt.")],
    )

    def offer(self, likely: Sequence[Likely]) -> None:
        """Let one of them be chosen, or none."""
        field: Any = self.existing
        field.choices = {str(one.citizen.id): one.words for one in likely} if likely else {}
        if likely:
            field.choices[NEW] = "Nej, det er en person uden sag"

    @property
    def chosen_id(self) -> int | None:
        """The citizen who was chosen; None for somebody new."""
        field: Any = self.existing
        return None if field.data in {None, NEW} else int(field.data)


class NewRelationForm(SubmitOnce, PersonFields, MeantPerson, _Known, Form):
    """Somebody is something to the citizen."""

    def __init__(self, today: date) -> None:
        super().__init__(today=today, data={"delete_on": today + KEPT})
        self.existing.choices = {}


class RelationForm(Versioned, _Known, Form):
    """Correct a relation to another citizen."""

    def __init__(self, relation: Relation, today: date) -> None:
        super().__init__(today=today, data=self.stored(relation) | {"version": relation.version})

    def stored(self, relation: Relation) -> dict[str, Any]:
        """What is stored, by field."""
        names = ("kind", "profession", "organisation", "from_day", "to_day", "source", "note")
        return {name: getattr(relation, name) for name in names}


class PersonRelationForm(PersonFields, RelationForm):
    """Correct a relation to somebody without a case, and what is known of the person."""

    def stored(self, relation: Relation) -> dict[str, Any]:
        """What is stored, by field."""
        person = relation.person
        return super().stored(relation) | ({} if person is None else stored_person(person))


class EndRelationForm(Versioned, Form):
    """Say when it ended."""

    to_day = DateField("Sidste dag", [Required("Skriv, hvilken dag relationen sidst bestod."), NotInFuture()])

    def __init__(self, relation: Relation, today: date) -> None:
        super().__init__(today=today, data={"to_day": today, "version": relation.version})


class RemoveRelationForm(SubmitOnce, Form):
    """Confirm that it was registered by mistake."""
