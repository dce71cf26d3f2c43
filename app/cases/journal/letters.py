"""The letter to the home: plain Danish, and nothing of the concern, because anybody may open a letter."""

from app.cases.journal.models import JournalLetter, LetterKind
from app.cases.models import Case
from app.core.clock import local_date
from app.core.danish import format_date, format_long
from app.documents.document import Document, Facts, Paragraph, Section

ADULT = 18

# To one person, who may be a custody holder or, from 18, the citizen.
_INVITED = (
    "Vi vil gerne høre, hvordan det går, og sammen med dig finde ud af, om vi kan være til hjælp. "
    "Vi fortæller mere, når vi ses."
)
_GOOD_TO_KNOW = (
    "Samtalen er frivillig.",
    "Du må gerne tage en bisidder med. Det er en person, som du stoler på, og som kan hjælpe dig under samtalen.",
    "Har du brug for en tolk, så sig det til os i god tid.",
)
_AFTERWARDS = "Du er altid velkommen til at ringe, hvis du har spørgsmål, eller hvis du vil tale med os igen."
_INSIGHT = "Vi skriver ned, hvad vi taler om. Du kan bede os om at få det at se. Det hedder aktindsigt."


def usual_recipient(case: Case, *, age: int) -> str:
    """Whom the letter is to: those who hold custody, and from 18 the citizen alone."""
    name = case.citizen.name
    return name if age >= ADULT else f"Forældremyndighedsindehaver for {name}"


def document(letter: JournalLetter) -> Document:
    """The letter as it is set."""
    unit = letter.case.unit.name
    sections = _invitation(letter) if letter.kind is LetterKind.INVITATION else _afterwards(letter)
    return Document(
        title="Vi vil gerne tale med dig" if letter.kind is LetterKind.INVITATION else "Tak for samtalen",
        lead=(letter.recipient, format_date(local_date(letter.made_at))),
        sections=[*sections, Section("Venlig hilsen", [Paragraph(f"{letter.made_by.name}\n{unit}")])],
        footer=unit,
    )


def _invitation(letter: JournalLetter) -> list[Section]:
    return [
        Section("Indbydelse til samtale", [Paragraph(_INVITED), _when_and_where(letter)]),
        Section("Godt at vide", [Paragraph(line) for line in _GOOD_TO_KNOW]),
        Section("Kan du ikke komme?", [Paragraph(f"Ring til {letter.contact}, så finder vi en anden tid.")]),
    ]


def _afterwards(letter: JournalLetter) -> list[Section]:
    return [
        Section("Samtalen", [_when_and_where(letter), Paragraph(_AFTERWARDS)]),
        Section("Vil du vide mere?", [Paragraph(_INSIGHT), Paragraph(f"Ring til {letter.contact}.")]),
    ]


def _when_and_where(letter: JournalLetter) -> Facts:
    return Facts(
        [
            ("Dag", format_long(letter.meeting_on)),
            ("Klokken", f"{letter.meeting_time:%H.%M}"),
            ("Sted", letter.place),
        ]
    )
