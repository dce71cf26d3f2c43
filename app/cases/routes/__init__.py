"""The pages of cases: the list, opening one, the case itself, who sees it, its deadlines and its record."""

from app.cases.routes import access, case, deadlines, history, listing, opening
from app.cases.routes.blueprint import bp

__all__ = ["access", "bp", "case", "deadlines", "history", "listing", "opening"]
