"""Acts on the plans of a case."""

from app.cases.handleplan.services.acute import (
    add_line,
    change_line,
    end_line,
    reopen_line,
    start_acute,
)
from app.cases.handleplan.services.catalogue import add_kind, close_kind, rename_kind, reopen_kind
from app.cases.handleplan.services.endings import end_plans, open_plans
from app.cases.handleplan.services.follow_ups import cancel_follow_up, hold_follow_up, move_follow_up, plan_follow_up
from app.cases.handleplan.services.goals import add_goal, change_goal
from app.cases.handleplan.services.measures import add_measure, change_measure, end_measure, reopen_measure
from app.cases.handleplan.services.plans import change_plan, close_plan, reopen_plan, start_plan

__all__ = [
    "add_goal",
    "add_kind",
    "add_line",
    "add_measure",
    "cancel_follow_up",
    "change_goal",
    "change_line",
    "change_measure",
    "change_plan",
    "close_kind",
    "close_plan",
    "end_line",
    "end_measure",
    "end_plans",
    "hold_follow_up",
    "move_follow_up",
    "open_plans",
    "plan_follow_up",
    "rename_kind",
    "reopen_kind",
    "reopen_line",
    "reopen_measure",
    "reopen_plan",
    "start_acute",
    "start_plan",
]
