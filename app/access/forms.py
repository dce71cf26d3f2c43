"""The forms of signing in, of one's own page, and of absence."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms.validators import ValidationError

from app.core.forms import DateField, EmailField, Form, PasswordField, Required, SelectField, SubmitOnce

_PASSWORD_HINT = "Mindst 15 tegn. En hel sætning er god og til at huske."  # noqa: S105 - a hint


class Named(Protocol):
    """Whatever has an id and a name: a user, a unit, a place."""

    @property
    def id(self) -> int:
        """The id."""

    @property
    def name(self) -> str:
        """What people call it."""


def names(things: Iterable[Named]) -> dict[Any, str]:
    """The things as the options of a field with `coerce=int`."""
    return {thing.id: thing.name for thing in things}


class SignInForm(Form):
    """Mail address and password."""

    email = EmailField("Mailadresse", [Required("Skriv din mailadresse.")])
    password = PasswordField("Adgangskode", [Required("Skriv din adgangskode.")])


class ForgottenPasswordForm(Form):
    """Where the link is to be mailed."""

    email = EmailField("Mailadresse", [Required("Skriv din mailadresse.")])


class _Repeated:
    """Checks that the new password was typed the same twice: nobody sees what is typed."""

    def validate_repeat(self, field: PasswordField) -> None:
        """Compare with the first time."""
        if field.data != self["password"].data:  # type: ignore[index]  # a mixin of forms
            raise ValidationError("De to adgangskoder er ikke ens.")


class NewPasswordForm(_Repeated, Form):
    """A password for an account that has none, or whose owner has forgotten it."""

    password = PasswordField("Ny adgangskode", [Required("Skriv en adgangskode.")], description=_PASSWORD_HINT)
    repeat = PasswordField("Skriv den igen", [Required("Skriv adgangskoden igen.")])


class ChangePasswordForm(_Repeated, Form):
    """Another password for one's own account."""

    present = PasswordField("Nuværende adgangskode", [Required("Skriv din nuværende adgangskode.")])
    password = PasswordField("Ny adgangskode", [Required("Skriv en ny adgangskode.")], description=_PASSWORD_HINT)
    repeat = PasswordField("Skriv den nye igen", [Required("Skriv den nye adgangskode igen.")])


class AbsenceForm(SubmitOnce, Form):
    """Days away, and who stands in."""

    from_day = DateField("Første dag", [Required("Skriv den første dag.")])
    to_day = DateField("Sidste dag", [Required("Skriv den sidste dag.")])
    substitute = SelectField(
        "Stedfortræder",
        coerce=int,
        blank="Ingen",
        description="Får påmindelserne om frister imens. Uden stedfortræder får lederen dem.",
    )
