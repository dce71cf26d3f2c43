"""The record of a case, as people read it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, String, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.access.models import User
from app.audit.models import Event
from app.cases import filing
from app.cases.models import AccessKind
from app.core.danish import and_list, format_date
from app.deadlines import steps
from app.deadlines.models import NotSent
from app.extensions import db

READINGS: Final = frozenset(event.value for event in Event if event.is_reading)
DOINGS: Final = frozenset(event.value for event in Event if not event.is_reading)
LISTED: Final = frozenset(
    {
        Event.CASES_LISTED.value,
        Event.CASES_SEARCHED.value,
        Event.CITIZEN_READ.value,
        Event.CITIZENS_SEARCHED.value,
        Event.CITIZENS_COMPARED.value,
    }
)

_REMINDERS: Final = frozenset({Event.REMINDER_PLANNED.value, Event.REMINDER_NOT_SENT.value})
_LABELS: Final = {event.value: event.label for event in Event}
_BASES: Final = {"unit": "som medarbejder i enheden"} | {
    kind.value: f"som {kind.label.lower()}" for kind in AccessKind if kind is not AccessKind.BARRED
}
_FIELDS: Final = {
    "name": "navn",
    "sex": "køn",
    "bydel_id": "bydel",
    "school_id": "skole",
    "address_protection": "navne- og adressebeskyttelse",
    "birth_date": "fødselsdato",
    "referrer": "hvem der henvendte sig",
    "concern": "bekymring",
    "contact": "hvem der kan kontaktes",
    "themes": "temaer",
    "legal_basis": "retligt grundlag",
    "consent": "samtykke",
    "consent_on": "hvornår der blev svaret på samtykke",
    "act_on": "gerningsdag",
    "happened_on": "dato",
    "known_on": "hvornår det blev kendt",
    "until_day": "foreløbig slutdag",
    "source": "kilde",
    "offence_group": "hvad det handler om",
    "against_person": "personfarlig",
    "about_incident_id": "hvad det følger af",
    "note": "bemærkning",
}
_LISTS: Final = {
    "sager": "listen over sager",
    "frister": "listen over frister",
    "min-dag": "Min dag",
    "henvendelser": "listen over henvendelser",
    "overdragelse": "overdragelse af sager",
    "gennemgang": "listen til gennemgang",
}
_SEARCHES: Final = {"navn": "søgning på navn", "cpr": "søgning på CPR-nummer", "sagsnummer": "søgning på sagsnummer"}


@dataclass(frozen=True)
class Line:
    """One line of the record: who did or saw what, and when."""

    at: datetime
    who: str
    what: str
    more: str
    is_reading: bool


@dataclass(frozen=True)
class LastChange:
    """Who last did something of a kind, and when."""

    at: datetime
    who: str


def register_codes(app: Flask, detail: str, labels: Mapping[str, str]) -> None:
    """Have a detail of events shown, with the words for its codes: this package does not know those of upper ones."""
    _codes(app)[detail] = {code: label.lower() for code, label in labels.items()}


def _codes(app: Flask) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = app.extensions.setdefault("enkeltsag_history_codes", {})
    return codes


def lines(case_id: int, *, events: Collection[str] | None, tabs: dict[str, str], offset: int, limit: int) -> list[Line]:
    """Lines of the record, newest first.

    events: only these; None is all. tabs: labels of the tabs by key.
    """
    rows = _rows(case_id, events, offset=offset, limit=limit)
    names = _names(rows)
    return [
        Line(
            at=row.at,
            who=names.get(row.user_id, row.system or "Ukendt"),
            what=_LABELS.get(row.event, row.event),
            more=_more(row, names, tabs),
            is_reading=row.event in READINGS,
        )
        for row in rows
    ]


def last_change(case_id: int, *events: Event) -> LastChange | None:
    """Who last did one of these things to the case, and when."""
    rows = _rows(case_id, {event.value for event in events}, offset=0, limit=1)
    names = _names(rows)
    return next((LastChange(row.at, names.get(row.user_id, row.system or "Ukendt")) for row in rows), None)


def _rows(case_id: int, events: Collection[str] | None, *, offset: int, limit: int) -> list[Any]:
    """The events as the owner's side gives them; nothing when the case is out of sight."""
    chosen = literal(None, ARRAY(Text)) if events is None else cast(sorted(events), ARRAY(Text))
    listed = events is None or not LISTED.isdisjoint(events)
    row = func.ek_case_events(case_id, chosen, listed, offset, limit).table_valued(
        column("id", BigInteger),
        column("at", DateTime(timezone=True)),
        column("event", String),
        column("user_id", Integer),
        column("system", String),
        column("basis", String),
        column("details", JSONB),
    )
    return list(db.session.execute(select(row).order_by(row.c.at.desc(), row.c.id.desc())))


