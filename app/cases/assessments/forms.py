"""The form of a draft: what the checklist asks, four fields for each item, and the professional's own judgement."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from app.cases.assessments.checklist import Checklist, Item
from app.cases.assessments.models import Assessment, ItemRating, Rating, RatingSource, Urgency
from app.cases.assessments.said import FACTS, Said
from app.core.forms import (
    CheckboxField,
    DateField,
    FilterForm,
    Form,
    HiddenField,
    NotInFuture,
    RadioField,
    SelectField,
    SubmitOnce,
    TextAreaField,
    TextField,
    Versioned,
)

RATING, SOURCE, DAY, REASONS, CONFIRMED = "vurdering", "kilde", "dato", "grund", "staar"
REASONS_LENGTH: Final = 500


class DraftForm(Versioned, Form):
    """All but the items, which `draft_form` adds. The hidden ones tell which button was pressed."""

    on_day = DateField("Vurderingen er fra", [NotInFuture()])
    main_source = SelectField(
        "Bygger mest på",
        choices=RatingSource,
        description="Gælder alle punkter, hvor du ikke vælger en anden kilde.",
    )
    concerns = TextAreaField("Hvad bekymrer mest?")
    resources = TextAreaField("Hvilke ressourcer er der?", description="Hos borgeren, i familien og omkring dem.")
    raises = TextAreaField("Hvad vil få risikoen til at stige?")
    lowers = TextAreaField("Hvad vil få risikoen til at falde?")
    own_view = TextAreaField("Hvordan ser borgeren selv på det?", description="Gerne med borgerens egne ord.")
    urgency = RadioField("Hvor meget haster det?", choices=Urgency, description="Dit valg. Der regnes ikke noget ud.")
    urgency_reasons = TextAreaField("Hvorfor?", description="Hvad lægger du vægt på?")
    proposed_niveau = RadioField("Hvilket niveau peger vurderingen på?", coerce=int)
    review_on = DateField("Se på sagen igen senest")
    videre = HiddenField()
    bekraeft = HiddenField()
    uoplyst = HiddenField()

    @property
    def facts(self) -> dict[str, Any]:
        """What was written outside the items, as far as it could be read."""
        return {name: self[name].data for name in FACTS if not self[name].errors}

    def answers(self, draft: Assessment) -> dict[str, Said]:
        """What was said about each item; a field that could not be read leaves what is stored."""
        return {rating.item: self._said(rating) for rating in draft.ratings if name_of(RATING, rating.item) in self}

    def _said(self, rating: ItemRating) -> Said:
        def value(kind: str, stored: Any) -> Any:
            field = self[name_of(kind, rating.item)]
            return stored if field.errors else field.data

        return Said(
            value(RATING, rating.rating),
            value(SOURCE, rating.source),
            value(DAY, rating.observed_on),
            value(REASONS, rating.reasons),
            confirmed=bool(self[name_of(CONFIRMED, rating.item)].data),
        )

    @property
    def unreadable(self) -> list[str]:
        """The labels of the fields that could not be read."""
        return [field.label.text for field in self if field.errors]


def name_of(kind: str, item: str) -> str:
    """The name of one of an item's fields."""
    return f"{kind}-{item}"


def draft_form(draft: Assessment, checklist: Checklist, niveauer: dict[int, str], today: date) -> DraftForm:
    """The form of the draft, filled in with what is stored."""
    form: DraftForm = _form_class(checklist)(data={**stored(draft), "version": draft.version}, today=today)
    form.proposed_niveau.choices = niveauer
    return form


def stored(draft: Assessment) -> dict[str, Any]:
    """The stored values by field."""
    values = {name: getattr(draft, name) for name in FACTS}
    for rating in draft.ratings:
        kinds = (RATING, rating.rating), (SOURCE, rating.source), (DAY, rating.observed_on), (REASONS, rating.reasons)
        values |= {name_of(kind, rating.item): value for kind, value in kinds}
    return values


@lru_cache(maxsize=8)
def _form_class(checklist: Checklist) -> type[DraftForm]:
    """The form of a version of the checklist; made once, for there are some 250 fields."""
    fields = {name: field for item in checklist.items.values() for name, field in _fields(item)}
    return type("DraftFormOfChecklist", (DraftForm,), fields)


def _fields(item: Item) -> Iterator[tuple[str, Any]]:
    yield name_of(RATING, item.code), RadioField(item.text, choices=Rating)
    yield (
        name_of(REASONS, item.code),
        TextField(f"{item.text} – begrundelse", max_length=REASONS_LENGTH, description="Begrundelse på én linje"),
    )
    yield (
        name_of(SOURCE, item.code),
        SelectField(f"{item.text} – kilde", choices=RatingSource, blank="Som vurderingen", description="Kilde"),
    )
    yield (
        name_of(DAY, item.code),
        DateField(f"{item.text} – dato", [NotInFuture()], description="Dato for det, du ved"),
    )
    yield name_of(CONFIRMED, item.code), CheckboxField(f"{item.text} – gælder stadig")


class SignForm(SubmitOnce, Versioned, Form):
    """Signing asks for nothing but why it comes late, when it does."""

    late_reason = TextAreaField("Hvorfor kommer vurderingen efter fristen?")


class DiscardForm(SubmitOnce, Versioned, Form):
    """Giving a draft up asks for nothing."""


class StartForm(SubmitOnce, Form):
    """Beginning one asks for nothing."""


class ComparisonForm(FilterForm):
    """Which two signed assessments are put side by side, by their ids."""

    fra = SelectField("Fra", blank=None, coerce=int)
    til = SelectField("Til", blank=None, coerce=int)
