"""The form as a whole: messages, summary, hidden fields, and whatever may be posted at it."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import wtforms
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wtforms.validators import InputRequired, Length, ValidationError

from app.core.errors import ChangedMeanwhileError
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    CprField,
    DateField,
    EmailField,
    FilterForm,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    Required,
    SelectField,
    SubmitOnce,
    TextAreaField,
    TextField,
    TimeField,
    Versioned,
)
from app.core.wtforms_danish import DanishMessages
from tests.core.forms.conftest import Post

TODAY = date(2026, 11, 20)
OPTIONS = {"a": "A", "b": "B"}


class Everything(SubmitOnce, Versioned, Form):
    title = TextField("Titel", [Required("Skriv en titel.")])
    text = TextAreaField("Tekst")
    email = EmailField("Mail")
    secret = PasswordField("Kode")
    cpr = CprField()
    day = DateField("Dag")
    at = TimeField("Tid")
    count = IntegerField("Antal")
    one = SelectField("En", choices=OPTIONS)
    other = RadioField("Anden", [Required("Vælg en.")], choices=OPTIONS)
    many = CheckboxesField("Flere", choices=OPTIONS)
    tick = CheckboxField("Kryds")


FIELDS = [
    "title",
    "text",
    "email",
    "secret",
    "cpr",
    "at",
    "count",
    "one",
    "other",
    "many",
    "tick",
    "submission",
    "version",
]
NAMES = [*FIELDS, "day", "day-dag", "day-maaned", "day-aar", "csrf_token", "unknown"]


# --- messages


def _catalogue() -> Iterator[tuple[str, str | None]]:
    """Each message of WTForms' own catalogue, with its plural."""
    text = (Path(wtforms.__file__).parent / "locale" / "wtforms.pot").read_text()
    for entry in text.split("\n\n")[1:]:
        singular = re.search(r'^msgid "(.+)"$', entry, re.MULTILINE)
        plural = re.search(r'^msgid_plural "(.+)"$', entry, re.MULTILINE)
        if singular:
            yield singular[1], plural[1] if plural else None


def test_every_message_of_wtforms_has_a_danish_one() -> None:
    catalogue = list(_catalogue())
    danish = DanishMessages()

    assert len(catalogue) > 30
    for singular, plural in catalogue:
        for count in (1, 2):
            message = danish.ngettext(singular, plural, count) if plural else danish.gettext(singular)
            assert message not in {singular, plural}
            assert set(re.findall(r"%\(\w+\)\w|%s", message)) <= set(re.findall(r"%\(\w+\)\w|%s", singular))


def test_other_text_comes_back_unchanged() -> None:
    assert DanishMessages().gettext("Navn") == "Navn"
    assert DanishMessages().ngettext("en", "flere", 1) == "en"
    assert DanishMessages().ngettext("en", "flere", 2) == "flere"


def test_validators_of_wtforms_speak_danish(post: Post) -> None:
    class Named(Form):
        name = TextField("Navn", [InputRequired(), Length(min=3)])

    assert post(Named, {"name": "  "}).name.errors == ["Feltet skal udfyldes."]
    assert post(Named, {"name": "ab"}).name.errors == ["Skriv mindst 3 tegn."]


# --- validators


def test_own_validators_never_see_what_is_empty_or_unreadable(post: Post) -> None:
    class Meeting(Form):
        day = DateField("Dag")

        def validate_day(self, field: DateField) -> None:
            if field.data < TODAY:
                raise ValidationError("For tidligt.")

    assert not post(Meeting, {}).failed
    assert post(Meeting, {"day": "31-02-2026"}).day.errors == ["31-02-2026 findes ikke."]
    assert post(Meeting, {"day": "19-11-2026"}).day.errors == ["For tidligt."]
    assert not post(Meeting, {"day": "20-11-2026"}).failed


# --- summary and errors


