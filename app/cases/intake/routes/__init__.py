"""The pages of intake: importing them all is what fills the blueprint."""

from app.cases.intake.routes import day_report, endings, referrals, visitation
from app.cases.intake.routes.blueprint import bp

__all__ = ["bp", "day_report", "endings", "referrals", "visitation"]
