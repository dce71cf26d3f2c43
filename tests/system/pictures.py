"""Pictures of pages for people to look at, and the check that nothing on them sticks out."""

import re
from typing import Final

from config import ROOT
from tests.system.chromium import Visitor

FOLDER: Final = ROOT / "var" / "screenshots"
WINDOWS: Final = {"desk": (1280, 900), "phone": (390, 844)}
NARROWEST: Final = (360, 740)


def take_pictures(visitor: Visitor, folder: str) -> None:
    """Take one at the desk and one on the phone; AssertionError when the page is wider than the window."""
    name = re.sub(r"\d+", "n", visitor.path).strip("/").replace("/", "_") or "min-dag"
    shot = FOLDER / folder / name
    shot.parent.mkdir(parents=True, exist_ok=True)
    for kind, window in reversed(WINDOWS.items()):
        visitor.resizes(*window)
        visitor.page.screenshot(path=f"{shot}.{kind}.png", full_page=True, animations="disabled")
        assert not visitor.overflow(), f"{visitor.path} is wider than a window of {window}"
    visitor.resizes(*NARROWEST)
    assert not visitor.overflow(), f"{visitor.path} is wider than a window of {NARROWEST}"
    visitor.resizes(*WINDOWS["desk"])
