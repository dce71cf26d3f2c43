"""The form in which a leader hands over all open cases of an employee; it has a field for each of them."""

from collections.abc import Sequence
from typing import Any

from app.access.models import User
from app.cases.forms import by_name
from app.cases.handovers import NOTE_LENGTH
from app.cases.summaries import Summary
from app.core.forms import Form, HiddenField, Required, SelectField, SubmitOnce, TextAreaField

AS_ALL = "Som de andre"
_PREFIX = "sag_"


class HandoverForm(SubmitOnce, Form):
    """Who takes over, and a note.

    `seen` are the cases that the leader was shown; `confirmed` comes with the last step.
    """

    taker = SelectField("Hvem overtager?", coerce=int, description="Gælder de sager, hvor der ikke er valgt en anden.")
    note = TextAreaField(
        "Besked til den, der overtager",
        [Required("Skriv, hvad den, der overtager, skal vide.")],
        max_length=NOTE_LENGTH,
        description="Står i hver af sagerne.",
    )
    seen = HiddenField(max_length=10_000)
    confirmed = HiddenField(max_length=3)

    @property
    def rows(self) -> list[tuple[Summary, Any]]:
        """Each case with its field."""
        return [(case, self[f"{_PREFIX}{case.id}"]) for case in self.cases]

    @property
    def takers(self) -> dict[int, int | None]:
        """Who takes each case, by its id."""
        return {case.id: field.data or self.taker.data for case, field in self.rows}

    @property
    def seen_ids(self) -> list[int]:
        """The ids of the cases that were shown when the form was made."""
        return [int(part) for part in (self.seen.data or "").split(",") if part.isdecimal() and part.isascii()]

    cases: Sequence[Summary] = ()


def handover_form(cases: Sequence[Summary], takers: list[User]) -> HandoverForm:
    """A form with a field for each of the cases."""
    fields = {
        f"{_PREFIX}{case.id}": SelectField(f"Sag {case.number} overtages af", coerce=int, blank=AS_ALL)
        for case in cases
    }
    form: HandoverForm = type("HandoverFormOfCases", (HandoverForm,), {**fields, "cases": tuple(cases)})(
        data={"seen": ",".join(str(case.id) for case in cases)}
    )
    for field in (form.taker, *(field for _, field in form.rows)):
        field.choices = by_name(takers)
    return form
