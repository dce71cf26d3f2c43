"""The checklist of risk assessments: its versions, and a new one."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.admin.checklist_form import checklist_form
from app.admin.sections import admin_page
from app.cases.assessments import queries, services
from app.cases.assessments.checklist import Checklist
from app.cases.assessments.models import ChecklistVersion
from app.cases.assessments.services.checklists import Edit
from app.core.forms import saving

bp = Blueprint("checklists", __name__, url_prefix="/administration/tjekliste")


@bp.route("")
@requires(Permission.CONFIGURATION)
def index() -> ResponseReturnValue:
    """Every version, and which one is in force."""
    versions = queries.checklists()
    in_force = queries.checklist_on(current.today())
    rows = [(version, Checklist.read(version.content)) for version in versions]
    return admin_page("admin/checklists.html", rows=rows, in_force=in_force)


@bp.route("/<int:checklist_id>")
@requires(Permission.CONFIGURATION, queries.get_checklist)
def show(version: ChecklistVersion) -> ResponseReturnValue:
    """One version in full."""
    in_force = queries.checklist_on(current.today())
    return admin_page(
        "admin/checklist.html", version=version, checklist=Checklist.read(version.content), in_force=in_force
    )


@bp.route("/ny", methods=["GET", "POST"])
@requires(Permission.CONFIGURATION)
def renew() -> ResponseReturnValue:
    """Make a new version out of the newest one."""
    newest = queries.checklists()[0]
    checklist = Checklist.read(newest.content)
    form = checklist_form(checklist, data={"valid_from": current.today(), "version": newest.version})
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            form.require_same_version(newest)
            edit: Edit = form.edit(checklist)
            version = services.renew_checklist(
                newest, edit, valid_from=form.valid_from.data, by=current.user(), at=current.at()
            )
            flash(f"Tjekliste version {version.version} er gemt.")
            return saved(form, url_for("checklists.show", checklist_id=version.id))
    return admin_page("admin/renew_checklist.html", form=form, checklist=checklist)
