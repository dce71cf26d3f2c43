"""The tab Netværkssamråd of a case."""

from app.netvaerkssamraad.routes import clock, documentation, meeting, parties, undoing
from app.netvaerkssamraad.routes.frame import bp

__all__ = ["bp", "clock", "documentation", "meeting", "parties", "undoing"]
