"""The forms of cases and of the citizens in them. The people and places to choose among come from the views."""

from datetime import date
from typing import Any

from app.access.models import User
from app.cases import niveauer, themes
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.listing import NOBODY
from app.cases.models import AccessKind, Case, CaseStatus, Referrer
from app.cases.opening import Referral
from app.cases.queries import GIVEN_BY_HAND
from app.core.danish import and_list
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    FilterForm,
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
from app.people.forms.citizens import NewCitizenFields

CONCERN_LENGTH = 4000
CONTACT_LENGTH = 300
REASON_LENGTH = 300
NOBODY_YET = "Ingen endnu"
OWNER_HINT = "Får påmindelser om sagens frister."


def by_name(users: list[User]) -> dict[int, str]:
    """People to choose among, each with the role."""
    return {user.id: f"{user.name} ({user.role.label.lower()})" for user in users}


class CaseFields:
    """Why there is a case."""

    referrer = SelectField("Hvem henvender sig?", [Required("Vælg, hvem der henvender sig.")], choices=Referrer)
    concern = TextAreaField(
        "Hvad er bekymringen?",
        [Required("Skriv kort, hvad bekymringen er.")],
        max_length=CONCERN_LENGTH,
        description="Skriv kort, og kun det, der har betydning for sagen.",
    )
    themes = CheckboxesField(
        "Hvad handler bekymringen om?",
        choices=Theme,
        description="Ved ekstremisme kan kun navngivne medarbejdere og lederen se sagen.",
    )


def _is_answered(form: Any) -> bool:
    """Whether somebody has said yes or no to the unit's having the information."""
    consent: Consent | None = form.consent.data
    return consent is not None and consent.has_day


class GroundFields:
    """Why the unit may know of it."""

    legal_basis = SelectField("Retligt grundlag for at have oplysningerne", choices=LegalBasis, blank="Ikke oplyst")
    consent = SelectField("Samtykke fra borgeren eller forældremyndigheden", choices=Consent, blank="Ikke oplyst")
    consent_on = DateField(
        "Hvornår blev der svaret?",
        [RequiredIf(_is_answered, "Skriv, hvornår der blev svaret."), NotInFuture()],
        description="Når samtykke er givet eller afslået.",
    )

    @property
    def answered_on(self) -> date | None:
        """When consent was given or refused; None when nobody has answered."""
        return self.consent_on.data if _is_answered(self) else None


class ReferralFields(CaseFields, GroundFields):
    """Why there is a case, who told of it, and why the unit may know of it."""

    contact = TextField(
        "Hvem er det, og hvordan får I fat i dem?",
        max_length=CONTACT_LENGTH,
        description="Navn, arbejdssted og telefon eller mail.",
    )


class NewCaseForm(SubmitOnce, CaseFields, GroundFields, Form):
    """A case on a citizen who is known."""

    suitable = TextField(
        "Hvorfor er sagen forebyggelsesegnet?",
        [Required("Skriv kort, hvorfor sagen er forebyggelsesegnet.")],
        max_length=REASON_LENGTH,
        description="Én linje er nok.",
    )

    niveau = RadioField("Niveau", [Required("Vælg sagens niveau.")], choices=niveauer.names, coerce=int)
    members = CheckboxesField("Hvem skal kunne se sagen?", coerce=int)
    owner = SelectField("Ansvarlig", coerce=int, blank=NOBODY_YET, description=OWNER_HINT)

    def __init__(self, *, owners: list[User], members: list[User], by: User, today: date) -> None:
        chosen = by.id if by.id in {user.id for user in owners} else None
        super().__init__(today=today, data={"owner": chosen})
        self.owner.choices = by_name(owners)
        self.members.choices = by_name([user for user in members if user.id != by.id])
        self.restricting = niveauer.restricting()

    @property
    def restricting_values(self) -> list[str]:
        """The posted values that restrict the case, of niveau and themes alike."""
        return [*map(str, self.restricting), *(theme.value for theme in Theme if theme.restricts)]

    @property
    def restriction_words(self) -> str:
        """Who will see a restricted case."""
        where = [f"på niveau {and_list(map(str, self.restricting))}"] if self.restricting else []
        begin = " og ".join([*where, "ved ekstremisme"])
        who = "kan kun de medarbejdere, du vælger her, den ansvarlige, dig selv og lederen se sagen."
        return f"{begin[0].upper()}{begin[1:]} {who}"

    @property
    def member_ids(self) -> list[int]:
        """Those who are chosen, where the niveau or a theme asks for it."""
        restricted = self.niveau.data in self.restricting or any(theme.restricts for theme in self.themes.data)
        return list(self.members.data) if restricted else []


