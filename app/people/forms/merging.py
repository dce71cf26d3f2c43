"""The form about two citizens who are one."""

from typing import Any

from app.core.danish import format_date
from app.core.forms import CheckboxField, Form, HiddenField, RadioField, Required, SubmitOnce, TextAreaField
from app.people.forms.citizens import REASONS_LENGTH
from app.people.merging import MergedFacts
from app.people.models import AddressProtection, Citizen, Sex
from app.people.words import written_number

_STAYS, _GOES = "bliver", "forsvinder"


class MergeForm(SubmitOnce, Form):
    """Choose what holds of two citizens who are one. What is the same for both is not asked."""

    versions = HiddenField()
    name = RadioField("Navn", [Required("Vælg navnet.")])
    cpr = RadioField("CPR-nummer", [Required("Vælg det CPR-nummer, der gælder.")])
    other_cpr_is_wrong = CheckboxField(
        "Det andet nummer var skrevet forkert",
        description="Lad feltet være tomt, hvis borgeren har haft begge numre. Så kan begge søges frem.",
    )
    birth_date = RadioField("Fødselsdato", [Required("Vælg fødselsdatoen.")])
    sex = RadioField("Køn", [Required("Vælg køn.")])
    address_protection = RadioField("Navne- og adressebeskyttelse", [Required("Vælg beskyttelsen.")])
    bydel = RadioField("Bydel", [Required("Vælg bydelen.")])
    school = RadioField("Skole", [Required("Vælg skolen.")])
    reasons = TextAreaField(
        "Hvorfor er det den samme person?",
        [Required("Skriv, hvorfor det er den samme person.")],
        max_length=REASONS_LENGTH,
    )
    same_person = CheckboxField(
        "Jeg har set efter, og det er den samme person",
        [Required("Sæt kryds, når du har set efter. En sammenlægning kan ikke fortrydes.")],
    )

    def __init__(self, kept: Citizen, gone: Citizen) -> None:
        versions = f"{kept.version}-{gone.version}"
        super().__init__(data=_suggested(kept, gone) | {"versions": versions})
        self._kept, self._gone = kept, gone
        self.is_outdated = self.versions.data != versions
        self.versions.data = versions
        for field, (ours, theirs) in differences(kept, gone).items():
            if ours == theirs:
                del self[field]
            else:
                self[field].choices = {_STAYS: ours, _GOES: theirs}
        if "cpr" not in self:
            del self.other_cpr_is_wrong

    @property
    def facts(self) -> MergedFacts:
        """What was chosen; what was not asked is the same for both."""
        school, bydel = self._of("school"), self._of("bydel")
        return MergedFacts(
            name=self._of("name").name,
            sex=self._of("sex").sex,
            address_protection=self._of("address_protection").address_protection,
            bydel_id=bydel.bydel_id,
            school_id=school.school_id,
            take_cpr="cpr" in self and self.cpr.data == _GOES,
            other_cpr_is_wrong="cpr" in self and bool(self.other_cpr_is_wrong.data),
            take_birth_date="birth_date" in self and self.birth_date.data == _GOES,
        )

    def _of(self, field: str) -> Citizen:
        """The one whose value was chosen."""
        return self._gone if field in self and self[field].data == _GOES else self._kept


def differences(kept: Citizen, gone: Citizen) -> dict[str, tuple[str, str]]:
    """What the two have to say of each thing, by field of the form; a number that only one has is taken unasked."""
    one_number = kept.cpr is None or gone.cpr is None
    ours, theirs = _told(kept), _told(gone)
    told = {field: (ours[field], theirs[field]) for field in ours}
    if one_number:
        told["cpr"] = ("", "")
    if kept.cpr is not None or gone.cpr is not None:
        told["birth_date"] = ("", "")
    return told


def _told(citizen: Citizen) -> dict[str, str]:
    return {
        "name": citizen.name,
        "cpr": written_number(citizen),
        "birth_date": format_date(citizen.birth_date),
        "sex": citizen.sex.label,
        "address_protection": citizen.address_protection.label,
        "bydel": citizen.bydel.name if citizen.bydel else "Ikke oplyst",
        "school": citizen.school.name if citizen.school else "Ingen eller ikke oplyst",
    }


def _suggested(kept: Citizen, gone: Citizen) -> dict[str, Any]:
    """Of what only one knows, that; of a protected address, the protection. The rest is chosen by hand."""
    suggested: dict[str, Any] = {}
    for field, unknown in (("bydel_id", None), ("school_id", None), ("sex", Sex.UNKNOWN)):
        ours, theirs = getattr(kept, field), getattr(gone, field)
        if unknown in {ours, theirs} and ours != theirs:
            suggested[field.removesuffix("_id")] = _GOES if ours == unknown else _STAYS
    protected = [citizen.address_protection is AddressProtection.YES for citizen in (kept, gone)]
    if protected[0] != protected[1]:
        suggested["address_protection"] = _STAYS if protected[0] else _GOES
    return suggested
