"""What a handleplan aims at."""

from datetime import datetime

from app.access.models import User
from app.audit.models import Event
from app.cases.handleplan.codes import GoalState
from app.cases.handleplan.models import Goal, Handleplan
from app.cases.handleplan.services.requirements import record, require_open
from app.core.errors import DomainError
from app.extensions import db


def add_goal(plan: Handleplan, *, text: str, by: User, at: datetime) -> Goal:
    """Set a goal. Raises DomainError when the plan is closed, or is an akuthandleplan."""
    require_open(plan)
    if plan.is_acute:
        raise DomainError("En akuthandleplan har linjer og ikke mål.")
    goal = Goal(plan=plan, plan_id=plan.id, case_id=plan.case_id, text=text, state=GoalState.OPEN)
    db.session.add(goal)
    db.session.flush()
    record(Event.GOAL_ADDED, plan, by=by, at=at, goal=goal.id)
    return goal


def change_goal(goal: Goal, *, text: str, state: GoalState, by: User, at: datetime) -> None:
    """Write a goal anew, or say how far it is. Raises DomainError when the plan is closed."""
    require_open(goal.plan)
    goal.text = text
    goal.state = state
    if db.session.is_modified(goal):
        record(Event.GOAL_CHANGED, goal.plan, by=by, at=at, goal=goal.id, goal_state=state.value)
    db.session.flush()