def test_the_summary_leads_to_each_field(post: Post) -> None:
    form = post(
        Everything,
        {"day-dag": "x", "email": "x", "submission": str(uuid.uuid4()), "version": "1"},
        today=TODAY,
    )
    form.add_error("Sagen er lukket.")
    form.add_error("Optaget.", "title")
    form.add_error("Ukendt felt.", "nowhere")

    assert form.failed
    assert form.error_summary() == [
        (None, "Sagen er lukket."),
        (None, "Ukendt felt."),
        ("title", "Skriv en titel."),
        ("title", "Optaget."),
        ("email", "Skriv en mailadresse som navn@kommune.dk."),
        ("day-dag", "Skriv datoen med tal: dag, måned og år, for eksempel 20 11 2026."),
        ("other-0", "Vælg en."),
    ]


def test_every_link_of_the_summary_leads_to_an_input(post: Post) -> None:
    form = post(Everything, dict.fromkeys(NAMES, "\x00"), today=TODAY)

    html = "".join(str(field()) for field in form)
    targets = [target for target, _ in form.error_summary() if target]
    assert len(targets) > 8
    assert all(f'id="{target}"' in html for target in targets)


def test_a_form_that_is_only_shown_has_no_errors(request_context: Any) -> None:
    form = Everything(today=TODAY)

    assert not form.validate_on_submit()
    assert not form.failed
    assert form.error_summary() == []


# --- what may be posted


def test_unknown_names_are_ignored(post: Post) -> None:
    form = post(Everything, {"is_admin": "1", "id": "7", "_fields": "x"}, today=TODAY)

    assert not hasattr(form, "is_admin")
    assert set(form.data) == {field.name for field in form}


def test_an_empty_post_is_not_filled_from_what_was_stored(post: Post) -> None:
    form = post(Everything, {}, today=TODAY, data={"title": "gammel", "day": TODAY, "one": "a", "tick": True})

    assert (form.title.data, form.day.data, form.one.data, form.tick.data) == (None, None, None, False)
    assert form.title.errors == ["Skriv en titel."]


