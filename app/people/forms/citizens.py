"""The forms about who a citizen is."""

from datetime import date
from typing import Any, Final

from wtforms import ValidationError

from app.core.cpr import Cpr
from app.core.forms import (
    CheckboxField,
    CprField,
    DateField,
    Form,
    NotInFuture,
    RadioField,
    Required,
    RequiredIf,
    SelectField,
    TextAreaField,
    TextField,
    Versioned,
)
from app.people.likeness import Described
from app.people.models import AddressProtection, Citizen, CprChangeKind, Sex
from app.people.queries import bydele_to_choose, schools_to_choose

NAME_LENGTH: Final = 150
REASONS_LENGTH: Final = 1000


class CitizenSearchForm(Form):
    """Whom to look for. Posted, because the words are personal data and addresses are logged."""

    words = TextField("Søg på navn eller CPR-nummer", [Required("Skriv et navn eller et CPR-nummer.")], max_length=100)


def _is_missing(form: Any, field: str) -> bool:
    """Whether nothing was typed; what cannot be read has a message of its own."""
    return form[field].data is None and not form[field].process_errors


class _Identity:
    """Who it is: by the CPR number, or else by the date of birth."""

    cpr = CprField(
        "CPR-nummer",
        [
            RequiredIf(
                lambda form: _is_missing(form, "birth_date"),
                "Skriv borgerens CPR-nummer, eller fødselsdatoen, hvis nummeret ikke kendes.",
            )
        ],
        description="ddmmåå-xxxx. Lad feltet være tomt, hvis nummeret ikke kendes endnu.",
    )
    birth_date = DateField("Fødselsdato", [NotInFuture()], description="Skrives, når CPR-nummeret ikke kendes.")
    name = TextField("Navn", [Required("Skriv borgerens navn.")], max_length=NAME_LENGTH)

    def validate_birth_date(self, field: DateField) -> None:
        """Refuse a date that the CPR number contradicts."""
        if self.cpr.data is not None and self.cpr.data.birth_date != field.data:
            raise ValidationError("Fødselsdatoen passer ikke til CPR-nummeret.")

    @property
    def described(self) -> Described | None:
        """Who is typed, for a look at who may be the same; None while too little is."""
        number: Cpr | None = self.cpr.data
        born = self.birth_date.data if number is None else number.birth_date
        return None if born is None or not self.name.data else Described(self.name.data, born, number)


class _CitizenFields:
    """What is known about a citizen beside the number."""

    sex = SelectField(
        "Køn",
        [
            RequiredIf(
                lambda form: _is_missing(form, "cpr") and not _is_missing(form, "birth_date"),
                "Vælg køn, når CPR-nummeret ikke kendes.",
            )
        ],
        choices=Sex,
        blank="Efter CPR-nummeret",
    )
    address_protection = RadioField(
        "Har borgeren navne- og adressebeskyttelse?",
        [Required("Vælg, om borgeren har navne- og adressebeskyttelse. Vælg »Ved ikke«, hvis du er i tvivl.")],
        choices=AddressProtection,
        description="»Ved ikke« behandles som beskyttet, indtil det er afklaret.",
    )
    bydel = SelectField("Bydel", coerce=int, blank="Ikke oplyst")
    school = SelectField("Skole", coerce=int, blank="Ingen eller ikke oplyst")


class AlikeForm(_Identity, Form):
    """What is typed so far, for the warning about doubles."""


class NewCitizenFields(_Identity, _CitizenFields):
    """Mixin of a form that makes a citizen. Call `offer_places` when the form is made.

    not_a_double: that somebody has looked at those who are alike.
    """

    not_a_double = CheckboxField("Opret alligevel – det er en anden person")

    def offer_places(self) -> None:
        """Fill in the bydele and schools to choose among."""
        self.bydel.choices = bydele_to_choose()
        self.school.choices = schools_to_choose()

    @property
    def chosen_sex(self) -> Sex:
        """The sex that was chosen, or else that of the number: the last digit of men's is odd."""
        chosen: Sex | None = self.sex.data
        number: Cpr | None = self.cpr.data
        if chosen is not None or number is None:
            return chosen or Sex.UNKNOWN
        return Sex.MALE if int(number.digits[-1]) % 2 else Sex.FEMALE


class CitizenForm(Versioned, _CitizenFields, Form):
    """Change what is known about a citizen; a CPR number stays, and tells the date of birth."""

    name = TextField("Navn", [Required("Skriv borgerens navn.")], max_length=NAME_LENGTH)
    birth_date = DateField("Fødselsdato", [Required("Skriv fødselsdatoen."), NotInFuture()])
    sex = SelectField("Køn", [Required("Vælg køn.")], choices=Sex, blank=None)

    def __init__(self, citizen: Citizen, *, today: date) -> None:
        super().__init__(today=today, data=self.stored(citizen) | {"version": citizen.version})
        self.bydel.choices = bydele_to_choose(citizen.bydel_id)
        self.school.choices = schools_to_choose(citizen.school_id)
        if citizen.cpr is not None:
            del self.birth_date

    @property
    def stated_birth_date(self) -> date | None:
        """The date of birth, where the number does not tell it."""
        return self.birth_date.data if "birth_date" in self else None

    @staticmethod
    def stored(citizen: Citizen) -> dict[str, Any]:
        """What is stored, by field."""
        known = {
            "name": citizen.name,
            "sex": citizen.sex,
            "address_protection": citizen.address_protection,
            "bydel": citizen.bydel_id,
            "school": citizen.school_id,
        }
        return known if citizen.cpr is not None else known | {"birth_date": citizen.birth_date}


class CprForm(Versioned, Form):
    """Give a citizen a CPR number, or another one."""

    cpr = CprField("CPR-nummer", [Required("Skriv CPR-nummeret.")], description="ddmmåå-xxxx")
    kind = RadioField(
        "Hvorfor ændres nummeret?",
        [Required("Vælg, hvorfor nummeret ændres.")],
        choices=(CprChangeKind.CORRECTED, CprChangeKind.NEW),
        description="Et nummer, borgeren har haft, kan stadig søges frem. Et, der var skrevet forkert, kan ikke.",
    )
    reasons = TextAreaField(
        "Hvor ved du det fra?", [Required("Skriv, hvor du ved nummeret fra.")], max_length=REASONS_LENGTH
    )

    def __init__(self, citizen: Citizen, *, today: date) -> None:
        super().__init__(today=today, data={"version": citizen.version})
        if citizen.cpr is None:
            del self.kind

    @property
    def chosen_kind(self) -> CprChangeKind:
        """Why the number changes."""
        return self.kind.data if "kind" in self else CprChangeKind.KNOWN

    @staticmethod
    def stored(citizen: Citizen) -> dict[str, Any]:
        """What is stored, by field."""
        return {"cpr": citizen.number}
