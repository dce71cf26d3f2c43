"""The form of the døgnrapport: what its people have in common, and a row for each."""

from datetime import date
from typing import Any, Final

from typing_extensions import override
from werkzeug.datastructures import MultiDict

from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.forms import CONCERN_LENGTH, CONTACT_LENGTH
from app.cases.intake.day_report import Line
from app.cases.models import Referrer
from app.core.forms import (
    CheckboxField,
    CprField,
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
)
from app.people.forms.citizens import NAME_LENGTH

MOST_ROWS: Final = 40
ROWS_AT_FIRST: Final = 5
PASTE_LENGTH: Final = 20_000


class RowForm(FilterForm):
    """One person of the report; a row with nothing in it is passed over."""

    name = TextField("Navn", [Required("Skriv navnet.")], max_length=NAME_LENGTH)
    cpr = CprField("CPR-nummer", [Required("Skriv CPR-nummeret. Uden et: opret henvendelsen for sig.")])
    happened = TextAreaField("Hvad er der sket?", [Required("Skriv, hvad der er sket.")], max_length=CONCERN_LENGTH)
    theme = SelectField("Tema", [Required("Vælg et tema.")], choices=Theme, blank=None)
    passed_over = CheckboxField("Spring rækken over")

    @property
    def typed(self) -> dict[str, str]:
        """What was typed into the fields that hold anything, readable or not."""
        values = {name: str(self[name]._value()) for name in ("name", "cpr", "happened")}  # noqa: SLF001 - WTForms' own
        return {name: value for name, value in values.items() if value.strip()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.typed

    @property
    def counts(self) -> bool:
        """Whether the row is to become a referral."""
        return not self.is_empty and not self.passed_over.data


class DayReportForm(SubmitOnce, Form):
    """What the people of a report have in common."""

    received_on = DateField("Hvornår kom rapporten?", [Required("Skriv, hvornår rapporten kom."), NotInFuture()])
    referrer = SelectField("Hvem kommer den fra?", [Required("Vælg, hvem den kommer fra.")], choices=Referrer)
    contact = TextField("Hvem er det, og hvordan får I fat i dem?", max_length=CONTACT_LENGTH)
    legal_basis = SelectField(
        "Retligt grundlag for at have oplysningerne",
        [Required("Vælg det retlige grundlag for at have oplysningerne.")],
        choices=LegalBasis,
    )
    consent = RadioField(
        "Samtykke",
        [Required("Vælg, om der er givet samtykke.")],
        choices=tuple(each for each in Consent if not each.has_day),
        description="Er der svaret på et samtykke, så opret henvendelsen for sig.",
    )
    pasted = TextAreaField(
        "Indsæt linjer fra rapporten",
        max_length=PASTE_LENGTH,
        description="Én linje pr. person: navn, CPR-nummer og hvad der er sket. Du kan rette dem bagefter.",
    )

    def __init__(self, formdata: MultiDict[str, str] | None, *, today: date) -> None:
        start: dict[str, Any] = {
            "received_on": today,
            "referrer": Referrer.POLICE,
            "legal_basis": LegalBasis.SSP,
            "consent": Consent.NOT_NEEDED,
        }
        super().__init__(today=today, data=start)
        posted = formdata if self.is_submitted() else None
        count = _count(posted)
        self.rows = [RowForm(posted or MultiDict(), today=today, prefix=f"r{number}-") for number in range(count)]

    @property
    @override
    def failed(self) -> bool:
        """Whether anything is wrong, here or in a row."""
        return super().failed or any(row.failed for row in self.rows)

    @override
    def error_summary(self) -> list[tuple[str | None, str]]:
        """What is wrong, with the number of the row."""
        of_rows = [
            (target, f"Række {number}: {message}")
            for number, row in enumerate(self.rows, start=1)
            for target, message in row.error_summary()
        ]
        return [*super().error_summary(), *of_rows]

    @property
    def counting(self) -> list[RowForm]:
        """The rows that are to become referrals."""
        return [row for row in self.rows if row.counts]

    def validate_rows(self) -> bool:
        """Check the rows that count; at least one must."""
        if not self.counting:
            self.add_error("Skriv mindst én person.")
            return False
        valid = [row.validate() for row in self.counting]  # each of them, so that all errors are told
        return all(valid)

    def add_lines(self, lines: list[Line]) -> int:
        """Put pasted lines into rows after those that hold anything; return for how many there was room."""
        kept = [row for row in self.rows if not row.is_empty]
        values = [_values_of(row) for row in kept] + [
            {"name": line.name, "cpr": line.cpr, "happened": line.happened, "theme": Theme.CRIME.value}
            for line in lines
        ]
        self._refill(values[:MOST_ROWS], at_least=ROWS_AT_FIRST)
        return min(len(lines), MOST_ROWS - len(kept))

    def add_rows(self) -> None:
        """More empty rows."""
        values = [_values_of(row) for row in self.rows]
        self._refill(values, at_least=min(len(values) + ROWS_AT_FIRST, MOST_ROWS))

    def _refill(self, values: list[dict[str, str]], *, at_least: int) -> None:
        values = values + [{} for _ in range(at_least - len(values))]
        self.rows = []
        for number, known in enumerate(values):
            prefix = f"r{number}-"
            posted = MultiDict({f"{prefix}{name}": value for name, value in known.items()})
            self.rows.append(RowForm(posted, today=self.today, prefix=prefix))


def _values_of(row: RowForm) -> dict[str, str]:
    """What to fill the row with again."""
    return (
        row.typed
        | {"theme": (row.theme.data or Theme.CRIME).value}
        | ({"passed_over": "y"} if row.passed_over.data else {})
    )


def _count(posted: MultiDict[str, str] | None) -> int:
    """How many rows were posted; a few when none were."""
    if posted is None:
        return ROWS_AT_FIRST
    text = posted.get("rows", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_ROWS)) else ROWS_AT_FIRST
    return min(max(number, 1), MOST_ROWS)
