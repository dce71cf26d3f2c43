"""Take the user guide's pictures: `python -m tests.system.guide_pictures`, while `make run` runs with the demo unit.

They are taken anew when the pages change, so that the guide shows what is there.
"""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from config import ROOT, LocalSettings
from local.environment import Installation
from tests.system.chromium import chromium

FOLDER = ROOT / "docs" / "billeder"
WIDE, TALL, NARROW = (1100, 760), (1100, 1400), (390, 760)
FRONT = "/"

# The first case or group of a list.
FIRST = {"gennemgang": "main h2 a, main h3 a", "grupper": "main th a"}

# Name of the picture, who signs in, the address, the size of the window. None: a link on the list of deadlines. Without
# a slash in front: a tab of the case that comes first on the list of deadlines, or on the list before the colon; "with"
# is the first case of all whose tab has something to show.
PICTURES: tuple[tuple[str, str, str | None, tuple[int, int]], ...] = (
    ("min-dag", "koordinator", FRONT, WIDE),
    ("opret-sag", "koordinator", "/sager/ny", WIDE),
    ("sager", "koordinator", "/sager?sorter=frist", WIDE),
    ("netvaerkssamraad", "leder", None, WIDE),
    ("frister", "leder", "frister", WIDE),
    ("historik", "leder", "historik", WIDE),
    ("henvendelser", "koordinator", "/henvendelser", WIDE),
    ("borger", "koordinator", "gennemgang:borgere", WIDE),
    ("risikovurdering", "koordinator", "gennemgang:risikovurdering", WIDE),
    ("handleplan", "koordinator", "gennemgang:handleplan", WIDE),
    ("haendelser", "koordinator", "gennemgang:haendelser", WIDE),
    ("netvaerk", "koordinator", "with:netvaerk", TALL),
    ("gruppe", "koordinator", "grupper:", TALL),
    ("journal", "koordinator", "gennemgang:journal", WIDE),
    ("gennemgang", "koordinator", "/gennemgang", WIDE),
    ("hent-ind", "koordinator", "/sager/hent-ind", WIDE),
    ("min-dag-leder", "leder", FRONT, WIDE),
    ("min-dag-telefon", "mentor", FRONT, NARROW),
    ("statistik", "analytiker", "/statistik?period=2017H2", WIDE),
    ("brugere", "administrator", "/administration/brugere", WIDE),
    ("rettigheder", "revisor", "/administration/rettigheder", WIDE),
)


def main() -> None:
    """Take them all."""
    local = LocalSettings.from_env()
    installation = Installation.at(local.var_dir, local.port)
    password = _password(installation.var_dir)
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        for name, who, address, size in PICTURES:
            page = _signed_in(browser, installation.base_url, f"{who}@demo.example", password, size)
            _go(page, installation.base_url, address)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.context.close()


def _password(var_dir: Path) -> str:
    first_line = (var_dir / "demo-logins.txt").read_text(encoding="utf-8").splitlines()[0]
    return first_line.rpartition(" ")[2]


def _signed_in(browser: Browser, base_url: str, email: str, password: str, size: tuple[int, int]) -> Page:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="da-DK").new_page()
    page.goto(f"{base_url}/log-ind")
    page.get_by_label("Mailadresse").fill(email)
    page.get_by_label("Adgangskode").fill(password)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_url(f"{base_url}/")
    return page


def _go(page: Page, base_url: str, address: str | None) -> None:
    """Go to an address, or to the most pressing netværkssamråd, or to a tab of the case that a list shows first."""
    if address is not None and address.startswith("/"):
        page.goto(base_url + address)
        return
    chosen, _, tab = (address or "").rpartition(":")
    if chosen == "with":
        _go_where_there_is_something(page, base_url, tab)
        return
    page.goto(f"{base_url}/{chosen or 'frister'}")
    page.locator(FIRST.get(chosen, "main table a[href*='netvaerkssamraad']")).first.click()
    if tab == "borgere":
        page.locator("main a[href*='/borgere/']").first.click()
    elif tab:
        case = re.match(r".*/sager/\d+", page.url)
        page.goto(f"{case[0] if case else base_url}/{tab}")


def _go_where_there_is_something(page: Page, base_url: str, tab: str) -> None:
    """Go to the tab of the first case of the list whose tab has a picture."""
    page.goto(f"{base_url}/sager")
    cases: list[str] = page.locator("main th a").evaluate_all("links => links.map(link => link.href)")
    for case in cases:
        page.goto(f"{case}/{tab}")
        if page.locator("main svg[role=img]").count():
            return


if __name__ == "__main__":
    main()
