"""Rettigheder: who may do what, as the program decides it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.models import Role
from app.access.policy import Permission, requires
from app.admin.policy_table import rights
from app.admin.sections import admin_page

bp = Blueprint("policy", __name__, url_prefix="/administration/rettigheder")


@bp.route("")
@requires(Permission.POLICY_READ)
def index() -> ResponseReturnValue:
    """The table of permissions."""
    return admin_page("admin/policy.html", rights=rights(), roles=list(Role))
