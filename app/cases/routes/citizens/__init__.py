"""The pages of citizens: search, one citizen, contact data, CPR number, likely doubles, merging."""

from app.cases.routes.citizens import alike, contacts, merging, number, overview
from app.cases.routes.citizens.frame import bp

__all__ = ["alike", "bp", "contacts", "merging", "number", "overview"]
