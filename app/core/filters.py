"""The Jinja filters: dates, numbers and lists as Danes write them. Nothing is shown for None."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from flask import Flask

from app.core import clock, danish


def register_filters(app: Flask) -> None:
    """Give the templates their filters."""
    app.add_template_filter(dato)
    app.add_template_filter(tidspunkt)
    app.add_template_filter(klokkeslaet)
    app.add_template_filter(lang_dato)
    app.add_template_filter(ugedag)
    app.add_template_filter(uge)
    app.add_template_filter(antal)
    app.add_template_filter(flertal)
    app.add_template_filter(opremsning)


def dato(value: date | datetime | None) -> str:
    """20-11-2026; of an instant, its date in Denmark."""
    return _written(value, danish.format_date)


def tidspunkt(value: datetime | None) -> str:
    """20-11-2026 kl. 09.35, in local time."""
    return "" if value is None else danish.format_instant(value)


def klokkeslaet(value: datetime | None) -> str:
    """09.35, in local time."""
    return "" if value is None else danish.format_time(value)


def lang_dato(value: date | datetime | None) -> str:
    """Fredag 20. november 2026 (uge 47), in small letters."""
    return _written(value, danish.format_long)


def ugedag(value: date | datetime | None) -> str:
    """Fredag, in small letters."""
    return _written(value, danish.weekday)


def uge(value: date | datetime | None) -> str:
    """Uge 47, in small letters."""
    return _written(value, lambda day: f"uge {danish.week_number(day)}")


def antal(value: int | None) -> str:
    """10.000."""
    return "" if value is None else danish.number(value)


def flertal(value: int | None, one: str, many: str) -> str:
    """3 dage: the number with the form that fits it."""
    return "" if value is None else danish.plural(value, one, many)


def opremsning(value: Iterable[str] | None) -> str:
    """Ali, Bente og Åse."""
    return "" if value is None else danish.and_list(value)


def _written(value: date | datetime | None, write: Callable[[date], str]) -> str:
    if value is None:
        return ""
    return write(clock.local_date(value) if isinstance(value, datetime) else value)
