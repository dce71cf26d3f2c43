"""The tab Handleplan of a case."""

from app.cases.handleplan.routes import acute, follow_ups, goals, measures, paper, plans
from app.cases.handleplan.routes.frame import bp

__all__ = ["acute", "bp", "follow_ups", "goals", "measures", "paper", "plans"]
