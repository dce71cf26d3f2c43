"""The inspection that every page passes: each of its checks finds what it is there to find."""

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from app.core.headers import security_headers
from tests import page as pages
from tests.browser import _fill, find_form
from tests.page import Page, inspect

GOOD = """<!DOCTYPE html>
<html lang="da">
<head><meta charset="utf-8"><title>Opret sag – Enkeltsag</title><link rel="stylesheet" href="/static/app.css"></head>
<body>
<a href="#main">Gå til indhold</a>
<form method="post" action="/log-ud"><input type="hidden" name="csrf_token" value="x"><button>Log ud</button></form>
<main id="main"><h1>Opret sag</h1>
<div role="alert"><ul><li><a href="#navn">Skriv et navn</a></li></ul></div>
<form method="post">
<input type="hidden" name="csrf_token" value="x">
<label for="navn">Navn</label><input id="navn" name="navn" value="Bo" aria-describedby="navn-hjaelp">
<p id="navn-hjaelp">Hele navnet</p>
<label>Aftalt <input type="checkbox" name="aftalt" value="ja"></label>
<label for="dag">Dag</label><input id="dag" name="dato-dag"><input aria-label="Måned" name="dato-maaned">
<input aria-label="År" name="dato-aar">
<label for="niveau">Niveau</label><select id="niveau" name="niveau"><option value="">Vælg</option>
<option value="2" selected>Niveau 2</option></select>
<label for="note">Note</label><textarea id="note" name="note">
linje
linje</textarea>
<button>Gem</button>
</form></main>
</body></html>"""

BAD = {
    "_valid_html": ("<h1>Opret sag</h1>", "<h1>Opret sag</h1></div>"),
    "_danish": ('lang="da"', 'lang="en"'),
    "_one_heading_that_the_title_begins_with": ("<title>Opret sag", "<title>Sag"),
    "_ids_once": ('id="navn-hjaelp"', 'id="navn"'),
    "_references_lead_somewhere": ('aria-describedby="navn-hjaelp"', 'aria-describedby="andet"'),
    "_controls_have_labels": ('<label for="navn">Navn</label>', ""),
    "_buttons_and_links_say_something": ("<button>Gem</button>", "<button></button>"),
    "_forms_are_guarded": ('<input type="hidden" name="csrf_token" value="x">\n<label', "<label"),
    "_nothing_inline": ("<h1>", '<h1 onclick="x()">'),
    "_no_cpr_outside_the_text": ('href="#main"', 'href="/borgere?q=170510-4321#main"'),
    "_nothing_of_the_program_shows": ("Hele navnet", "None"),
}
MORE_BAD = [
    ("_one_heading_that_the_title_begins_with", "<h1>Opret sag</h1>", "<p>Opret sag</p>"),
    ("_one_heading_that_the_title_begins_with", "<h1>Opret sag</h1>", "<h1>Opret sag</h1><h1>To</h1>"),
    ("_references_lead_somewhere", 'href="#navn"', 'href="#andet"'),
    ("_references_lead_somewhere", 'for="note"', 'for="andet"'),
    ("_controls_have_labels", '<label for="niveau">Niveau</label>', ""),
    ("_controls_have_labels", '<label for="note">Note</label>', ""),
    ("_buttons_and_links_say_something", '<a href="#main">', "<a>"),
    ("_forms_are_guarded", 'action="/log-ud"', 'action="https://example.org/"'),
    ("_forms_are_guarded", 'action="/log-ud"', 'action=""'),
    ("_forms_are_guarded", '<form method="post" action', '<form method="get" action'),
    ("_nothing_inline", "<h1>", '<h1 style="color: red">'),
    ("_nothing_inline", '<a href="#main">', '<a href="JavaScript:x()">'),
    ("_nothing_inline", "</main>", "<script>x()</script></main>"),
    ("_nothing_inline", "</main>", '<script src="https://example.org/x.js"></script></main>'),
    ("_nothing_inline", "</title>", "</title><style>p {}</style>"),
    ("_no_cpr_outside_the_text", "<title>Opret sag", "<title>Opret sag 1705104321"),
    ("_nothing_of_the_program_shows", "Hele navnet", "{{ navn }}"),
    ("_nothing_of_the_program_shows", "Hele navnet", "CaseStatus.ACTIVE"),
    ("_nothing_of_the_program_shows", "Hele navnet", "&lt;app.cases.models.Case object at 0x7f&gt;"),
]


def page_of(html: str = GOOD, *, url: str = "/sager/ny", headers: dict[str, str] | None = None) -> Page:
    app = Flask("one page", static_folder=None)
    protected = {**security_headers(https=False), "Cache-Control": "no-store", **(headers or {})}
    app.add_url_rule("/", "page", lambda: Response(html, headers=protected))
    response: TestResponse = app.test_client().get("/")
    return Page(response, url)


def test_good_page_passes() -> None:
    inspect(page_of())


@pytest.mark.parametrize(("check", "good", "bad"), [*((c, g, b) for c, (g, b) in BAD.items()), *MORE_BAD])
def test_check_finds_the_fault(check: str, good: str, bad: str) -> None:
    assert good in GOOD

    with pytest.raises(AssertionError, match=check):
        inspect(page_of(GOOD.replace(good, bad, 1)))


@pytest.mark.parametrize(
    "header", ["X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "Content-Security-Policy"]
)
def test_missing_header_is_found(header: str) -> None:
    with pytest.raises(AssertionError, match="_headers_protect"):
        inspect(page_of(headers={header: "public"}))


def test_cpr_in_the_address_or_a_header_is_found() -> None:
    with pytest.raises(AssertionError, match="_no_cpr"):
        inspect(page_of(url="/sager?q=1705104321"))
    with pytest.raises(AssertionError, match="_no_cpr"):
        inspect(page_of(headers={"Content-Disposition": "attachment; filename=170510-4321.pdf"}))


def test_every_check_has_a_page_that_fails_it() -> None:
    assert {check.__name__ for check in pages.CHECKS} == {*BAD, "_headers_protect"}


def test_form_is_filled_as_a_browser_does() -> None:
    form = find_form(page_of(), "Gem")

    assert _fill(form, {}) == {
        "csrf_token": ["x"],
        "navn": ["Bo"],
        "dato-dag": [""],
        "dato-maaned": [""],
        "dato-aar": [""],
        "niveau": ["2"],
        "note": ["linje\r\nlinje"],
    }
    assert _fill(form, {"aftalt": True})["aftalt"] == ["ja"]


def test_unknown_field_is_not_sent() -> None:
    with pytest.raises(AssertionError, match="no 'naavn'"):
        _fill(find_form(page_of(), "Gem"), {"naavn": "Bo"})
