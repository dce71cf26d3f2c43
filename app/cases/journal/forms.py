"""The forms of the journal."""

from datetime import date, datetime
from typing import Any

from app.cases.journal.models import JournalNote, NoteKind
from app.core.forms import (
    CheckboxesField,
    DateField,
    FilterForm,
    Form,
    NotInFuture,
    RadioField,
    Required,
    SelectField,
    SubmitOnce,
    TextAreaField,
    TextField,
    TimeField,
    Versioned,
)

TEXT_LENGTH = 20_000
PARTIES_LENGTH = 300


class _Said:
    """What a note says."""

    kind = RadioField("Hvad noterer du?", [Required("Vælg, hvad du noterer.")], choices=NoteKind)
    happened_on = DateField("Dato", [Required("Skriv, hvilken dag det var."), NotInFuture()])
    happened_time = TimeField("Klokkeslæt", description="For eksempel 14.30. Lad stå tomt, hvis du ikke ved det.")
    parties = TextField(
        "Hvem var med?",
        max_length=PARTIES_LENGTH,
        description="For eksempel »moren og klasselæreren«. Du står selv på.",
    )
    text = TextAreaField(
        "Notat",
        [Required("Skriv notatet.")],
        max_length=TEXT_LENGTH,
        description="Skriv det, der har betydning for sagen. Borgeren kan få aktindsigt.",
    )


class NoteForm(SubmitOnce, _Said, Form):
    """A new note."""

    def __init__(self, now: datetime) -> None:
        super().__init__(today=now.date(), data={"happened_on": now.date(), "happened_time": now.time()})


class CorrectNoteForm(Versioned, _Said, Form):
    """A correction of a note."""

    def __init__(self, note: JournalNote, today: date) -> None:
        super().__init__(today=today, data=self.stored(note) | {"version": note.version})

    @staticmethod
    def stored(note: JournalNote) -> dict[str, Any]:
        """What is stored, by field."""
        return {name: getattr(note, name) for name in ("kind", "happened_on", "happened_time", "parties", "text")}


class LetterForm(SubmitOnce, Form):
    """A letter to the home. Of the concern itself there is nothing to fill in, on purpose."""

    recipient = TextField("Til", [Required("Skriv, hvem brevet er til.")], max_length=200)
    meeting_on = DateField("Dato for samtalen", [Required("Skriv, hvilken dag samtalen er eller var.")])
    meeting_time = TimeField("Klokkeslæt", [Required("Skriv klokkeslættet.")], description="For eksempel 14.30")
    place = TextField(
        "Sted",
        [Required("Skriv, hvor samtalen er eller var.")],
        max_length=200,
        description="Adresse og eventuelt lokale.",
    )
    contact = TextField(
        "Hvem kan de ringe til?",
        [Required("Skriv navn og telefonnummer.")],
        max_length=200,
        description="Navn og telefonnummer.",
    )


class SearchForm(Form):
    """What to look for in the case. Posted, because the words are personal data and addresses are logged."""

    words = TextField("Søg i sagen", [Required("Skriv, hvad du vil søge efter.")], max_length=100)


class TimelineFilter(FilterForm):
    """What the timeline is narrowed down to; codes only, as they stand in the address."""

    slags = SelectField("Vis", blank="Alt")
    person = SelectField("Skrevet eller gjort af", blank="Alle")

    def __init__(self, kinds: dict[str, str], people: dict[str, str]) -> None:
        super().__init__()
        self.slags.choices = kinds
        self.person.choices = people
        # What the address cannot mean is left out, rather than refused.
        self.validate()
        for field in self:
            if field.errors:
                field.data = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return self.slags.data is not None or self.person.data is not None


class FilingForm(Form):
    """Which parts of the case are put on paper."""

    parts = CheckboxesField("Hvad skal med?", [Required("Vælg mindst én del.")])

    def __init__(self, parts: dict[str, str]) -> None:
        super().__init__(data={"parts": list(parts)})
        self.parts.choices = parts
