"""Instants as the tests write them."""

from datetime import date, datetime, time

from app.core import clock


def at(text: str) -> datetime:
    """The instant at which the wall clock in Denmark shows "2026-03-03 10.00"; a date alone means noon."""
    day, _, hour = text.partition(" ")
    return clock.from_local(date.fromisoformat(day), time.fromisoformat(hour.replace(".", ":") or "12:00"))
