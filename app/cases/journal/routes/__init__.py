"""The tab Journal of a case, letters to the home, and the whole case on paper."""

from app.cases.journal.routes import filing, letters, notes, timeline
from app.cases.journal.routes.frame import bp

__all__ = ["bp", "filing", "letters", "notes", "timeline"]
