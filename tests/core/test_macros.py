"""The macros, as a browser and a screen reader get what they draw."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from wtforms.validators import Length

from app.core import forms
from app.core.static_files import SOURCE, serve_static

TODAY = date(2026, 11, 20)
FORM_MACROS = "{% from 'macros/forms.html' import field, error_summary, post_form, post_button, shown_when %}"
PAGE_MACROS = (
    "{% from 'macros/page.html' import breadcrumb, days_left, empty_state, facts, notice, pagination, status, table, "
    "tabs, timeline %}"
)


class Everything(forms.Form, forms.SubmitOnce):
    """One field of each kind."""

    name = forms.TextField(
        "Navn", [forms.Required("Skriv navnet."), Length(max=80)], description="Som i CPR-registret."
    )
    cpr = forms.CprField("CPR-nummer", [forms.Required("Skriv CPR-nummeret.")])
    mail = forms.EmailField("E-mail")
    received = forms.DateField("Modtaget den", [forms.Required("Skriv datoen.")])
    at = forms.TimeField("Klokkeslæt")
    kind = forms.RadioField("Art", [forms.Required("Vælg en art.")], choices={"a": "Sigtelse", "b": "Døgnrapport"})
    bydel = forms.SelectField("Bydel", choices={"v": "Vester", "l": "Lund"})
    network = forms.CheckboxesField("Med", choices={"f": "Forældre", "s": "Skole"})
    reasons = forms.TextAreaField("Begrundelse", [forms.Required("Skriv begrundelsen.")])
    minor = forms.CheckboxField("Under 18 år", [forms.Required("Bekræft alderen.")])


@pytest.fixture(autouse=True)
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = Flask(__name__, static_folder=None, template_folder=str(SOURCE.parent / "templates"))
    made.config.update(SECRET_KEY="k" * 40, BASE_URL="http://localhost", VAR_DIR=_var_dir(tmp_path_factory))
    made.jinja_env.undefined = StrictUndefined
    CSRFProtect(made)
    serve_static(made)
    with made.test_request_context():
        yield made


def _var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "static-files"


def _html(source: str, **context: Any) -> Element:
    text = render_template_string(FORM_MACROS + PAGE_MACROS + source, **context)
    document: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parseFragment(text)
    return document


def _text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def _by_id(document: Element, name: str) -> Element:
    (found,) = (element for element in document.iter() if element.get("id") == name)
    return found


def _failed_form() -> Everything:
    form = Everything(today=TODAY, formdata=None)
    form.validate()
    form.add_error("Nogen har ændret det samme imens.")
    return form


def _all_fields(form: Everything) -> Element:
    return _html(
        "{{ error_summary(form) }}{% call post_form(form, 'Gem', '/sager') %}"
        "{% for f in form if f.name not in ('csrf_token', 'submission') %}{{ field(f) }}{% endfor %}{% endcall %}",
        form=form,
    )


def test_every_control_has_a_name_of_its_own_and_a_label() -> None:
    document = _all_fields(Everything(today=TODAY))
    labelled = {label.get("for") for label in document.iter("label")}
    controls = [
        element
        for tag in ("input", "select", "textarea")
        for element in document.iter(tag)
        if element.get("type") not in {"hidden", "submit"}
    ]
    assert len(controls) == 14
    assert {control.get("id") for control in controls} == labelled
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_every_link_of_the_summary_leads_to_an_input() -> None:
    document = _all_fields(_failed_form())
    summary = next(element for element in document.iter("div") if element.get("data-module") == "error-summary")
    assert summary.get("role") == "alert"
    assert summary.get("tabindex") == "-1"
    targets = [link.get("href", "")[1:] for link in summary.iter("a")]
    assert targets == ["name", "cpr", "received-dag", "kind-0", "reasons", "minor"]
    assert all(_by_id(document, target).tag in {"input", "textarea"} for target in targets)
    assert "Nogen har ændret det samme imens." in _text(summary)


@pytest.mark.parametrize(
    ("element_id", "message"), [("name", "Skriv navnet."), ("received", "Skriv datoen."), ("kind", "Vælg en art.")]
)
def test_an_error_is_tied_to_its_field(element_id: str, message: str) -> None:
    document = _all_fields(_failed_form())
    described = (_by_id(document, element_id).get("aria-describedby") or "").split()
    assert f"{element_id}-error" in described
    assert message in _text(_by_id(document, f"{element_id}-error"))


def test_a_hint_is_read_before_the_error() -> None:
    control = _by_id(_all_fields(_failed_form()), "name")
    assert control.get("aria-describedby") == "name-hint name-error"
    assert control.get("aria-invalid") == "true"


def test_a_form_without_errors_has_no_summary_and_no_invalid_field() -> None:
    document = _all_fields(Everything(today=TODAY))
    assert not [element for element in document.iter() if element.get("role") == "alert" or element.get("aria-invalid")]


def test_only_what_may_be_left_out_says_so() -> None:
    document = _all_fields(Everything(today=TODAY))
    marked = {_text(e) for tag in ("label", "legend") for e in document.iter(tag) if "(valgfri)" in _text(e)}
    assert marked == {"E-mail (valgfri)", "Klokkeslæt (valgfri)", "Bydel (valgfri)", "Med (valgfri)"}


def test_what_was_typed_is_still_there() -> None:
    form = Everything(
        today=TODAY,
        data={"name": "Ærø <b>", "received": date(2026, 3, 5), "kind": "b", "network": ["s"], "minor": True},
    )
    document = _all_fields(form)
    assert _by_id(document, "name").get("value") == "Ærø <b>"
    assert [_by_id(document, f"received-{part}").get("value") for part in ("dag", "maaned", "aar")] == [
        "5",
        "3",
        "2026",
    ]
    assert _by_id(document, "kind-1").get("checked") is not None
    assert _by_id(document, "kind-0").get("checked") is None
    assert _by_id(document, "network-1").get("checked") is not None
    assert _by_id(document, "minor").get("checked") is not None


def test_long_text_is_never_cut_off_by_the_browser() -> None:
    assert not [element for element in _all_fields(Everything(today=TODAY)).iter() if element.get("maxlength")]


def test_browsers_are_asked_not_to_remember_citizens() -> None:
    assert _by_id(_all_fields(Everything(today=TODAY)), "name").get("autocomplete") == "off"


def test_a_question_that_follows_names_what_it_follows() -> None:
    form = Everything(today=TODAY)
    document = _html("{% call shown_when(form.kind, ['a', 'b']) %}x{% endcall %}", form=form)
    (part,) = document.iter("div")
    assert (part.get("data-shown-by"), part.get("data-shown-when")) == ("kind", "a b")


def test_a_form_posts_its_guards() -> None:
    document = _all_fields(Everything(today=TODAY))
    (form,) = document.iter("form")
    hidden = {element.get("name") for element in form.iter("input") if element.get("type") == "hidden"}
    assert form.get("method") == "post"
    assert hidden == {"csrf_token", "submission"}


def test_a_lone_button_posts_its_guard() -> None:
    document = _html("{{ post_button('/sager/1/luk', 'Luk', hidden={'id': 7}) }}")
    values = {element.get("name"): element.get("value") for element in document.iter("input")}
    assert values["id"] == "7"
    assert values["csrf_token"]


@pytest.mark.parametrize(
    ("days", "text", "kind"),
    [
        (-2, "2 dage over fristen", "late"),
        (-1, "1 dag over fristen", "late"),
        (0, "I dag", "today"),
        (1, "I morgen", "soon"),
        (3, "3 dage tilbage", "soon"),
        (4, "4 dage tilbage", "running"),
    ],
)
def test_days_left(days: int, text: str, kind: str) -> None:
    (badge,) = _html("{{ days_left(days) }}", days=days).iter("span")
    assert _text(badge) == text
    assert badge.get("class") == f"status status-{kind}"
    assert list(badge.iter("{http://www.w3.org/2000/svg}svg"))


def test_no_clock_is_a_dash() -> None:
    assert _text(_html("{{ days_left(none) }}")) == "–"


@pytest.mark.parametrize(("more", "text"), [(True, "Viser 51–100, flere"), (False, "Viser 51–100")])
def test_a_list_says_what_it_shows_and_no_total(more: bool, text: str) -> None:
    page = SimpleNamespace(first=51, last=100, more=more, prev_url="?side=1", next_url="?side=3" if more else None)
    document = _html("{{ pagination(page) }}", page=page)
    assert text == _text(next(document.iter("p")))
    assert [link.get("rel") for link in document.iter("a")] == (["prev", "next"] if more else ["prev"])


def test_an_empty_list_has_no_pager() -> None:
    assert not list(_html("{{ pagination(page) }}", page=SimpleNamespace(last=0)).iter("nav"))


def test_a_sorted_column_says_so() -> None:
    columns = [{"label": "Sag", "url": "?s=sag", "sort": "descending"}, {"label": "Dage", "numeric": True}, "Status"]
    document = _html("{% call table('Sager', columns) %}<tr><td>x</td></tr>{% endcall %}", columns=columns)
    headings = list(document.iter("th"))
    assert [heading.get("aria-sort") for heading in headings] == ["descending", None, None]
    assert [_text(heading) for heading in headings] == ["Sag", "Dage", "Status"]
    assert _text(next(document.iter("caption"))) == "Sager"


def test_what_is_not_known_is_a_dash() -> None:
    document = _html("{{ facts([('Skole', none), ('Bydel', ''), ('Niveau', 0)]) }}")
    assert [_text(value) for value in document.iter("dd")] == ["–", "–", "0"]


@pytest.mark.parametrize(
    "macro",
    ["tabs([{'label': 'Frister', 'url': '/f', 'current': true}])", "breadcrumb([('Sager', '/sager'), ('Ny', none)])"],
)
def test_where_you_are_is_marked(macro: str) -> None:
    document = _html(f"{{{{ {macro} }}}}")
    assert [element.get("aria-current") for element in document.iter() if element.get("aria-current")] == ["page"]


def test_text_from_people_is_never_markup() -> None:
    source = (
        "{{ timeline([{'when': t, 'who': t, 'title': t, 'text': t}]) }}{{ empty_state(t, t) }}"
        "{{ notice('info', t) }}{{ status('ok', t) }}{{ facts([(t, t)]) }}"
    )
    assert not list(_html(source, t="<script>x</script>").iter("script"))