class NewCitizenCaseForm(NewCitizenFields, NewCaseForm):
    """A case on a citizen who is not known yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer_places()


class CaseForm(Versioned, ReferralFields, Form):
    """Change why there is a case, and why the unit may know of it."""

    def __init__(self, case: Case, *, today: date) -> None:
        super().__init__(today=today, data=self.stored(case) | {"version": case.version})

    def referral(self, case: Case) -> Referral:
        """What was filled in; the day that it was received stays."""
        return Referral(
            referrer=self.referrer.data,
            contact=self.contact.data,
            concern=self.concern.data,
            legal_basis=self.legal_basis.data,
            consent=self.consent.data,
            consent_on=self.answered_on,
            received_on=case.received_on,
        )

    @staticmethod
    def stored(case: Case) -> dict[str, Any]:
        """What is stored, by field."""
        return {
            "referrer": case.referrer,
            "contact": case.contact,
            "concern": case.concern,
            "themes": themes.of_case(case.id),
            "legal_basis": case.legal_basis,
            "consent": case.consent,
            "consent_on": case.consent_on,
        }


class OwnerForm(Versioned, Form):
    """Choose who answers for the case."""

    owner = SelectField("Ansvarlig", coerce=int, blank=NOBODY_YET, description=OWNER_HINT)
    note = TextAreaField(
        "Besked til den, der overtager", max_length=CONCERN_LENGTH, description="Står i sagen sammen med overdragelsen."
    )

    def __init__(self, case: Case, owners: list[User]) -> None:
        super().__init__(data=self.stored(case) | {"version": case.version})
        self.owner.choices = by_name(owners)

    @staticmethod
    def stored(case: Case) -> dict[str, Any]:
        """What is stored, by field."""
        return {"owner": case.owner_id}


class AccessForm(SubmitOnce, Form):
    """Let somebody see the case by name."""

    user = SelectField("Medarbejder", [Required("Vælg en medarbejder.")], coerce=int)
    kind = RadioField("Som", [Required("Vælg, om det er som medarbejder eller mentor.")], choices=GIVEN_BY_HAND)
    from_day = DateField("Fra og med", [Required("Skriv den første dag.")])
    to_day = DateField("Til og med", description="Tomt betyder indtil videre.")

    def __init__(self, users: list[User], today: date) -> None:
        super().__init__(data={"from_day": today, "kind": AccessKind.MENTOR})
        self.user.choices = by_name(users)


class ConfirmForm(SubmitOnce, Form):
    """Confirm something; there is nothing to fill in."""


class SearchForm(Form):
    """What to look for in the list. Posted, because the words are personal data and addresses are logged."""

    words = TextField(
        "Søg på navn, CPR-nummer eller sagsnummer", [Required("Skriv, hvad du vil søge efter.")], max_length=100
    )


ALL_STATUSES = "alle"


class CaseFilter(FilterForm):
    """What the list is narrowed down to; codes only, as they stand in the address."""

    status = SelectField(
        "Status",
        choices={
            CaseStatus.ACTIVE.value: "Aktive",
            CaseStatus.HENVENDELSE.value: "Henvendelser",
            CaseStatus.VISITATION.value: "I visitation",
            CaseStatus.CLOSED.value: "Afsluttede",
            CaseStatus.REJECTED.value: "Afviste",
            ALL_STATUSES: "Alle",
        },
        blank=None,
    )
    niveau = SelectField("Niveau", choices=niveauer.short_names, coerce=int, blank="Alle")
    ansvarlig = SelectField("Ansvarlig", coerce=int, blank="Alle")
    over_fristen = CheckboxField("Kun over fristen")

    def __init__(self, owners: dict[int, str]) -> None:
        super().__init__()
        self.ansvarlig.choices = {NOBODY: "Ingen ansvarlig"} | owners
        # What the address cannot mean is left out, rather than refused.
        self.validate()
        for field in self:
            if field.errors:
                field.data = None

    @property
    def case_status(self) -> CaseStatus | None:
        """The status to show; None is all."""
        return None if self.status.data == ALL_STATUSES else CaseStatus(self.status.data or CaseStatus.ACTIVE)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the status is chosen."""
        return self.niveau.data is not None or self.ansvarlig.data is not None or bool(self.over_fristen.data)