def _names(rows: Iterable[Any]) -> dict[int | None, str]:
    """Names of everybody in the rows, those who acted and those acted upon, in one query."""
    ids = {row.user_id for row in rows}
    for row in rows:
        if row.event in _REMINDERS:
            ids.add(row.details.get("to"))
        ids |= {row.details.get("user"), row.details.get("owner"), *(row.details.get("members") or ())}
    if not ids - {None}:
        return {}
    return {user.id: user.name for user in db.session.scalars(select(User).where(User.id.in_(ids - {None})))}


def _more(row: Any, names: dict[int | None, str], tabs: dict[str, str]) -> str:
    """What else the event tells."""
    details = row.details
    parts = [
        _of_tab(details, tabs),
        _LISTS.get(details.get("list", ""), ""),
        _SEARCHES.get(details.get("search", ""), ""),
        _of_fields(details),
        _of_people(details, names),
        _of_days(details),
        _of_niveau(details),
        _of_reminder(details, names) if row.event in _REMINDERS else "",
        _of_parts(details),
        *(words.get(details.get(detail, ""), "") for detail, words in _codes(current_app).items()),
        _BASES.get(row.basis or "", ""),
    ]
    return ", ".join(part for part in parts if part)


def _of_tab(details: dict[str, Any], tabs: dict[str, str]) -> str:
    label = tabs.get(details.get("tab", ""))
    return f"fanen {label}" if label else ""


def _of_fields(details: dict[str, Any]) -> str:
    return and_list(_FIELDS.get(field, field) for field in details.get("fields", ()))


def _of_parts(details: dict[str, Any]) -> str:
    """Which parts of the case were put on paper."""
    labels = {part.key: part.label.lower() for part in filing.of(current_app)}
    return and_list(labels.get(key, key) for key in details.get("parts", ()))


def _of_people(details: dict[str, Any], names: dict[int | None, str]) -> str:
    """Who was given access, or made to answer for the case."""
    if "user" in details:
        kind = details.get("kind")
        label = AccessKind(kind).label.lower() if kind in set(AccessKind) else ""
        return f"{names.get(details['user'], 'Ukendt')} ({label})" if label else names.get(details["user"], "Ukendt")
    if "owner" in details:
        owner = names.get(details["owner"]) if details["owner"] is not None else None
        named = and_list(names.get(member, "Ukendt") for member in details.get("members") or ())
        return ", ".join(filter(None, [f"ansvarlig: {owner or 'ingen'}", named and f"navngivne: {named}"]))
    return ""


def _of_reminder(details: dict[str, Any], names: dict[int | None, str]) -> str:
    """To whom, at which step, and why it was not sent."""
    told = names.get(details["to"], "Ukendt") if details.get("to") is not None else ""
    step, code = details.get("step"), details.get("why")
    why = NotSent(code).label if code in set(NotSent) else ""
    return ", ".join(filter(None, [told, steps.label(step).lower() if step is not None else "", why]))


def _of_niveau(details: dict[str, Any]) -> str:
    """On which niveau it was accepted, or from which to which it moved."""
    if "niveau" not in details:
        return ""
    before = f"fra niveau {details['from_niveau']} til " if "from_niveau" in details else ""
    return f"{before}niveau {details['niveau']}"


def _of_days(details: dict[str, Any]) -> str:
    """From which day to which, or the last day of a deadline."""
    begin, end, due = (_day(details.get(key)) for key in ("from", "to", "due_on"))
    if due:
        return f"sidste dag {due}"
    if not begin:
        return ""
    return f"fra {begin} til {end}" if end else f"fra {begin}"


def _day(text: Any) -> str:
    return format_date(date.fromisoformat(text)) if isinstance(text, str) else ""
