"""Every page that a role finds from its menu: usable by everybody, and no wider than a small phone."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from app.access.models import Role
from app.core.crypto import Keyring
from tests.system.chromium import Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import SignIn
from tests.system.pictures import take_pictures

pytestmark = pytest.mark.browser

FILES = re.compile(r"\.(csv|json|pdf|xlsx)$")
AT_LEAST = {
    Role.MENTOR: 7,
    Role.KOORDINATOR: 20,
    Role.LEDER: 20,
    Role.ANALYTIKER: 3,
    Role.ADMINISTRATOR: 15,
    Role.REVISOR: 3,
}


@pytest.fixture(autouse=True)
def scheduler_has_run(demo_unit: Installation, keyring: Keyring) -> None:
    for job in ("plan-reminders", "deliver-mail"):
        demo_unit.run(job)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_role(demo_unit: Installation, visit: Visit, role: Role) -> None:
    visitor = visit()
    SignIn(visitor).given_signed_in(role.value, demo_unit.password)

    seen: dict[str, str] = {}
    found = {"/": "/"} | links(visitor)
    while new := {kind: path for kind, path in found.items() if kind not in seen}:
        kind, path = next(iter(new.items()))
        seen[kind] = path
        visitor.goes_to(path)
        take_pictures(visitor, role.value)
        found = links(visitor) | found

    assert len(seen) >= AT_LEAST[role], seen


def links(visitor: Visitor) -> dict[str, str]:
    """Where the links of the page lead, one of each kind: of all cases the first is as good as any."""
    hrefs: list[str] = visitor.page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    urls = [urlsplit(urljoin(visitor.page.url, href)) for href in hrefs]
    # A phone number is a link too, and leads to no page.
    paths = [url.path for url in urls if url.scheme == "http"]
    return {re.sub(r"\d+", "n", path): path for path in reversed(paths) if not FILES.search(path)}
