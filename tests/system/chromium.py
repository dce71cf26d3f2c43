"""A real Chromium, and somebody in front of it whose every step is watched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The machine may have no way out of itself; a browser that tries anyway loses seconds.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: Final = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
PATIENCE_MS: Final = 15_000

_AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RUN_AXE: Final = """tags => axe.run({runOnly: tags, resultTypes: ["violations"]}).then(found =>
    found.violations.map(each => each.id + ": " + each.help + " " + each.nodes.map(node => node.html).join(" ")))
"""
_REPORT_CSP: Final = """document.addEventListener("securitypolicyviolation",
    event => console.error("CSP: " + event.violatedDirective + " " + event.blockedURI))"""
_KEPT: Final = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(each => each.name), ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map(each => each.scope),
]"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "the browser journeys need Chromium: `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser of his own. Whatever he comes upon that is not as it should be goes into `problems`."""

    def __init__(self, browser: Browser, site: str, device: dict[str, Any], *, scripts: bool = True) -> None:
        self.site = site
        self.problems: list[str] = []
        self.scripts = scripts
        self._documents: list[tuple[str, int]] = []
        self._inspected = 0
        self._context = browser.new_context(locale="da-DK", base_url=site, java_script_enabled=scripts, **device)
        self._context.set_default_timeout(PATIENCE_MS)
        self._context.add_init_script(_REPORT_CSP)
        self._context.on("console", self._heard)
        self._context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self._context.on("request", self._asked)
        self._context.on("requestfailed", self._failed)
        self._context.on("response", self._answered)
        self.page: Page = self._context.new_page()

    def goes_to(self, path: str, *, status: int = 200) -> "Visitor":
        """Open an address."""
        self.page.goto(path)
        return self.arrives(status=status)

    def clicks(self, on: Locator, *, status: int = 200) -> "Visitor":
        """Click on what leads to another page."""
        with self.page.expect_navigation():
            on.click()
        return self.arrives(status=status)

    def follows(self, link: str, *, status: int = 200) -> "Visitor":
        """Click on the link of the main part with that text."""
        return self.clicks(self.page.locator("main").get_by_role("link", name=link, exact=True).first, status=status)

    def presses(self, button: str, *, status: int = 200) -> "Visitor":
        """Press the button with that text."""
        return self.clicks(self.page.get_by_role("button", name=button, exact=True), status=status)

    def arrives(self, *, status: int = 200) -> "Visitor":
        """Be on a page that answers with the status, and look whether everybody can use it."""
        self.page.wait_for_load_state()
        url, answered = self._documents[-1]
        assert answered == status, f"{url} answered {answered}, not {status}: {self.main[:400]}"
        self._inspected = len(self._documents)
        if self.scripts:
            self.problems += [f"{urlsplit(url).path} {each}" for each in self.violations()]
        return self

    def violations(self) -> list[str]:
        """What axe says against the page as it is now."""
        self.page.evaluate(_AXE)
        found: list[str] = self.page.evaluate(_RUN_AXE, list(WCAG))
        return found

    @property
    def path(self) -> str:
        """Where he is."""
        return urlsplit(self.page.url).path

    @property
    def main(self) -> str:
        """The text of the main part, as it can be seen."""
        return " ".join(self.page.locator("main").inner_text().split())

    def resizes(self, width: int, height: int) -> None:
        """Make the window smaller or larger."""
        self.page.set_viewport_size({"width": width, "height": height})

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(wider, 0)

    def leaves(self) -> None:
        """Close the browser. Raises AssertionError unless all was well, and nothing was left behind in it."""
        kept = self.page.evaluate(_KEPT) if self.scripts else []
        self._context.close()
        assert not self.problems, "\n".join(dict.fromkeys(self.problems))
        assert self._inspected == len(self._documents), f"not inspected: {self._documents[self._inspected :]}"
        assert not kept, f"left in the browser: {kept}"

    def _heard(self, message: ConsoleMessage) -> None:
        # That a page answered 404 or 422 is a matter for `arrives`.
        of_document = message.location["url"] in {url for url, _ in self._documents}
        if message.text.startswith("Failed to load resource") and of_document:
            return
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.site}/"):
            self.problems.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # What the next page cuts short has not failed.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            if not 300 <= response.status < 400:
                self._documents.append((response.url, response.status))
        elif response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
