"""The blueprint with all its views: importing this module is what fills it."""

from app.cases.routes import access, case, deadlines, handover, history, listing, opening
from app.cases.routes.blueprint import bp

__all__ = ["access", "bp", "case", "deadlines", "handover", "history", "listing", "opening"]
