"""Forgetting uploaded files."""

from collections.abc import Generator
from datetime import datetime

from sqlalchemy import delete

from app.cases.imports.models import KEPT, ImportJob
from app.extensions import db


def forget_imports(*, at: datetime) -> Generator[int, None, None]:
    """Delete files with the rows that are left of them, two weeks after they were sent."""
    old = delete(ImportJob).where(ImportJob.created_at < at - KEPT)
    yield db.session.execute(old, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]  # of a deletion
