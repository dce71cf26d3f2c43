"""The forms of the administration."""

from app.access.forms import names
from app.access.models import Role, Unit, User
from app.access.queries import units
from app.access.services.accounts import Particulars
from app.core.forms import EmailField, FilterForm, Form, Required, SelectField, SubmitOnce, TextField, Versioned
from app.places.models import Bydel, School
from app.places.queries import bydele

_NAME_LENGTH = 100


class _UserForm(Form):
    name = TextField("Navn", [Required("Skriv brugerens navn.")], max_length=_NAME_LENGTH)
    email = EmailField("Mailadresse", [Required("Skriv brugerens mailadresse.")])
    role = SelectField("Rolle", [Required("Vælg en rolle.")], choices=Role)
    unit = SelectField(
        "Enhed", coerce=int, blank="Ingen enhed", description="Mentor, koordinator og leder skal have en enhed."
    )

    def offer_units(self, user: User | None = None) -> None:
        """Offer the open units, and the one that the user has."""
        self._units = {unit.id: unit for unit in units(active=True)}
        if user is not None and user.unit is not None:
            self._units.setdefault(user.unit.id, user.unit)
        self.unit.choices = names(self._units.values())

    @property
    def particulars(self) -> Particulars:
        """What was filled in."""
        unit: Unit | None = self._units.get(self.unit.data)
        return Particulars(str(self.name.data), str(self.email.data), self.role.data, unit)


class InviteForm(SubmitOnce, _UserForm):
    """A new user."""


class EditUserForm(Versioned, _UserForm):
    """Another name, address, role or unit."""


class InviteByCommandForm(FilterForm):
    """A new user, asked for on the command line; the unit is named and need not exist yet."""

    name = TextField("Navn", [Required("Skriv brugerens navn.")], max_length=_NAME_LENGTH)
    email = EmailField("Mailadresse", [Required("Skriv brugerens mailadresse.")])
    role = SelectField("Rolle", [Required("Vælg en rolle.")], choices=Role)
    unit = TextField("Enhed", [Required("Skriv enhedens navn.")], max_length=_NAME_LENGTH)


class FilterUsersForm(FilterForm):
    """Which users the list shows."""

    enhed = SelectField("Enhed", coerce=int, blank="Alle enheder")
    vis = SelectField("Vis", choices={"lukkede": "Lukkede", "alle": "Alle"}, blank="Åbne")


class AddNamedForm(SubmitOnce, Form):
    """A new unit or bydel."""

    name = TextField("Navn", [Required("Skriv et navn.")], max_length=_NAME_LENGTH)


class RenameForm(Versioned, Form):
    """Another name for a unit or bydel."""

    name = TextField("Navn", [Required("Skriv et navn.")], max_length=_NAME_LENGTH)


class _SchoolForm(Form):
    name = TextField("Navn", [Required("Skriv skolens navn.")], max_length=_NAME_LENGTH)
    bydel = SelectField("Bydel", [Required("Vælg en bydel.")], coerce=int)

    def offer_bydele(self, school: School | None = None) -> None:
        """Offer the bydele in use, and the one that the school has."""
        self._bydele = {bydel.id: bydel for bydel in bydele(active=True)}
        if school is not None:
            self._bydele.setdefault(school.bydel.id, school.bydel)
        self.bydel.choices = names(self._bydele.values())

    @property
    def chosen_bydel(self) -> Bydel:
        """The bydel that was chosen."""
        return self._bydele[self.bydel.data]


class AddSchoolForm(SubmitOnce, _SchoolForm):
    """A new school."""


class EditSchoolForm(Versioned, _SchoolForm):
    """Another name or bydel for a school."""
