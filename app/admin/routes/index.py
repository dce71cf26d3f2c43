"""Administration: the way to its sections."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.policy import Permission, requires
from app.admin.sections import admin_page

bp = Blueprint("administration", __name__, url_prefix="/administration")


@bp.route("")
@requires(Permission.USERS)
def index() -> ResponseReturnValue:
    """What there is to administer."""
    return admin_page("admin/index.html")
