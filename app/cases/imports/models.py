"""Imports of cases: a checked file, kept encrypted until its rows are cases or forgotten."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.labelled import Labelled
from app.core.model import Base, EncryptedText

KEPT: Final = timedelta(days=14)
"""How long a file is kept, or what is left of it."""


class ImportState(Labelled):
    """Where an import stands."""

    CHECKED = "tjekket", "Tjekket, ikke hentet ind"
    RUNNING = "i_gang", "I gang"
    DONE = "hentet", "Hentet ind"


class ImportMode(Labelled):
    """What to do about rows that cannot be imported."""

    ALL = "alle", "Alle rækker eller ingen"
    GOOD = "gode", "Kun de rækker, der er i orden"


class ImportJob(Base):
    """One file. Only whoever uploaded it sees it.

    rows_known: rows about citizens who are known already. rows_done: how far the run has come. seen_at: when it was
    last known to be running.
    """

    __tablename__ = "import_jobs"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    file_name: Mapped[str] = mapped_column(EncryptedText("import_jobs.file_name"))
    notices: Mapped[str | None] = mapped_column(EncryptedText("import_jobs.notices"))
    state: Mapped[ImportState]
    mode: Mapped[ImportMode | None]
    rows_total: Mapped[int]
    rows_bad: Mapped[int]
    rows_known: Mapped[int]
    rows_done: Mapped[int]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(state = 'hentet') = (finished_at IS NOT NULL)", name="done_has_instant"),
        CheckConstraint("rows_bad BETWEEN 0 AND rows_total", name="bad_of_total"),
        CheckConstraint("rows_known BETWEEN 0 AND rows_total", name="known_of_total"),
        CheckConstraint("rows_done BETWEEN 0 AND rows_total", name="done_of_total"),
    )

    @property
    def rows_good(self) -> int:
        """How many rows can be imported, or were."""
        return self.rows_total - self.rows_bad

    @property
    def notes(self) -> list[str]:
        """What is worth knowing about the file as a whole."""
        return (self.notices or "").splitlines()


class ImportRow(Base):
    """A row that is not a case yet. content: its cells as JSON. problem: why it cannot become one, a line each."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"))
    line: Mapped[int]
    content: Mapped[str] = mapped_column(EncryptedText("import_rows.content"))
    problem: Mapped[str | None] = mapped_column(EncryptedText("import_rows.problem"))

    __table_args__ = (UniqueConstraint("job_id", "line"),)
