"""What no form may let through: the form comes back with what was typed, and nothing is saved."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.netvaerkssamraad.models import Netvaerkssamraad
from tests.browser import Browser
from tests.netvaerkssamraad.conftest import TYPED, MoveTo
from tests.page import Page


def send(browse: Browser, url: str, values: dict[str, Any]) -> Page:
    """Send values as they are, also such as no browser would send; the answer is the form with its errors.

    As multipart, where half characters arrive as the sign for a lost one; in an urlencoded form they arrive as the
    harmless text %ED%A0%80.
    """
    sent = {"csrf_token": browse.csrf_token(), "submission": str(uuid4()), "version": "1", **values}
    pairs = [(name, each) for name, value in sent.items() for each in (value if isinstance(value, list) else [value])]
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
    body = "".join([*parts, "--x--\r\n"]).encode(errors="surrogatepass")
    return browse._ask("POST", url, 422, data=body, content_type="multipart/form-data; boundary=x")


def count(owner: Engine, model: type) -> int:
    with Session(owner) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


BAD: dict[str, list[Any]] = {
    "received_on": ["2026-03-04", "31-02-2026", "03-03-26", "03-03-9999", "i går", "\x00", ""],
    "received_time": ["25.00", "10.01", "\x00", "\ud800", ""],
    "received_from": ["", "Politi\x00et", "\ud800", "x" * 201, "to\nlinjer"],
    "why_serious": ["", "\x00", "\udfff", "x" * 10_001],
    "documentation": ["", "findes-ikke", "andet", "\x00", "\ud800"],
    "submission": ["", "ikke-et-nummer", "\ud800"],
}


@pytest.mark.parametrize("name", BAD)
def test_documentation_comes_back(browse: Browser, tab: str, owner: Engine, name: str) -> None:
    good = {"documentation": "politiets_liste", "received_on": "2026-03-03", "received_time": "10.00", **TYPED}

    for value in BAD[name]:
        answer = send(browse, f"{tab}/ny", good | {name: value})

        assert answer.errors, value
        for kept in set(TYPED) - {name}:
            assert TYPED[kept] in answer.html
    assert count(owner, Netvaerkssamraad) == 0


def test_empty_documentation_names_every_field(browse: Browser, tab: str) -> None:
    answer = send(browse, f"{tab}/ny", {})

    assert answer.errors == [
        "Vælg, hvad der er modtaget.",
        "Skriv, hvilken dag dokumentationen blev modtaget.",
        "Skriv klokkeslættet.",
        "Skriv, hvem der sendte dokumentationen.",
        "Skriv, hvorfor det vurderes som alvorlig kriminalitet.",
    ]


def test_hour_that_the_clocks_jump_over_is_refused(browse: Browser, tab: str, move_to: MoveTo) -> None:
    move_to("2026-03-30 10.00")
    good = {"documentation": "politiets_liste", "received_on": "2026-03-29", **TYPED}

    assert "uret blev stillet frem" in send(browse, f"{tab}/ny", good | {"received_time": "02.30"}).errors[0]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("undtag", {"exemption": "andet", "reason": ...}),
        ("parter/ny", {"role": "netvaerk", "name": ...}),
        ("foranstaltninger", {"reason": ...}),
    ],
)
def test_unusable_text_is_refused_everywhere(
    browse: Browser, samraad_url: str, path: str, values: dict[str, Any]
) -> None:
    for text in ("", "\x00", "\ud800", "x" * 10_001):
        sent = {name: text if value is ... else value for name, value in values.items()}

        assert send(browse, f"{samraad_url}/{path}", sent).errors, text

    shown = browse.get(samraad_url)
    assert shown.texts("main//tbody/tr/th") == ["Fatima Yıldız"]
    assert "Afventer indkaldelse" in shown.main


BAD_SUMMONS: list[tuple[dict[str, Any], str]] = [
    ({"sent_on": "2026-03-02"}, "før dokumentationen blev modtaget"),
    ({"sent_on": "2026-03-04"}, "fremtiden"),
    ({"sent_time": "09.59"}, "før dokumentationen blev modtaget (03-03-2026 kl. 10.00)"),
    ({"sent_time": "10.01"}, "fremtiden"),
    ({"parties": []}, "Vælg, hvem der er indkaldt."),
    ({"parties": ["999"]}, "Vælg en af mulighederne."),
    ({"parties": ["\ud800"]}, "Vælg en af mulighederne."),
    ({"means": "due"}, "Vælg en af mulighederne."),
    ({"no_custody_holder": "\x00"}, "kan ikke gemmes"),
    ({"version": "x"}, "ikke helt frem"),
    ({"version": "99"}, "Nogen har ændret det samme imens"),
]


def test_summons_comes_back(browse: Browser, samraad_url: str) -> None:
    young = browse.get(f"{samraad_url}/indkaldelse").one("input[@name='parties']").get("value")
    good = {
        "sent_on": "2026-03-03",
        "sent_time": "10.00",
        "means": "brev",
        "parties": [young],
        "no_custody_holder": "Død",
    }

    for values, says in BAD_SUMMONS:
        assert says in " ".join(send(browse, f"{samraad_url}/indkaldelse", good | values).errors)
    assert "Afventer indkaldelse" in browse.get(samraad_url).main


def test_nothing_posted_as_json_is_read(browse: Browser, tab: str, owner: Engine) -> None:
    headers = {"X-CSRFToken": browse.csrf_token()}

    answer = browse._ask("POST", f"{tab}/ny", 422, json=TYPED, headers=headers)

    assert len(answer.errors) >= 5
    assert count(owner, Netvaerkssamraad) == 0
