"""What somebody still answers for. Packages above know; they register a count here at start-up."""

from collections.abc import Callable

from flask import Flask, current_app

# Takes owner_id or unit_id, the other None; returns how many open cases that is.
Count = Callable[[int | None, int | None], int]
_KEY = "enkeltsag_open_work"


def register(app: Flask, count: Count) -> None:
    """Have open cases counted by this function when somebody, or a unit, is to be closed."""
    app.extensions[_KEY] = count


def of_user(user_id: int) -> int:
    """How many open cases the user answers for."""
    return _count()(user_id, None)


def of_unit(unit_id: int) -> int:
    """How many open cases the unit has."""
    return _count()(None, unit_id)


def _count() -> Count:
    count: Count = current_app.extensions[_KEY]
    return count