def test_a_post_without_any_body_is_a_post(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = Everything(today=TODAY, data={"title": "gammel"})
        form.validate_on_submit()

    assert form.title.data is None
    assert form.title.errors == ["Skriv en titel."]


@given(values=st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(st.characters()), max_size=3)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_whatever_breaks_a_form(post: Post, values: dict[str, list[str]]) -> None:
    form = post(Everything, values, today=TODAY)

    assert form.failed
    for _, message in form.error_summary():
        message.encode()
    for field in form:
        str(field()).encode()


@pytest.fixture(scope="module")
def asking() -> Flask:
    """An application whose only page shows and takes the form."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="s" * 32, WTF_CSRF_ENABLED=False, TESTING=True)

    @app.route("/", methods=["GET", "POST"])
    def ask() -> tuple[str, int]:
        form = Everything(today=TODAY)
        form.validate_on_submit()
        return "".join(str(field()) for field in form) + str(form.error_summary()), 422 if form.failed else 200

    return app


@given(
    body=st.binary(max_size=400),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded; charset=utf-16",
        ]
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_whatever_break_a_form(asking: Flask, body: bytes, kind: str) -> None:
    assert asking.test_client().post("/", data=body, content_type=kind).status_code == 422


@given(name=st.sampled_from(NAMES), value=st.binary(max_size=60), multipart=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_in_a_field_break_a_form(asking: Flask, name: str, value: bytes, multipart: bool) -> None:
    if multipart:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + value + b"\r\n--x--\r\n"
        )
        response = asking.test_client().post("/", data=body, content_type="multipart/form-data; boundary=x")
    else:
        escaped = "".join(f"%{byte:02x}" for byte in value)
        response = asking.test_client().post(
            "/", data=f"{name}={escaped}", content_type="application/x-www-form-urlencoded"
        )

    assert response.status_code == 422


@pytest.mark.parametrize(
    "payload", [{"title": "x"}, ["title"], "title", 7, None, {"title": {"a": 1}}, {"title": "\ud800"}]
)
def test_json_is_no_form(asking: Flask, payload: Any) -> None:
    response = asking.test_client().post("/", data=json.dumps(payload), content_type="application/json")

    assert response.status_code == 422
    assert "Skriv en titel." in response.text


def test_thousands_of_fields_and_very_long_ones_are_answered(asking: Flask) -> None:
    many = {f"x{number}": "y" for number in range(20_000)}
    long = dict.fromkeys(NAMES, "å" * 200_000)

    assert asking.test_client().post("/", data={**many, **long}).status_code == 422
    assert asking.test_client().post("/", data={"many": ["a"] * 20_000}).status_code == 422


# --- forged posts


def test_a_post_without_token_is_refused_and_one_with_it_is_taken() -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="s" * 32)
    CSRFProtect(app)

    class Named(Form):
        name = TextField("Navn")

    @app.route("/", methods=["GET", "POST"])
    def ask() -> str:
        form = Named()
        return f"saved {form.name.data}" if form.validate_on_submit() else str(form.hidden_tag())

    client = app.test_client()
    token = re.search(r'value="([^"]+)"', client.get("/").text)
    assert token is not None

    assert client.post("/", data={"name": "Åse"}).status_code == 400
    assert client.post("/", data={"name": "Åse", "csrf_token": token[1]}).text == "saved Åse"


# --- filters


class Filters(FilterForm):
    name = TextField("Navn")
    status = SelectField("Status", choices=OPTIONS, default="a")


def test_filters_are_read_from_the_address(app: Flask) -> None:
    with app.test_request_context("/?name=fati&status="):
        form = Filters()
        assert form.validate()
        assert (form.name.data, form.status.data) == ("fati", None)


def test_filters_have_their_defaults_in_a_bare_address(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Filters()
        assert form.validate()
        assert (form.name.data, form.status.data) == (None, "a")


def test_a_bad_filter_is_told_so(app: Flask) -> None:
    with app.test_request_context("/?status=x&name=%00"):
        form = Filters()
        assert not form.validate()
        assert len(form.error_summary()) == 2


def test_filters_need_no_token(app: Flask) -> None:
    with app.test_request_context("/"):
        assert "csrf_token" not in Filters()


# --- the two hidden fields


class Creating(SubmitOnce, Form):
    title = TextField("Titel", [Required("Skriv en titel.")])


class Changing(Versioned, Form):
    title = TextField("Titel")


def test_a_form_gets_a_new_token_each_time_it_is_shown(request_context: Any) -> None:
    one, other = Creating(), Creating()

    assert isinstance(one.submission.data, uuid.UUID)
    assert one.submission.data != other.submission.data
    assert f'value="{one.submission.data}"' in str(one.hidden_tag())


def test_a_form_that_is_shown_again_keeps_its_token(post: Post) -> None:
    token = uuid.uuid4()

    form = post(Creating, {"submission": str(token)})

    assert form.failed
    assert form.submission.data == token
    assert f'value="{token}"' in str(form.hidden_tag())


@pytest.mark.parametrize("sent", [{}, {"submission": ""}, {"submission": "x"}, {"submission": "\ud800" * 32}])
def test_a_form_without_token_is_not_taken_but_can_be_sent_again(post: Post, sent: dict[str, str]) -> None:
    form = post(Creating, {"title": "x", **sent})

    assert form.error_summary() == [(None, "Formularen kom ikke helt frem. Se den igennem, og send den igen.")]
    assert not post(Creating, {"title": "x", "submission": form.submission._value()}).failed


def test_the_version_of_the_thing_goes_with_its_form(request_context: Any) -> None:
    assert 'value="3"' in str(Changing(obj=SimpleNamespace(version=3, title="x")).hidden_tag())


def test_the_same_version_may_be_saved_and_another_may_not(post: Post) -> None:
    form = post(Changing, {"version": "3"}, obj=SimpleNamespace(version=4, title="x"))

    form.require_same_version(SimpleNamespace(version=3))
    with pytest.raises(ChangedMeanwhileError):
        form.require_same_version(SimpleNamespace(version=4))
    assert 'value="3"' in str(form.hidden_tag())


@pytest.mark.parametrize(
    "sent", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}, {"version": "²"}, {"version": "9" * 99}]
)
def test_a_form_without_version_is_not_taken(post: Post, sent: dict[str, str]) -> None:
    form = post(Changing, sent, obj=SimpleNamespace(version=4, title="x"))

    assert form.error_summary() == [(None, "Formularen kom ikke helt frem. Se den igennem, og send den igen.")]
