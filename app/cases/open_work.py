"""How many open cases somebody answers for: asked before an account or a unit is closed."""

from sqlalchemy import func, select

from app.extensions import db


def count_open_cases(owner_id: int | None, unit_id: int | None) -> int:
    """Count for an administrator, who sees none of them."""
    return db.session.scalar(select(func.ek_open_cases(owner_id, unit_id))) or 0
