"""A page as the tests read it, and what every page must keep to.

`inspect` is called on each HTML answer that the test client gets, whatever the test is about.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

from app.core import cpr

CONTROLS = ("input", "select", "textarea")
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset"})
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "headers", "list", "form")
NOT_FOR_PEOPLE = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\{%|<[a-z_]+(\.\w+)+ |\b[A-Z]\w+\.[A-Z_]{2,}\b")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def text_of(element: Element) -> str:
    """The text of an element and all within it, runs of white space as one space."""
    return " ".join("".join(element.itertext()).split())


class Page:
    """One answer. `document` is its HTML tree; elements are found with ElementTree's paths."""

    def __init__(self, response: TestResponse, url: str = "/") -> None:
        self.response = response
        self.url = url
        self.status = response.status_code
        # A file to be saved may be anything; a page is UTF-8.
        self.html = response.get_data().decode(errors="strict" if response.mimetype == "text/html" else "replace")

    @property
    def is_html(self) -> bool:
        """Whether there is a page to inspect."""
        return self.response.mimetype == "text/html" and bool(self.html)

    @property
    def is_redirect(self) -> bool:
        """Whether the browser is sent on."""
        return self.status in {301, 302, 303, 307, 308}

    @cached_property
    def parse_errors(self) -> list[str]:
        """What the HTML standard calls a parse error."""
        _ = self.document
        return self._parse_errors

    @cached_property
    def document(self) -> Element:
        """The tree, parsed as browsers do."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree: Element = parser.parse(self.html)
        self._parse_errors = [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors]
        return tree

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers["Location"]

    def all(self, path: str) -> list[Element]:
        """All elements at the path, such as "main//a[@href]"."""
        return self.document.findall(f".//{path}")

    def one(self, path: str) -> Element:
        """The only element at the path."""
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} elements at {path} on {self.url}"
        return found[0]

    def texts(self, path: str) -> list[str]:
        """The texts of all elements at the path."""
        return [text_of(element) for element in self.all(path)]

    @property
    def text(self) -> str:
        """All text of the page, as people read it."""
        return text_of(self.one("body"))

    @property
    def main(self) -> str:
        """The text of the main part, without menu and footer."""
        return text_of(self.one("main"))

    @property
    def h1(self) -> str:
        """The heading."""
        return text_of(self.one("h1"))

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return text_of(self.one("title"))

    @property
    def links(self) -> dict[str, str]:
        """Address by link text; of links with the same text the first."""
        links: dict[str, str] = {}
        for link in self.all("a[@href]"):
            links.setdefault(text_of(link), link.attrib["href"])
        return links

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return self.texts("*[@role='alert']//li")

    def rows(self, path: str = "tbody/tr") -> list[list[str]]:
        """The cells' texts of the rows at the path."""
        return [[text_of(cell) for cell in row if cell.tag in {"td", "th"}] for row in self.all(path)]


def inspect(page: Page) -> None:
    """Raise AssertionError, with everything that is wrong with the page."""
    problems = [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(page)]
    assert not problems, f"{page.url} ({page.status}):\n" + "\n".join(problems)


def _valid_html(page: Page) -> Iterator[str]:
    yield from page.parse_errors


def _danish(page: Page) -> Iterator[str]:
    if page.document.get("lang") != "da":
        yield f"lang is {page.document.get('lang')!r}"


def _one_heading_that_the_title_begins_with(page: Page) -> Iterator[str]:
    headings = page.texts("h1")
    if len(headings) != 1 or not headings[0]:
        yield f"h1: {headings}"
    elif not page.title.startswith(headings[0]):
        yield f"the title {page.title!r} does not begin with the heading {headings[0]!r}"


def _ids_once(page: Page) -> Iterator[str]:
    counts = Counter(element.get("id") for element in page.document.iter())
    yield from (f"id {name!r} stands {count} times" for name, count in counts.items() if name is not None and count > 1)


def _references_lead_somewhere(page: Page) -> Iterator[str]:
    ids = {element.get("id") for element in page.document.iter()}
    for element in page.document.iter():
        for attribute in REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{attribute}={name!r} of <{element.tag}> leads nowhere"
        href = element.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"the link {href!r} leads nowhere"


def _controls_have_labels(page: Page) -> Iterator[str]:
    labels = {label.get("for"): text_of(label) for label in page.all("label[@for]")}
    wrapped = {id(inner) for label in page.all("label") if text_of(label) for inner in label.iter()}
    for control in (element for tag in CONTROLS for element in page.all(tag)):
        if control.get("type") in UNLABELLED_TYPES or id(control) in wrapped:
            continue
        if not (labels.get(control.get("id")) or control.get("aria-label") or control.get("aria-labelledby")):
            yield f"<{control.tag} name={control.get('name')!r}> has no label"


def _buttons_and_links_say_something(page: Page) -> Iterator[str]:
    for element in [*page.all("button"), *page.all("a")]:
        if not (text_of(element) or element.get("aria-label") or element.findall(".//img[@alt]")):
            yield f"<{element.tag}> without a text"
        if element.tag == "a" and not element.get("href"):
            yield f"the link {text_of(element)!r} has no address"


def _forms_are_guarded(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        method, action = form.get("method", "get").lower(), form.get("action")
        tokens = [item for item in form.findall(".//input[@name='csrf_token']") if item.get("value")]
        if method not in {"get", "post"} or (method == "post") != (len(tokens) == 1):
            yield f"a {method} form with {len(tokens)} CSRF tokens"
        if action is not None and not re.match(r"/(?!/)", action):
            yield f"a form's action is {action!r}"


def _nothing_inline(page: Page) -> Iterator[str]:
    for element in page.document.iter():
        if element.tag == "style" or (element.tag == "script" and (not element.get("src") or text_of(element))):
            yield f"<{element.tag}> within the page"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name}={value!r} of <{element.tag}>"
            if name == "src" and not re.match(r"/(?!/)", value):
                yield f"<{element.tag}> is loaded from {value!r}"


def _headers_protect(page: Page) -> Iterator[str]:
    headers = page.response.headers
    for name, value in HEADERS.items():
        if value not in headers.get(name, ""):
            yield f"{name}: {headers.get(name)!r}"
    csp = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in csp or "frame-ancestors 'none'" not in csp or "unsafe" in csp:
        yield f"Content-Security-Policy: {csp!r}"


def _no_cpr_outside_the_text(page: Page) -> Iterator[str]:
    addresses = [value for e in page.document.iter() for n, value in e.attrib.items() if n in {"href", "action", "src"}]
    headers = [f"{name}: {value}" for name, value in page.response.headers.items() if name != "Set-Cookie"]
    for place in [page.url, *page.texts("title"), *addresses, *headers]:
        if cpr.mask(place) != place:
            yield f"a CPR number in {place!r}"


def _nothing_of_the_program_shows(page: Page) -> Iterator[str]:
    for found in NOT_FOR_PEOPLE.finditer(page.text):
        yield f"the text holds {page.text[max(0, found.start() - 20) : found.end() + 20]!r}"


CHECKS: tuple[Callable[[Page], Iterator[str]], ...] = (
    _valid_html,
    _danish,
    _one_heading_that_the_title_begins_with,
    _ids_once,
    _references_lead_somewhere,
    _controls_have_labels,
    _buttons_and_links_say_something,
    _forms_are_guarded,
    _nothing_inline,
    _headers_protect,
    _no_cpr_outside_the_text,
    _nothing_of_the_program_shows,
)
