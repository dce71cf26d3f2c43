"""The forms about how a citizen can be reached."""

from typing import Any

from app.core.forms import DateField, Form, RadioField, Required, SubmitOnce, TextField, Versioned
from app.people.contacts import ContactFacts
from app.people.models import ContactKind, ContactPoint


class _ContactFields:
    """A way of reaching somebody."""

    kind = RadioField("Hvad er det?", [Required("Vælg, om det er telefon, adresse eller e-mail.")], choices=ContactKind)
    value = TextField("Nummer eller adresse", [Required("Skriv nummeret eller adressen.")], max_length=300)
    note = TextField("Note", max_length=200, description="For eksempel »mors telefon« eller »bor her hver anden uge«.")
    from_day = DateField("Fra og med")
    to_day = DateField("Til og med", description="Tomt betyder, at det gælder nu.")


class NewContactForm(SubmitOnce, _ContactFields, Form):
    """Add a way of reaching a citizen."""

    @property
    def facts(self) -> ContactFacts:
        """What was typed."""
        return _contact_facts(self)


class ContactForm(Versioned, _ContactFields, Form):
    """Correct or end a way of reaching a citizen."""

    def __init__(self, point: ContactPoint) -> None:
        super().__init__(data=self.stored(point) | {"version": point.version})

    @staticmethod
    def stored(point: ContactPoint) -> dict[str, Any]:
        """What is stored, by field."""
        return {name: getattr(point, name) for name in ("kind", "value", "note", "from_day", "to_day")}

    @property
    def facts(self) -> ContactFacts:
        """What was typed."""
        return _contact_facts(self)


def _contact_facts(form: Any) -> ContactFacts:
    return ContactFacts(form.kind.data, form.value.data, form.note.data, form.from_day.data, form.to_day.data)
