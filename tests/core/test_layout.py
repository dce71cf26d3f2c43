"""The layout and the error pages, as a browser and a screen reader get them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from app.core.static_files import SOURCE, serve_static


@pytest.fixture(autouse=True)
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = Flask(__name__, static_folder=None, template_folder=str(SOURCE.parent / "templates"))
    made.config.update(
        SECRET_KEY="k" * 40, BASE_URL="http://localhost", VAR_DIR=tmp_path_factory.getbasetemp() / "layout"
    )
    made.jinja_env.undefined = StrictUndefined
    CSRFProtect(made)
    serve_static(made)
    with made.test_request_context():
        yield made


def _page(source: str, **context: Any) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document: Element = parser.parse(render_template_string(source, **context))
    return document


def _text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def _by_id(document: Element, name: str) -> Element:
    (found,) = (element for element in document.iter() if element.get("id") == name)
    return found


SIGNED_IN = {
    "account": {"name": "Maja Holm", "unit": "Vesterenheden"},
    "navigation": [
        {"label": "Min dag", "url": "/", "current": True},
        {"label": "Sager", "url": "/sager", "current": False},
    ],
    "banners": [{"kind": "error", "text": "Mails er ikke sendt.", "url": "/frister", "url_text": "Se frister"}],
}
PAGE = "{% extends 'layout.html' %}{% block title %}Sager{% endblock %}{% block content %}<h1>Sager</h1>{% endblock %}"


def test_the_layout_is_valid_danish_html() -> None:
    document = _page(PAGE, **SIGNED_IN)
    assert document.get("lang") == "da"
    assert _text(next(document.iter("title"))) == "Sager – Enkeltsag"
    assert _by_id(document, "main-content").tag == "main"
    assert any(link.get("href") == "#main-content" for link in document.iter("a"))


def test_signing_out_is_a_guarded_post() -> None:
    (form,) = _page(PAGE, **SIGNED_IN).iter("form")
    assert (form.get("method"), form.get("action")) == ("post", "/log-ud")
    assert next(form.iter("input")).get("name") == "csrf_token"


def test_the_menu_marks_the_page_and_the_banner_is_an_alert() -> None:
    document = _page(PAGE, **SIGNED_IN)
    assert [_text(link) for link in document.iter("a") if link.get("aria-current")] == ["Min dag"]
    assert [_text(e) for e in document.iter("div") if e.get("role") == "alert"] == ["Mails er ikke sendt. Se frister"]


def test_signed_out_there_is_no_menu() -> None:
    document = _page(PAGE)
    assert not list(document.iter("nav"))
    assert not list(document.iter("form"))


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_error_pages_need_nothing_and_say_what_to_do(code: int) -> None:
    document = _page(f"{{% include 'errors/{code}.html' %}}")
    heading = _text(next(document.iter("h1")))
    assert _text(next(document.iter("title"))) == f"{heading} – Enkeltsag"
    assert len(_text(_by_id(document, "main-content"))) > len(heading) + 60


def test_an_old_form_gives_the_text_back() -> None:
    document = _page("{% include 'errors/400.html' %}", csrf_failed=True, typed=["Samtale med <mor>."])
    assert _text(next(document.iter("textarea"))) == "Samtale med <mor>."
    assert _text(next(document.iter("h1"))) == "Siden var åben for længe"


def test_a_fault_shows_the_number_to_report() -> None:
    assert "8f3a22c1" in _text(_page("{% include 'errors/500.html' %}", log_id="8f3a22c1"))


@pytest.mark.parametrize("template", sorted((SOURCE.parent / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_nothing_inline_that_the_policy_would_block(template: Path) -> None:
    text = template.read_text()
    assert "<style" not in text
    assert "style=" not in text
    assert " onclick" not in text
    assert "javascript:" not in text
    assert "<script>" not in text
