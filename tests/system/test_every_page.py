"""Every page that a role finds from its menu: usable by everybody, and no wider than a small phone."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from app.access.models import Role
from config import ROOT
from tests.system.chromium import Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import SignIn

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "var" / "screenshots"
FILES = re.compile(r"\.(csv|json|xlsx)$")
AT_LEAST = {
    Role.MENTOR: 7,
    Role.KOORDINATOR: 20,
    Role.LEDER: 20,
    Role.ANALYTIKER: 3,
    Role.ADMINISTRATOR: 15,
    Role.REVISOR: 3,
}
WINDOWS = {"desk": (1280, 900), "phone": (390, 844)}
NARROWEST = (360, 740)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_role(demo_unit: Installation, visit: Visit, role: Role) -> None:
    visitor = visit()
    SignIn(visitor).given_signed_in(role.value, demo_unit.password)
    folder = SCREENSHOTS / role.value
    folder.mkdir(parents=True, exist_ok=True)

    seen: dict[str, str] = {}
    found = {"/": "/"} | links(visitor)
    while new := {kind: path for kind, path in found.items() if kind not in seen}:
        kind, path = next(iter(new.items()))
        seen[kind] = path
        visitor.goes_to(path)
        look(visitor, folder / (kind.strip("/").replace("/", "_") or "min-dag"))
        found = links(visitor) | found

    assert len(seen) >= AT_LEAST[role], seen


def links(visitor: Visitor) -> dict[str, str]:
    """Where the links of the page lead, one of each kind: of all cases the first is as good as any."""
    hrefs: list[str] = visitor.page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    paths = [urlsplit(urljoin(visitor.page.url, href)).path for href in hrefs]
    return {re.sub(r"\d+", "n", path): path for path in reversed(paths) if not FILES.search(path)}


def look(visitor: Visitor, shot: Path) -> None:
    """Take pictures at the desk and on the phone, and see that nothing sticks out."""
    for name, window in reversed(WINDOWS.items()):
        visitor.resizes(*window)
        visitor.page.screenshot(path=f"{shot}.{name}.png", full_page=True, animations="disabled")
        assert not visitor.overflow(), f"{visitor.path} is wider than a window of {window}"
    visitor.resizes(*NARROWEST)
    assert not visitor.overflow(), f"{visitor.path} is wider than a window of {NARROWEST}"
    visitor.resizes(*WINDOWS["desk"])
