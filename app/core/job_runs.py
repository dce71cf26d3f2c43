"""The jobs there are, when which of them ran, and how it went: the scheduler's only trace of itself."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Identity, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base


class JobError(Exception):
    """A job could not do its work. text: why, in Danish, with nothing personal in it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Job:
    """A job: what it is called, when it runs, and what runs.

    title: what it does, in Danish. cron: the fields of a cron line, in UTC, where no hour is skipped or comes twice.
    stale_after: how long ago its newest good run may be; None when it may take its time.
    function: a generator; each yield is a commit, and says how many things were done since the last.
    """

    name: str
    title: str
    every: str
    cron: Mapping[str, str]
    stale_after: timedelta | None
    function: Callable[..., Generator[int, None, None]]


class JobRun(Base):
    """One run of a job. The newest finished runs tell whether the scheduler lives."""

    __tablename__ = "job_runs"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index("ix_job_runs_job_started_at", "job", desc("started_at")),)
