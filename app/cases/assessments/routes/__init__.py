"""The tab Risikovurdering of a case."""

from app.cases.assessments.routes import comparing, draft, reading, signing
from app.cases.assessments.routes.frame import bp

__all__ = ["bp", "comparing", "draft", "reading", "signing"]
