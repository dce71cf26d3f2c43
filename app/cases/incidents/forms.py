"""The forms of events and of recidivism."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.cases.incidents.facts import IncidentFacts
from app.cases.incidents.models import (
    ABOUT_CRIME,
    CUSTODY,
    Incident,
    IncidentKind,
    IncidentSource,
    OffenceGroup,
    Verdict,
)
from app.cases.incidents.recidivism import IndexDay
from app.core.danish import format_date
from app.core.forms import (
    DateField,
    FilterForm,
    Form,
    HiddenField,
    NotInFuture,
    RadioField,
    Required,
    RequiredIf,
    SelectField,
    SubmitOnce,
    TextAreaField,
    Versioned,
)

YES, NO, UNKNOWN = "ja", "nej", "ukendt"
_AGAINST_PERSON: Final = {True: YES, False: NO, None: UNKNOWN}
_OF_CRIME: Final = ABOUT_CRIME | CUSTODY


class _IncidentFields:
    """What is known of an event."""

    offence_group = SelectField("Hvad handler den om?", choices=OffenceGroup, blank="Ikke oplyst")
    against_person = RadioField(
        "Er det personfarlig kriminalitet?", choices={YES: "Ja", NO: "Nej", UNKNOWN: "Ved ikke"}, default=UNKNOWN
    )
    act_on = DateField(
        "Gerningsdag",
        [NotInFuture()],
        description="Dagen, handlingen blev begået. Den afgør, om hændelsen er recidiv.",
    )
    happened_on = DateField(
        "Dato for hændelsen",
        [Required("Skriv, hvilken dag det skete."), NotInFuture()],
        description="For eksempel dagen, sigtelsen blev rejst, dommen faldt, eller den unge blev løsladt.",
    )
    until_day = DateField("Foreløbig til og med", description="Fristen for varetægten, eller den ventede løsladelse.")
    about = SelectField("Følger af", coerce=int, blank="Ingen tidligere hændelse")
    known_on = DateField(
        "Hvornår fik I det at vide?",
        [Required("Skriv, hvilken dag I fik det at vide."), NotInFuture()],
        description="Halvårstallene tæller kun det, der var kendt på opgørelsesdagen.",
    )
    source = SelectField("Kilde", [Required("Vælg, hvor I har det fra.")], choices=IncidentSource)
    note = TextAreaField("Bemærkning", description="Kort, og kun det, der har betydning for sagen.")

    def _facts(self, incidents: Sequence[Incident]) -> IncidentFacts:
        """What the form says."""
        form: Any = self
        about = {incident.id: incident for incident in incidents}
        return IncidentFacts(
            happened_on=form.happened_on.data,
            known_on=form.known_on.data,
            source=form.source.data,
            act_on=form.act_on.data,
            until_day=form.until_day.data if "until_day" in form else None,
            offence_group=form.offence_group.data,
            against_person={YES: True, NO: False}.get(form.against_person.data),
            about=about.get(form.about.data),
            note=form.note.data,
        )


def _to_follow(incidents: Sequence[Incident], *, but: Incident | None = None) -> dict[int, str]:
    """The events that another can follow from, as choices."""
    return {
        each.id: f"{each.kind.label} {format_date(each.happened_on)}"
        for each in incidents
        if not each.is_voided and each.kind in _OF_CRIME and each is not but
    }


class NewIncidentForm(SubmitOnce, _IncidentFields, Form):
    """An event that has not been registered yet."""

    kind = SelectField("Hvad er der sket?", [Required("Vælg, hvad der er sket.")], choices=IncidentKind)
    about = SelectField(
        "Følger af",
        [RequiredIf(lambda form: form.kind.data is IncidentKind.WITHDRAWAL, "Vælg, hvad der er frafaldet.")],
        coerce=int,
        blank="Ingen tidligere hændelse",
        description="For eksempel sigtelsen, som en dom eller et frafald handler om.",
    )

    def __init__(self, incidents: Sequence[Incident], *, withdraws: Incident | None, today: date) -> None:
        preset: dict[str, Any] = {"known_on": today, "against_person": UNKNOWN}
        if withdraws is not None:
            preset |= {"kind": IncidentKind.WITHDRAWAL, "about": withdraws.id}
        super().__init__(today=today, data=preset)
        self.about.choices = _to_follow(incidents)
        self._incidents = incidents

    @property
    def facts(self) -> IncidentFacts:
        """What the form says, without what an event of its kind cannot have."""
        facts = self._facts(self._incidents)
        lasts = self.kind.data in CUSTODY
        return facts if lasts else IncidentFacts(**{**vars(facts), "until_day": None})


class ChangeIncidentForm(Versioned, _IncidentFields, Form):
    """Correct what is known of an event; its kind stays."""

    def __init__(self, incident: Incident, incidents: Sequence[Incident], *, today: date) -> None:
        super().__init__(today=today, data=self.stored(incident) | {"version": incident.version})
        self.about.choices = _to_follow(incidents, but=incident)
        self._incidents = incidents
        if incident.kind not in CUSTODY:
            del self.until_day

    @staticmethod
    def stored(incident: Incident) -> dict[str, Any]:
        """What is stored, by field."""
        values = {
            "offence_group": incident.offence_group,
            "against_person": _AGAINST_PERSON[incident.against_person],
            "act_on": incident.act_on,
            "happened_on": incident.happened_on,
            "until_day": incident.until_day,
            "about": incident.about_incident_id,
            "known_on": incident.known_on,
            "source": incident.source,
            "note": incident.note,
        }
        return values if incident.kind in CUSTODY else {k: v for k, v in values.items() if k != "until_day"}

    @property
    def facts(self) -> IncidentFacts:
        """What the form says."""
        return self._facts(self._incidents)


class VoidForm(SubmitOnce, Versioned, Form):
    """Why an event is a mistake."""

    reason = TextAreaField(
        "Hvorfor er den registreret ved en fejl?",
        [Required("Skriv, hvorfor den er registreret ved en fejl.")],
        description="Det bliver stående i sagen.",
    )


class ReviewForm(SubmitOnce, Form):
    """What a person says of an event that counts as recidivism. index_on: the day that it was shown against."""

    index_on = HiddenField()

    verdict = RadioField(
        "Er det recidiv?",
        [Required("Vælg, om det er recidiv.")],
        choices={
            Verdict.CONFIRMED.value: "Ja, det bekræfter jeg",
            Verdict.SET_ASIDE.value: "Nej, det sætter jeg til side",
        },
        coerce=Verdict,
    )
    reasons = TextAreaField(
        "Begrundelse", [Required("Skriv en begrundelse.")], description="Kort: hvad er vurderingen bygget på?"
    )


class IndexForm(FilterForm):
    """Which day recidivism is counted from."""

    indeks = SelectField("Recidiv regnes fra", blank=None)

    def __init__(self, days: Sequence[IndexDay], chosen: IndexDay) -> None:
        """Offer the days; what the address cannot mean is left out, rather than refused."""
        super().__init__()
        self.indeks.choices = {day.key: day.label for day in days}
        if not self.validate() or self.indeks.data is None:
            self.indeks.errors = []
            self.indeks.data = chosen.key
        self.day = next(day for day in days if day.key == self.indeks.data)
