"""The list for the meeting, put together, on the screen and on paper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask

from app.cases import tasks
from app.cases.review import queries
from app.cases.review.queries import Change, Doings, Said
from app.cases.summaries import Summary, summaries
from app.cases.tasks import Task
from app.core.danish import and_list, format_date
from app.documents.document import Block, Document, Facts, Paragraph, Section


@dataclass(frozen=True)
class Point:
    """A case on the list. tasks: what is to be done in it. said: at the last meeting, None before the first."""

    case: Summary
    tasks: list[Task]
    doings: Doings
    said: Said | None
    quiet: bool


def points(app: Flask, case_ids: Sequence[int], *, today: date, at: datetime) -> list[Point]:
    """The cases with all that is to be known of them, in so many statements however many they are."""
    cases = summaries(list(case_ids), today)
    if not cases:
        return []
    said = queries.last_said(list(cases))
    done = queries.doings(list(cases), said, at)
    due: dict[int, list[Task]] = defaultdict(list)
    for task in tasks.of_cases(app, list(cases), today):
        due[task.case_id].append(task)
    return [
        Point(case, due[case.id], done[case.id], said.get(case.id), done[case.id].is_quiet(at))
        for case in cases.values()
    ]


def in_words(changes: Sequence[Change]) -> str:
    """What was done, most recent first: "Skrev journalnotat (2), Valgte ansvarlig"."""
    return ", ".join(f"{change.label} ({change.times})" if change.times > 1 else change.label for change in changes)


def on_paper(listed: Sequence[Point], *, unit: str, today: date) -> Document:
    """The list as a document for the meeting, with room to write."""
    return Document(
        title="Gennemgang af sager",
        lead=[unit, f"Niveau {queries.FROM_NIVEAU} og højere, {format_date(today)}"],
        sections=[Section(f"{point.case.number} · niveau {point.case.niveau}", _blocks(point)) for point in listed],
        footer="Fortroligt. Makuleres efter mødet.",
    )


def _blocks(point: Point) -> list[Block]:
    rows = [
        ("Borger", point.case.name),
        ("Ansvarlig", point.case.owner or "Ingen endnu"),
        ("Forfalder", and_list(_due(task) for task in point.tasks)),
        ("Sidst sket noget", _last(point)),
        (f"Siden {format_date(point.doings.since.date())}", in_words(point.doings.changes) or "Intet"),
        ("Sagt sidst", f"{format_date(point.said.on_day)}: {point.said.note}" if point.said else "Ikke gennemgået før"),
    ]
    return [Facts(rows), Paragraph("Aftalt:", muted=True)]


def _due(task: Task) -> str:
    return f"{task.title} ({format_date(task.due_on)})" if task.due_on else task.title


def _last(point: Point) -> str:
    if point.doings.last_at is None:
        return "Aldrig"
    text = format_date(point.doings.last_at.date())
    return f"{text} – står stille" if point.quiet else text
