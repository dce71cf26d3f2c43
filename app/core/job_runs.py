"""When which job ran, and how it went: the scheduler's only trace of itself."""

from datetime import datetime

from sqlalchemy import Identity, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base


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
