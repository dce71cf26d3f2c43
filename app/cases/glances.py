"""What a glance at a case tells: each package gives one line, and all of them are read in one statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, ScalarSelect, literal, select

from app.extensions import db


@dataclass(frozen=True)
class Shown:
    """The line as it is shown. kind: of the status badge, or None for plain text."""

    text: str
    kind: str | None = None


@dataclass(frozen=True)
class Glance:
    """One line.

    column: given the column with the case's id, a scalar subselect of what is to be known; several values travel as
    jsonb. words: given its value and today, the line; None leaves it out. endpoint: the page that tells more, taking
    case_id alone. on_list: whether lists of cases show it as well.
    """

    key: str
    label: str
    column: Callable[[ColumnElement[int]], ScalarSelect[Any]]
    words: Callable[[Any, date], Shown | None]
    endpoint: str
    order: int
    on_list: bool = False


def register(app: Flask, glance: Glance) -> None:
    """Add a line.

    Raises ValueError when the key is taken.
    """
    glances = _registry(app)
    if any(other.key == glance.key for other in glances):
        raise ValueError(f"there is a glance {glance.key} already")
    glances.append(glance)
    glances.sort(key=lambda each: each.order)


def of(app: Flask, *, on_list: bool = False) -> tuple[Glance, ...]:
    """The lines of this application in their order; on_list: only those that lists show."""
    return tuple(glance for glance in _registry(app) if glance.on_list or not on_list)


def of_case(app: Flask, case_id: int, today: date) -> list[tuple[Glance, Shown]]:
    """What is to be shown on the page of a case, read in one statement."""
    glances = of(app)
    if not glances:
        return []
    values = db.session.execute(select(*(glance.column(literal(case_id)) for glance in glances))).one()
    words = [(glance, glance.words(value, today)) for glance, value in zip(glances, values, strict=True)]
    return [(glance, shown) for glance, shown in words if shown is not None]


def _registry(app: Flask) -> list[Glance]:
    glances: list[Glance] = app.extensions.setdefault("enkeltsag_case_glances", [])
    return glances
