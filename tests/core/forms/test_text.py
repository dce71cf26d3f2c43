"""Text fields: what is cleaned, what is refused, and what is shown again."""

import unicodedata
from typing import Any

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.forms import EmailField, Form, HiddenField, PasswordField, Required, TextAreaField, TextField
from app.core.forms.text import UnusableTextError, clean, showable
from tests.core.forms.conftest import Post


class Note(Form):
    title = TextField("Overskrift")
    text = TextAreaField("Tekst")
    code = HiddenField()
    secret = PasswordField("Adgangskode")


class Needed(Form):
    title = TextField("Overskrift", [Required("Skriv en overskrift.")])


class Address(Form):
    email = EmailField("Mail")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Fatima  ", "Fatima"),
        ("A\u030ase", "Åse"),
        ("Anne\tMarie", "Anne Marie"),
        ("Anne\u00a0Marie", "Anne\u00a0Marie"),
        ("👩‍👧 og Ñandú", "👩‍👧 og Ñandú"),
        ("", None),
        ("   \t ", None),
        ("\u2003", None),
    ],
)
def test_one_line_is_stripped_and_composed(post: Post, typed: str, kept: str | None) -> None:
    form = post(Note, {"title": typed})

    assert form.title.data == kept
    assert not form.failed


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\u2028", "\u2029"])
def test_several_lines_have_one_kind_of_newline(post: Post, newline: str) -> None:
    form = post(Note, {"text": f"\r\n en{newline}to{newline}{newline}\ttre \r\n"})

    assert form.text.data == "en\nto\n\n\ttre"


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\u2028"])
def test_one_line_is_one_line(post: Post, newline: str) -> None:
    form = post(Note, {"title": f"en{newline}to"})

    assert form.title.errors == ["Teksten skal stå på én linje."]
    assert form.title.data is None


UNUSABLE = {
    "\x00": "U+0000",
    "\x07": "U+0007",
    "\x0b": "U+000B",
    "\x1b": "U+001B",
    "\x1f": "U+001F",
    "\x7f": "U+007F",
    "\x85": "U+0085",
    "\x9f": "U+009F",
    chr(0xD800): "U+D800",
    chr(0xDFFF): "U+DFFF",
    "\ufffd": "U+FFFD",
    "\uffff": "U+FFFF",
    "\U0001fffe": "U+1FFFE",
    "\U0010ffff": "U+10FFFF",
    "\u202e": "U+202E",
    "\u2066": "U+2066",
}


@pytest.mark.parametrize("character", UNUSABLE)
@pytest.mark.parametrize("name", ["title", "text", "code", "secret"])
@pytest.mark.parametrize("place", ["ab{}c", "{}", "ab{}", " {} "])
def test_a_character_that_cannot_be_stored_is_named_and_kept_in_sight(
    post: Post, character: str, name: str, place: str
) -> None:
    typed = place.format(character)
    form = post(Note, {name: typed})
    field = form[name]

    position = typed.index(character) + 1
    assert field.errors == [f"Tegn nummer {position} kan ikke gemmes ({UNUSABLE[character]}). Slet det."]
    assert field.data is None
    if name != "secret":
        assert typed.replace(character, "\ufffd") in str(field())


def test_what_is_shown_in_place_of_a_lost_character_is_not_taken_for_text(post: Post) -> None:
    shown = post(Note, {"title": "a\x00b"}).title._value()

    assert post(Note, {"title": shown}).title.data is None


@given(st.text())
def test_cleaning_settles_or_refuses(text: str) -> None:
    try:
        cleaned = clean(text)
    except UnusableTextError:
        return
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned


@given(st.text(st.characters()))
def test_what_is_shown_is_valid_html(text: str) -> None:
    shown = showable(text).replace("&", "").replace("<", "").replace(">", "")

    html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html><title>x</title><p>{shown}</p>".encode())


@given(text=st.text(st.characters(), max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_kept_or_refused_and_shown_again(post: Post, text: str) -> None:
    form = post(Note, {"title": text, "text": text, "code": text, "secret": text})

    for field in form:
        assert (field.data is None) or not field.errors
        str(field()).encode()


@pytest.mark.parametrize(("name", "most", "shown"), [("title", 200, "200"), ("text", 10_000, "10.000")])
def test_too_long_text_is_told_how_long(post: Post, name: str, most: int, shown: str) -> None:
    assert not post(Note, {name: " " + "å" * most + " "}).failed

    form = post(Note, {name: "å" * (most + 1)})

    length = f"{most + 1:,}".replace(",", ".")
    assert form[name].errors == [f"Der er plads til {shown} tegn, og teksten fylder {length}. Kort den ned."]
    assert "å" * (most + 1) in str(form[name]())


def test_the_length_can_be_chosen_and_is_not_cut_by_the_browser(post: Post) -> None:
    class Short(Form):
        title = TextField("Overskrift", max_length=3)

    form = post(Short, {"title": "abcd"})

    assert form.title.max_length == 3
    assert form.failed
    assert "maxlength" not in str(form.title())


@pytest.mark.parametrize("typed", [{}, {"title": ""}, {"title": "  "}, {"title": "\r\n"}])
def test_required_text_must_hold_something(post: Post, typed: dict[str, str]) -> None:
    assert post(Needed, typed).title.errors == ["Skriv en overskrift."]


def test_an_unusable_text_is_not_called_missing(post: Post) -> None:
    assert post(Needed, {"title": "\x00"}).title.errors == ["Tegn nummer 1 kan ikke gemmes (U+0000). Slet det."]


def test_a_password_is_neither_stripped_nor_shown(post: Post) -> None:
    form = post(Note, {"secret": " A\u030ase "})

    assert form.secret.data == " Åse "
    assert "se" not in form.secret._value()
    assert "Åse" not in str(form.secret())


def test_a_password_of_blanks_is_one(post: Post) -> None:
    assert post(Note, {"secret": "   "}).secret.data == "   "


@pytest.mark.parametrize("typed", ["leder@kommune.dk", " leder@kommune.dk ", "a.b+c@sub.kommune.dk", "åse@ørsted.dk"])
def test_mail_addresses_are_accepted(post: Post, typed: str) -> None:
    assert post(Address, {"email": typed}).email.data == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "leder",
        "leder@",
        "@kommune.dk",
        "leder@kommune",
        "le der@kommune.dk",
        "leder@kommune..dk",
        "leder@-kommune.dk",
        "a@b.dk, c@d.dk",
        "Leder <leder@kommune.dk>",
        "leder@kommune.dk\r\nBcc: x@y.dk",
        "a" * 250 + "@b.dk",
        "a@" + "b." * 5000 + "dk",
    ],
)
def test_what_is_no_mail_address_is_refused(post: Post, typed: str) -> None:
    form = post(Address, {"email": typed})

    assert len(form.email.errors) == 1
    assert form.email.errors[0] != ""


def test_a_stored_value_is_shown(request_context: Any) -> None:
    form = Note(data={"title": "<Fatima>", "text": "en\nto"})

    assert 'value="&lt;Fatima&gt;"' in str(form.title())
    assert "en\nto" in str(form.text())


def test_a_file_posted_under_the_name_of_a_text_is_no_text(app: Any) -> None:
    import io

    with app.test_request_context("/", method="POST", data={"title": (io.BytesIO(b"x"), "x.txt")}):
        form = Note()
        form.validate_on_submit()

    assert form.title.data is None
