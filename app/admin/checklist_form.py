"""The form that a new version of the checklist is made with: every domain and item of the one before."""

from typing import Any

from wtforms.validators import ValidationError

from app.cases.assessments.checklist import Checklist, Kind
from app.cases.assessments.services.checklists import Edit
from app.core.forms import CheckboxField, DateField, Form, Required, SelectField, SubmitOnce, TextField, Versioned

NAME, TEXT, USED, NEW, KIND = "omraade", "punkt", "brug", "nyt", "slags"
LONGEST = 120


class ChecklistForm(SubmitOnce, Versioned, Form):
    """All but the domains and items, which `checklist_form` adds. `version` is the number of the version before."""

    valid_from = DateField(
        "Gælder fra",
        [Required("Skriv, hvornår den nye tjekliste gælder fra.")],
        description="Vurderinger, der er begyndt inden, beholder den gamle tjekliste.",
    )

    def edit(self, checklist: Checklist) -> Edit:
        """What the form makes of the version before."""
        items = [item for domain in checklist.domains for item in domain.items]
        return Edit(
            texts={item.code: self[f"{TEXT}-{item.code}"].data for item in items},
            inactive=[item.code for item in items if not self[f"{USED}-{item.code}"].data],
            names={domain.code: self[f"{NAME}-{domain.code}"].data for domain in checklist.domains},
            added=[
                (domain.code, self[f"{NEW}-{domain.code}"].data, self[f"{KIND}-{domain.code}"].data)
                for domain in checklist.domains
                if self[f"{NEW}-{domain.code}"].data
            ],
        )


class _NeedsText:
    """A kind without a text would be lost without a word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.field_flags: dict[str, bool] = {}

    def __call__(self, form: Any, _field: Any) -> None:
        """Ask for the text."""
        if not form[self.text].data:
            raise ValidationError("Skriv også punktets tekst.")


class _NeedsKind:
    """A new item has to be of a kind."""

    sees_empty = True

    def __init__(self, text: str) -> None:
        self.text = text
        self.field_flags: dict[str, bool] = {}

    def __call__(self, form: Any, field: Any) -> None:
        """Ask for the kind."""
        if form[self.text].data and field.data is None:
            raise ValidationError("Vælg, hvad punktet fortæller.")


def checklist_form(checklist: Checklist, **options: Any) -> ChecklistForm:
    """The form with everything that the version before holds."""
    fields: dict[str, Any] = {}
    for domain in checklist.domains:
        fields[f"{NAME}-{domain.code}"] = TextField(
            "Områdets navn", [Required("Skriv områdets navn.")], max_length=60, default=domain.name
        )
        for item in domain.items:
            fields[f"{TEXT}-{item.code}"] = TextField(
                "Punkt", [Required("Skriv punktets tekst.")], max_length=LONGEST, default=item.text
            )
            fields[f"{USED}-{item.code}"] = CheckboxField("I brug", default=item.active)
        new = f"{NEW}-{domain.code}"
        fields[new] = TextField("Nyt punkt", max_length=LONGEST)
        fields[f"{KIND}-{domain.code}"] = SelectField(
            "Hvad fortæller det nye punkt?", [_NeedsKind(new), _NeedsText(new)], choices=Kind
        )
    form: ChecklistForm = type("ChecklistFormOfVersion", (ChecklistForm,), fields)(**options)
    return form
