"""Fristregler: the rules that deadlines are computed by."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.policy import Permission, requires
from app.admin.queries import deadline_rules
from app.admin.rule_words import reminders
from app.admin.sections import admin_page

bp = Blueprint("rules", __name__, url_prefix="/administration/regler")


@bp.route("")
@requires(Permission.RULES_READ)
def index() -> ResponseReturnValue:
    """All rules, with their legal basis."""
    return admin_page("admin/rules.html", rules=[(rule, reminders(rule)) for rule in deadline_rules()])
