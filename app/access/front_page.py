"""Min dag: each package registers a card, and the layout's menu items and banners, at start-up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from app.access.policy import Permission, Reader


@dataclass(frozen=True)
class Card:
    """A card of Min dag: shown to those who hold the permission, when render gives markup."""

    permission: Permission
    render: Callable[[Reader, datetime], str]
    order: int


@dataclass(frozen=True)
class MenuItem:
    """An item of the main menu, shown to those who hold one of the permissions.

    text: what is found there, for a front page that has no cards to show.
    """

    label: str
    endpoint: str
    permissions: tuple[Permission, ...]
    order: int
    text: str = ""


@dataclass(frozen=True)
class Banner:
    """A line across the top of every page."""

    kind: str
    text: str
    url: str | None = None
    url_text: str | None = None


BannerSource = Callable[[Reader, datetime], list[Banner]]


@dataclass
class FrontPage:
    """What the packages have registered."""

    cards: list[Card]
    menu: list[MenuItem]
    banners: list[BannerSource]


def of(app: Flask) -> FrontPage:
    """The registry of this application."""
    registry: FrontPage = app.extensions.setdefault("enkeltsag_front_page", FrontPage([], [], []))
    return registry
