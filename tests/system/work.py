"""A day's work through the pages, with the mishaps of a day."""

from sqlalchemy import text

from tests.browser import Browser
from tests.system.installation import Installation

CITIZEN = "Kristjana Zøllner Quist"
CPR = "710511-5123"
CONCERN = "Kommer hjem med mobiltelefoner, som hun ikke kan forklare."
SERIOUS = "Tvang en yngre elev til at hæve penge ved automaten."
TYPED_IN_VAIN = "Bor for tiden hos sin farbror Hjalmar i Kastanjealleen."
GUARDIAN = "Rosalinde Quist"


def work_a_day(installation: Installation) -> str:
    """Open a case, start its clock, remind by mail, look around, and meet errors; return the case's address."""
    browser = installation.browser()
    _sign_in(browser, installation)
    _mistake(browser)
    case = _open_case(browser)
    _register_documentation(browser, case)
    installation.run("plan-reminders")
    installation.run("deliver-mail")
    for words in (CITIZEN.split(maxsplit=1)[0], CPR, "Zøllner"):
        assert CITIZEN in browser.submit(browser.get("/sager"), {"words": words}, form="Søg").main
    for tab in ("", "/netvaerkssamraad", "/frister", "/historik"):
        browser.get(case + tab)
    _ask_for_what_is_taken(browser)
    _fail(browser, installation)
    return case


def _sign_in(browser: Browser, installation: Installation) -> None:
    page = browser.get("/log-ind", {"videre": "/sager"})
    who = {"email": "koordinator@demo.example"}
    page = browser.submit(page, who | {"password": "forkert horse battery"}, status=422)
    browser.submit(page, who | {"password": installation.password})


def _new_case() -> dict[str, object]:
    return {
        "cpr": CPR,
        "name": CITIZEN,
        "address_protection": "ukendt",
        "niveau": 2,
        "referrer": "politi",
        "concern": CONCERN,
        "suitable": "Familien ønsker hjælp.",
    }


def _mistake(browser: Browser) -> None:
    browser.submit(browser.get("/sager/ny"), _new_case() | {"cpr": "", "concern": TYPED_IN_VAIN}, status=422)


def _open_case(browser: Browser) -> str:
    page = browser.submit(browser.get("/sager/ny"), _new_case())
    assert CITIZEN in page.main
    return page.url


def _register_documentation(browser: Browser, case: str) -> None:
    values = {"received_from": "Østjyllands Politi, vagthavende", "why_serious": SERIOUS}
    page = browser.submit(browser.get(f"{case}/netvaerkssamraad/ny"), values)
    party = {"name": GUARDIAN, "contact": "Kastanjealleen 14, 2. th."}
    browser.submit(browser.get(page.links["Tilføj part"]), party)


def _ask_for_what_is_taken(browser: Browser) -> None:
    page = browser.submit(browser.get("/sager/ny"), _new_case(), status=422)
    assert CITIZEN in page.main


def _fail(browser: Browser, installation: Installation) -> None:
    """The database refuses a row and says so, with the row, to the application and in its own log."""
    page = browser.get("/sager/ny")
    with installation.owner.begin() as connection:
        connection.execute(text("ALTER TABLE citizens ADD CONSTRAINT refused CHECK (id < 0) NOT VALID"))
    browser.submit(page, _new_case() | {"cpr": "710511-5124", "not_a_double": True}, status=500)
    with installation.owner.begin() as connection:
        connection.execute(text("ALTER TABLE citizens DROP CONSTRAINT refused"))
