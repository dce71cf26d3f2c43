"""The forms of a netværkssamråd."""

from datetime import date, datetime, time
from typing import Any, Final

from wtforms.validators import ValidationError

from app.core import clock
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    NotInFuture,
    RadioField,
    Required,
    RequiredIf,
    SubmitOnce,
    TextAreaField,
    TextField,
    TimeField,
    Versioned,
)
from app.netvaerkssamraad.models import Documentation, Exemption, Means, PartyRole

NEW_MEETING: Final = "indkald"
CHANGED_MEASURES: Final = "foranstaltninger"


def _instant(day: date, at: time) -> datetime:
    """The instant of the two fields; raises ValidationError for a time that the clocks jump over."""
    try:
        return clock.from_local(day, at)
    except ValueError:
        raise ValidationError("Det klokkeslæt findes ikke den nat: uret blev stillet frem.") from None


class DocumentationForm(SubmitOnce, Form):
    """The police's documentation. `answer` is asked only within a year of a meeting."""

    documentation = RadioField(
        "Hvad er modtaget?",
        [Required("Vælg, hvad der er modtaget.")],
        choices=Documentation,
        default=Documentation.POLICE_LIST,
    )
    documentation_other = TextField(
        "Hvad er det?",
        [RequiredIf(lambda form: form.documentation.data is Documentation.OTHER, "Skriv, hvad det er.")],
    )
    received_on = DateField(
        "Dato for modtagelsen",
        [Required("Skriv, hvilken dag dokumentationen blev modtaget."), NotInFuture()],
        description="Den dag kommunen fik den. Fristen regnes herfra, også når den registreres senere.",
    )
    received_time = TimeField("Klokkeslæt", [Required("Skriv klokkeslættet.")], description="For eksempel 14.30")
    received_from = TextField(
        "Modtaget fra",
        [Required("Skriv, hvem der sendte dokumentationen.")],
        description="Politikreds og eventuelt person.",
    )
    why_serious = TextAreaField(
        "Hvorfor er det alvorlig kriminalitet?",
        [Required("Skriv, hvorfor det vurderes som alvorlig kriminalitet.")],
        description="Din faglige vurdering. Mistanke er nok; der skal ikke foreligge en dom.",
    )
    answer = RadioField(
        "Hvad gør I?",
        [Required("Vælg, om I indkalder til nyt netværkssamråd eller ændrer foranstaltninger.")],
        choices={
            NEW_MEETING: "Indkalder til et nyt netværkssamråd",
            CHANGED_MEASURES: "Ændrer foranstaltninger i stedet",
        },
    )

    @property
    def received_at(self) -> datetime:
        """When the documentation was received."""
        return _instant(self.received_on.data, self.received_time.data)

    @property
    def changes_measures(self) -> bool:
        """Whether measures are changed instead of summoning."""
        return "answer" in self and self.answer.data == CHANGED_MEASURES

    def validate_received_time(self, _field: Any) -> None:
        """Refuse a time that did not exist that night."""
        if self.received_on.data is not None:
            _ = self.received_at


class PartyForm(SubmitOnce, Form):
    """Somebody who takes part."""

    role = RadioField(
        "Rolle",
        [Required("Vælg, hvilken rolle personen har.")],
        choices=[role for role in PartyRole if role is not PartyRole.YOUNG_PERSON],
        default=PartyRole.CUSTODY_HOLDER,
    )
    name = TextField("Navn", [Required("Skriv navnet.")])
    organisation = TextField("Arbejdsplads eller tilknytning", description="For eksempel skole, klub eller farbror.")
    contact = TextField("Kontakt", description="Telefon, adresse eller mail. Står aldrig i mails fra Enkeltsag.")
    summoned = CheckboxField("Er også indkaldt")


class ChangePartyForm(Versioned, PartyForm):
    """The same, corrected."""


class RemovePartyForm(SubmitOnce, Versioned, Form):
    """Taking somebody off the parties asks for nothing."""


class SummonsForm(SubmitOnce, Versioned, Form):
    """The summons that was sent. Whether the last two are needed, the service decides."""

    sent_on = DateField("Dato for afsendelsen", [Required("Skriv, hvilken dag der blev indkaldt."), NotInFuture()])
    sent_time = TimeField("Klokkeslæt", [Required("Skriv klokkeslættet.")], description="For eksempel 14.30")
    means = RadioField(
        "Hvordan?", [Required("Vælg, hvordan der blev indkaldt.")], choices=Means, default=Means.DIGITAL_POST
    )
    parties = CheckboxesField("Hvem er indkaldt?", [Required("Vælg, hvem der er indkaldt.")], coerce=int)
    no_custody_holder = TextField(
        "Hvorfor er ingen forældremyndighedsindehaver indkaldt?",
        description="Udfyldes kun, hvis den unge er under 18 år, og ingen er valgt ovenfor.",
    )
    late_reason = TextAreaField(
        "Fristen er overskredet. Skriv hvorfor.", description="Blev indkaldelsen sendt i tide, kan feltet stå tomt."
    )

    @property
    def sent_at(self) -> datetime:
        """When the summons was sent."""
        return _instant(self.sent_on.data, self.sent_time.data)

    def validate_sent_time(self, _field: Any) -> None:
        """Refuse a time that did not exist that night."""
        if self.sent_on.data is not None:
            _ = self.sent_at


class MeetingForm(SubmitOnce, Versioned, Form):
    """Whether the meeting was held. `held` is left out when it is known that it was not held at first."""

    held = RadioField("Blev mødet holdt?", [Required("Vælg, om mødet blev holdt.")], choices={"ja": "Ja", "nej": "Nej"})
    held_on = DateField(
        "Dato for mødet",
        [RequiredIf(lambda form: form.was_held, "Skriv, hvilken dag mødet blev holdt."), NotInFuture()],
    )
    reason = TextAreaField(
        "Hvorfor blev mødet ikke holdt?",
        [RequiredIf(lambda form: form.was_not_held, "Skriv, hvorfor mødet ikke blev holdt.")],
    )

    @property
    def was_held(self) -> bool:
        """Whether it was held."""
        return "held" not in self or self.held.data == "ja"

    @property
    def was_not_held(self) -> bool:
        """Whether it was not."""
        return "held" in self and self.held.data == "nej"


class ExemptionForm(SubmitOnce, Versioned, Form):
    """Why nobody is summoned."""

    exemption = RadioField("Hvorfor skal der ikke indkaldes?", [Required("Vælg en grund.")], choices=Exemption)
    reason = TextAreaField(
        "Begrundelse", [Required("Skriv en begrundelse.")], description="Kort: hvad er undtagelsen bygget på?"
    )


class MeasuresForm(SubmitOnce, Versioned, Form):
    """What is changed instead of a new netværkssamråd."""

    reason = TextAreaField(
        "Hvilke foranstaltninger ændres, og hvorfor?", [Required("Skriv, hvad der ændres, og hvorfor.")]
    )


class UndoForm(SubmitOnce, Versioned, Form):
    """Why something is taken back."""

    reason = TextAreaField(
        "Hvorfor fortryder du?", [Required("Skriv, hvorfor du fortryder.")], description="Det bliver stående i sagen."
    )
