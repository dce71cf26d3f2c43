"""The forms of groups. The people to choose among come from the views."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from app.access.models import User
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.groups.models import Group, GroupMember, GroupNoteKind
from app.cases.journal.models import NoteKind
from app.cases.models import Referrer
from app.cases.network.facts import KEPT
from app.cases.network.forms import MeantPerson, PersonFields, stored_person
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
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

TEXT_LENGTH = 10_000
NO_NAMES = "Skriv ikke navne på andre: ikke alle, der læser med, må kende dem."


class _Group:
    """What it is about, and who sees it."""

    title = TextField("Gruppens navn", [Required("Skriv et navn til gruppen.")], max_length=100)
    concern = TextAreaField(
        "Hvad er bekymringen?", [Required("Skriv kort, hvad bekymringen er.")], max_length=4000, description=NO_NAMES
    )
    restricted = CheckboxField(
        "Kun navngivne må se gruppen", description="Ellers ser alle enhedens koordinatorer den. Lederen ser den altid."
    )
    named = CheckboxesField("Hvem skal kunne se den?", coerce=int)


class NewGroupForm(SubmitOnce, _Group, Form):
    """Open a group."""

    def __init__(self, colleagues: list[User]) -> None:
        super().__init__()
        self.named.choices = {user.id: user.name for user in colleagues}


class GroupForm(Versioned, _Group, Form):
    """Change a group."""

    def __init__(self, group: Group, colleagues: list[User]) -> None:
        super().__init__(data=self.stored(group) | {"version": group.version})
        self.named.choices = {user.id: user.name for user in colleagues}

    @staticmethod
    def stored(group: Group) -> dict[str, Any]:
        """What is stored, by field."""
        return {
            "title": group.title,
            "concern": group.concern,
            "restricted": group.restricted,
            "named": list(group.named_ids),
        }


class _Membership:
    """From when to when, and as what."""

    from_day = DateField("Medlem fra og med", [Required("Skriv, fra hvilken dag.")])
    to_day = DateField("Medlem til og med", description="Tomt, så længe personen er med.")
    role_note = TextField("Rolle i gruppen", max_length=200, description="For eksempel: samler de yngre.")


class NewMemberForm(SubmitOnce, PersonFields, MeantPerson, _Membership, Form):
    """Somebody belongs to the group."""

    def __init__(self, today: date) -> None:
        super().__init__(today=today, data={"delete_on": today + KEPT, "from_day": today})
        self.existing.choices = {}


class MemberForm(Versioned, _Membership, Form):
    """Correct or end a citizen's membership."""

    def __init__(self, member: GroupMember, today: date) -> None:
        super().__init__(today=today, data=self.stored(member) | {"version": member.version})

    def stored(self, member: GroupMember) -> dict[str, Any]:
        """What is stored, by field."""
        return {name: getattr(member, name) for name in ("from_day", "to_day", "role_note")}


class PersonMemberForm(PersonFields, MemberForm):
    """Correct the membership of somebody without a case, and what is known of the person."""

    def stored(self, member: GroupMember) -> dict[str, Any]:
        """What is stored, by field."""
        person = member.person
        return super().stored(member) | ({} if person is None else stored_person(person))


class RemoveMemberForm(SubmitOnce, Form):
    """Confirm that it was registered by mistake."""


class GroupNoteForm(SubmitOnce, Form):
    """Note something about the group."""

    kind = SelectField("Slags", [Required("Vælg, hvad det er.")], choices=GroupNoteKind, blank=None)
    on_day = DateField("Dato", [Required("Skriv datoen."), NotInFuture()])
    text = TextAreaField("Notat", [Required("Skriv notatet.")], max_length=TEXT_LENGTH, description=NO_NAMES)

    def __init__(self, today: date) -> None:
        super().__init__(today=today, data={"on_day": today})


class _Chosen:
    """Whom it is about."""

    members = CheckboxesField("Hvem?", coerce=int)

    def choose_among(self, names: Mapping[int, str], chosen: Collection[int]) -> None:
        """Offer the members; those who come into question are ticked at first."""
        field: Any = self.members
        field.choices = dict(names)
        form: Any = self
        if not form.is_submitted():
            field.data = list(chosen)


class SharedNoteForm(SubmitOnce, _Chosen, Form):
    """One note for each member's own case."""

    kind = SelectField("Slags", [Required("Vælg, hvad det er.")], choices=NoteKind, blank=None)
    happened_on = DateField("Dato", [Required("Skriv datoen."), NotInFuture()])
    happened_time = TimeField("Klokkeslæt")
    text = TextAreaField(
        "Notat",
        [Required("Skriv notatet.")],
        max_length=TEXT_LENGTH,
        description="Den samme tekst skrives i hver sag. " + NO_NAMES,
    )

    def __init__(self, today: date) -> None:
        super().__init__(today=today, data={"happened_on": today, "kind": NoteKind.MEETING})


class SharedReferralForm(SubmitOnce, _Chosen, Form):
    """One referral for each member without an open case."""

    referrer = SelectField("Hvem henvender sig?", [Required("Vælg, hvem der henvender sig.")], choices=Referrer)
    contact = TextField("Kontaktperson", max_length=200, description="Navn og telefon på den, der henvender sig.")
    received_on = DateField("Modtaget", [Required("Skriv, hvornår den kom."), NotInFuture()])
    themes = CheckboxesField("Temaer", [Required("Vælg mindst ét tema.")], choices=Theme)
    concern = TextAreaField(
        "Hvad er bekymringen?",
        [Required("Skriv kort, hvad bekymringen er.")],
        max_length=4000,
        description="Den samme tekst skrives i hver henvendelse. " + NO_NAMES,
    )
    legal_basis = SelectField("Retligt grundlag", [Required("Vælg det retlige grundlag.")], choices=LegalBasis)
    consent = RadioField("Er der samtykke?", [Required("Vælg, om der er samtykke.")], choices=Consent)

    def __init__(self, group: Group, today: date) -> None:
        known = {"received_on": today, "referrer": Referrer.OWN, "concern": group.concern}
        super().__init__(today=today, data=known)

    @property
    def facts(self) -> dict[str, Any]:
        """What register_referral takes beside the citizen, who and when."""
        names = ("referrer", "contact", "themes", "concern", "legal_basis", "consent", "received_on")
        form: Any = self
        return {name: form[name].data for name in names}
