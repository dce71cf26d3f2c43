"""What is to be done in a case, derived from what is due: no task is typed twice, registered at start-up."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask import Flask

from app.cases.summaries import Clock


@dataclass(frozen=True)
class Task:
    """One thing that is to be done. due_on: None where there is no day."""

    case_id: int
    title: str
    due_on: date | None
    url: str

    @property
    def clock(self) -> Clock | None:
        """What is left of the time, if there is a day."""
        return None if self.due_on is None else Clock(self.due_on)


Source = Callable[[Collection[int], date], Iterable[Task]]
"""Given ids of cases in sight and today: what is to be done in them, read in one statement."""


@dataclass(frozen=True)
class _Registered:
    source: Source
    for_mentors: bool


def register(app: Flask, source: Source, *, for_mentors: bool = False) -> None:
    """Add a source of tasks.

    for_mentors: whether a mentor can do them as well; to other tasks he is not led, for he would be turned away.
    """
    _registry(app).append(_Registered(source, for_mentors))


def of_cases(
    app: Flask, case_ids: Collection[int], today: date, *, mentor: bool = False, apart_from: Collection[Source] = ()
) -> list[Task]:
    """What is to be done in the cases, what is due first on top.

    mentor: only what a mentor can do. apart_from: sources that are left out, because what they tell is shown beside.
    """
    if not case_ids:
        return []
    sources = [
        each.source for each in _registry(app) if each.source not in apart_from and (each.for_mentors or not mentor)
    ]
    tasks = [task for source in sources for task in source(case_ids, today)]
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or today, task.case_id, task.title))


def _registry(app: Flask) -> list[_Registered]:
    sources: list[_Registered] = app.extensions.setdefault("enkeltsag_case_tasks", [])
    return sources
