"""What is asked once more just before a mail is sent: whether what it tells still holds."""

from collections.abc import Callable

from flask import Flask

Recheck = Callable[[int], str | None]
"""Takes the id of what the mail is about; gives the reason, in Danish, why it must not be sent any more."""


def register(app: Flask, kind: str, recheck: Recheck) -> None:
    """Ask this about every mail about things of the kind."""
    _of(app)[kind] = recheck


def why_withdrawn(app: Flask, kind: str | None, about_id: int | None) -> str | None:
    """Why the mail must not be sent any more; None when it still holds."""
    recheck = _of(app).get(kind or "")
    return None if recheck is None or about_id is None else recheck(about_id)


def _of(app: Flask) -> dict[str, Recheck]:
    registry: dict[str, Recheck] = app.extensions.setdefault("enkeltsag_rechecks", {})
    return registry
