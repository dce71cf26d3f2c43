"""What the timeline of a case tells of its netværkssamråd."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

from flask import Flask, url_for

from app.audit.models import Event
from app.cases import timeline
from app.cases.models import Case
from app.cases.timeline import Entry, Source
from app.core import clock
from app.netvaerkssamraad.models import SUBJECT, Netvaerkssamraad
from app.netvaerkssamraad.queries import Taken, steps_taken

NOON = time(12)
_STEPS: Final = (
    Event.DOCUMENTATION_REGISTERED,
    Event.SUMMONS_SENT,
    Event.SAMRAAD_HELD,
    Event.SAMRAAD_NOT_HELD,
    Event.SAMRAAD_EXEMPTED,
    Event.SAMRAAD_CANCELLED,
    Event.MEASURES_CHANGED,
    Event.SUMMONS_UNDONE,
    Event.SAMRAAD_UNDONE,
    Event.EXEMPTION_UNDONE,
)
_BY_VALUE: Final = {event.value: event for event in _STEPS}
_UNDOING: Final = frozenset({Event.SUMMONS_UNDONE, Event.SAMRAAD_UNDONE, Event.EXEMPTION_UNDONE})


def register(app: Flask) -> None:
    """Have the timeline of a case tell of its netværkssamråd."""
    timeline.register(app, Source(SUBJECT, "Netværkssamråd", entries, 50))


def entries(case: Case) -> Iterable[Entry]:
    """The steps of the case's netværkssamråd, each at the moment that it is about."""
    return [_entry(taken) for taken in steps_taken(case.id, _STEPS)]


def _entry(taken: Taken) -> Entry:
    samraad = taken.samraad
    url = url_for("netvaerkssamraad.show", case_id=samraad.case_id, samraad_id=samraad.id)
    if taken.event is None or taken.event == Event.DOCUMENTATION_REGISTERED:
        title = f"Dokumentation fra politiet: {samraad.documentation_label}"
        text = f"Modtaget fra {samraad.received_from}\n{samraad.why_serious}"
        return Entry(samraad.received_at, SUBJECT, title, text, taken.who, url)
    event = _BY_VALUE[taken.event]
    at, text = _moment(samraad, event, taken.at), _text(samraad, event)
    return Entry(at, SUBJECT, _title(samraad, event), text, taken.who, url)


def _title(samraad: Netvaerkssamraad, event: Event) -> str:
    match event:
        case Event.SUMMONS_SENT:
            means = f" ({samraad.means.label})" if samraad.means else ""
            return f"Indkaldt til netværkssamråd{means}"
        case Event.SAMRAAD_HELD:
            return "Netværkssamråd holdt"
        case Event.SAMRAAD_NOT_HELD:
            return "Netværkssamrådet blev ikke holdt"
        case _:
            return event.label


def _moment(samraad: Netvaerkssamraad, event: Event, registered_at: datetime) -> datetime:
    """When it happened; when it was registered, where it was undone later and no longer stands there."""
    match event:
        case Event.SUMMONS_SENT if samraad.summoned_at is not None:
            return samraad.summoned_at
        case Event.SAMRAAD_HELD if samraad.held_on is not None:
            return clock.from_local(samraad.held_on, NOON)
        case _:
            return registered_at


def _text(samraad: Netvaerkssamraad, event: Event) -> str:
    match event:
        case Event.SUMMONS_SENT:
            return samraad.no_custody_holder or ""
        case Event.SAMRAAD_HELD:
            return ""
        case _ if event in _UNDOING:
            return samraad.undone or ""
        case _:
            return samraad.reason or ""
