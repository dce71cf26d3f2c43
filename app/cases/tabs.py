"""The tabs of a case: each package serves its own and registers it at start-up."""

from dataclasses import dataclass

from flask import Flask

from app.access.policy import Permission


@dataclass(frozen=True)
class Tab:
    """A tab of the case page, shown to those who hold the permission for the case.

    key: what the record of readings calls it. endpoint: takes `case_id` and nothing else.
    """

    key: str
    label: str
    endpoint: str
    permission: Permission
    order: int


def register(app: Flask, tab: Tab) -> None:
    """Add a tab to the case page.

    Raises ValueError when the key is taken.
    """
    tabs = _registry(app)
    if any(other.key == tab.key for other in tabs):
        raise ValueError(f"there is a tab {tab.key} already")
    tabs.append(tab)
    tabs.sort(key=lambda each: each.order)


def of(app: Flask) -> tuple[Tab, ...]:
    """The tabs of this application, in their order."""
    return tuple(_registry(app))


def _registry(app: Flask) -> list[Tab]:
    tabs: list[Tab] = app.extensions.setdefault("enkeltsag_case_tabs", [])
    return tabs
