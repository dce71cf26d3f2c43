"""Fields that choose, and the single tick."""

from enum import StrEnum
from typing import Any

import pytest

from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    Form,
    RadioField,
    Required,
    RequiredIf,
    SelectField,
    TextField,
)
from tests.core.forms.conftest import Post


class Niveau(StrEnum):
    ONE = "1"
    TWO = "2"
    THREE = "3"

    @property
    def label(self) -> str:
        return f"Niveau {self.value}"


class Choosing(Form):
    niveau = SelectField("Niveau", choices=Niveau)
    some = SelectField("Niveau", choices=(Niveau.ONE, Niveau.TWO))
    way = RadioField("Måde", choices={"mail": "E-boks", "visit": "Møde"})
    niveauer = CheckboxesField("Niveauer", choices=Niveau)
    sure = CheckboxField("Jeg er sikker")


class Needed(Form):
    niveau = SelectField("Niveau", [Required("Vælg et niveau.")], choices=Niveau, blank="Vælg niveau")
    way = RadioField("Måde", [Required("Vælg en måde.")], choices={"mail": "E-boks"})
    niveauer = CheckboxesField("Niveauer", [Required("Vælg mindst ét.")], choices=Niveau)
    sure = CheckboxField("Jeg er sikker", [Required("Sæt kryds.")])


def test_a_choice_is_a_member_of_its_enum(post: Post) -> None:
    form = post(Choosing, {"niveau": "2", "some": "1", "way": "mail"})

    assert form.niveau.data is Niveau.TWO
    assert form.some.data is Niveau.ONE
    assert form.way.data == "mail"
    assert not form.failed


@pytest.mark.parametrize("posted", ["4", "ONE", "Niveau.ONE", "\x00", "\ud800", "1" * 9999, "'; DROP TABLE"])
@pytest.mark.parametrize("name", ["niveau", "some", "way", "niveauer"])
def test_what_is_not_offered_is_refused_without_being_quoted(post: Post, name: str, posted: str) -> None:
    form = post(Choosing, {name: posted})

    assert form[name].errors == ["Vælg en af mulighederne."]
    str(form[name]()).encode()


def test_a_member_that_is_not_among_those_offered_is_refused(post: Post) -> None:
    assert post(Choosing, {"some": "3"}).some.errors == ["Vælg en af mulighederne."]


def test_nothing_chosen_is_none(post: Post) -> None:
    form = post(Choosing, {"niveau": ""}, data={"niveau": Niveau.TWO, "way": "mail", "niveauer": [Niveau.ONE]})

    assert (form.niveau.data, form.some.data, form.way.data, form.niveauer.data) == (None, None, None, [])
    assert form.sure.data is False
    assert not form.failed


def test_what_is_required_is_asked_for(post: Post) -> None:
    form = post(Needed, {})

    assert form.errors == {
        "niveau": ["Vælg et niveau."],
        "way": ["Vælg en måde."],
        "niveauer": ["Vælg mindst ét."],
        "sure": ["Sæt kryds."],
    }


def test_what_is_filled_in_is_accepted(post: Post) -> None:
    form = post(Needed, {"niveau": "3", "way": "mail", "niveauer": ["1", "3", "1"], "sure": "y"})

    assert not form.failed
    assert form.niveauer.data == [Niveau.ONE, Niveau.THREE]
    assert form.sure.data is True


def test_the_options_carry_danish_labels_and_an_empty_one(post: Post, request_context: Any) -> None:
    form = Needed(data={"niveau": Niveau.TWO})

    html = str(form.niveau())
    assert '<option value="">Vælg niveau</option>' in html
    assert '<option selected value="2">Niveau 2</option>' in html


def test_the_empty_option_is_chosen_when_nothing_is(request_context: Any) -> None:
    assert '<option selected value="">Vælg</option>' in str(Choosing().niveau())


def test_radios_and_boxes_have_ids_labels_and_marks(request_context: Any) -> None:
    form = Choosing(data={"way": "visit", "niveauer": [Niveau.ONE]})

    assert [(radio.id, radio.label.text, radio.checked) for radio in form.way] == [
        ("way-0", "E-boks", False),
        ("way-1", "Møde", True),
    ]
    assert [box.checked for box in form.niveauer] == [True, False, False]
    assert (form.way.focus_id, form.niveauer.focus_id, form.niveau.focus_id) == ("way-0", "niveauer-0", "niveau")


def test_ids_are_chosen_from_a_dict(post: Post, app: Any) -> None:
    class AtSchool(Form):
        school = SelectField("Skole", coerce=int)

        def __init__(self, **arguments: Any) -> None:
            super().__init__(**arguments)
            self.school.choices = {"Vester": {7: "Vester Skole", 9: "Havneskolen"}}

    form = post(AtSchool, {"school": "9"})
    assert form.school.data == 9
    assert not form.failed
    html = str(form.school())
    assert '<optgroup label="Vester">' in html
    assert '<option selected value="9">Havneskolen</option>' in html
    assert '<option value="">Vælg</option>' in html

    for unknown in ("8", "x", "9.0", "9" * 5000):
        assert post(AtSchool, {"school": unknown}).school.errors == ["Vælg en af mulighederne."]


@pytest.mark.parametrize("options", [{"a": "A"}, {"Gruppe": {"a": "A"}}])
def test_options_may_come_from_a_function_and_without_an_empty_one(post: Post, options: dict[str, Any]) -> None:
    class Later(Form):
        way = SelectField("Måde", choices=lambda: options, blank=None)

    form = post(Later, {"way": "a"})

    assert form.way.data == "a"
    assert "Vælg" not in str(form.way())


@pytest.mark.parametrize(("held", "errors"), [("nej", ["Skriv hvorfor."]), ("ja", []), ("", [])])
def test_something_may_be_required_because_of_something_else(post: Post, held: str, errors: list[str]) -> None:
    class Meeting(Form):
        held = RadioField("Holdt", choices={"ja": "Ja", "nej": "Nej"})
        why = TextField("Hvorfor", [RequiredIf(lambda form: form.held.data == "nej", "Skriv hvorfor.")])

    assert post(Meeting, {"held": held}).why.errors == errors
    assert post(Meeting, {"held": held, "why": "Sygdom"}).why.errors == []


def test_a_tick_is_any_text(post: Post) -> None:
    assert post(Choosing, {"sure": "on"}).sure.data is True
    assert post(Choosing, {"sure": ""}).sure.data is False
    assert 'value="y"' in str(post(Choosing, {"sure": "\ud800"}).sure())
