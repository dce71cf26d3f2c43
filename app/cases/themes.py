"""What the concern in a case is about."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app.cases.codes import Theme
from app.cases.models import Case, CaseTheme
from app.deadlines.arithmetic import local_day
from app.extensions import db


def of_case(case_id: int) -> list[Theme]:
    """The themes that hold now, in the order of their list."""
    holding = select(CaseTheme.theme).where(CaseTheme.case_id == case_id, CaseTheme.to_day.is_(None))
    present = set(db.session.scalars(holding))
    return [theme for theme in Theme if theme in present]


def add(case: Case, themes: Collection[Theme], *, at: datetime) -> None:
    """Let themes hold from today on."""
    today = local_day(at)
    chosen = [theme for theme in Theme if theme in set(themes)]
    db.session.add_all([CaseTheme(case_id=case.id, theme=theme, from_day=today) for theme in chosen])
    db.session.flush()


def change(case: Case, themes: Collection[Theme], *, at: datetime) -> bool:
    """Let exactly these themes hold from today on; return whether anything changed."""
    rows = db.session.scalars(select(CaseTheme).where(CaseTheme.case_id == case.id, CaseTheme.to_day.is_(None)))
    present = {row.theme: row for row in rows}
    for theme in present.keys() - set(themes):
        present[theme].to_day = local_day(at)
    db.session.flush()
    add(case, set(themes) - present.keys(), at=at)
    return set(themes) != present.keys()
