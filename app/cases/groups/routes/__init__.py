"""The pages of groups."""

from app.cases.groups.routes import acts, groups, members
from app.cases.groups.routes.frame import bp

__all__ = ["acts", "bp", "groups", "members"]
