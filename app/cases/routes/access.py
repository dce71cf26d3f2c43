"""Who sees the case, who answers for it, and changing both."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases import handovers, history, queries, services
from app.cases.conflicts import conflict, require_same_version
from app.cases.forms import AccessForm, ConfirmForm, OwnerForm
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import GIVEN_BY_HAND
from app.cases.routes.blueprint import CASE, bp
from app.core.forms import saving

TAB = "sag"


@bp.route(f"{CASE}/adgang")
@requires(Permission.CASE_ACCESS, queries.get_case)
def access(case: Case) -> ResponseReturnValue:
    """Who sees, saw and will see the case by name."""
    today = current.today()
    members = queries.members(case.id)
    return case_page(
        "cases/access.html",
        case,
        tab=TAB,
        present=[member for member in members if not member.is_over(today)],
        past=[member for member in members if member.is_over(today)],
        given_by_hand=GIVEN_BY_HAND,
        leads=current.reader().role is Role.LEDER,
        handovers=handovers.handovers_of(case.id),
    )


@bp.route(f"{CASE}/ansvarlig", methods=["GET", "POST"])
@requires(Permission.CASE_ACCESS, queries.get_case)
def owner(case: Case) -> ResponseReturnValue:
    """Choose who answers for the case."""
    case_id = case.id  # the case itself may go out of sight
    form = OwnerForm(case, queries.possible_owners(case.unit_id))
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            handovers.hand_over(case, owner_id=form.owner.data, note=form.note.data, by=current.user(), at=current.at())
            flash("Sagens ansvarlige er gemt.")
            return redirect(_afterwards(case_id))
    against = conflict(form, case, form.stored, lambda: history.last_change(case.id, Event.CASE_OWNER_ASSIGNED))
    return case_page("cases/owner.html", case, tab=TAB, form=form, conflict=against, what="den ansvarlige")


@bp.route(f"{CASE}/adgang/ny", methods=["GET", "POST"])
@requires(Permission.CASE_ACCESS, queries.get_case)
def give_access(case: Case) -> ResponseReturnValue:
    """Let somebody see the case by name."""
    form = AccessForm(queries.possible_members(case.unit_id), current.today())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.give_access(
                case,
                user_id=form.user.data,
                kind=form.kind.data,
                from_day=form.from_day.data,
                to_day=form.to_day.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Medarbejderen har fået adgang.")
            return saved(form, url_for("cases.access", case_id=case.id))
    return case_page("cases/give_access.html", case, tab=TAB, form=form)


def _case_of(case_id: int, access_id: int) -> Case:  # noqa: ARG001 - the address names both
    return queries.get_case(case_id)


@bp.route(f"{CASE}/adgang/<int:access_id>/afslut", methods=["GET", "POST"])
@requires(Permission.CASE_ACCESS, _case_of)
def end_access(case: Case) -> ResponseReturnValue:
    """Ask whether somebody's access is to end, and end it."""
    form = ConfirmForm()
    if form.is_submitted():
        # Before looking for the access, which a first click may have removed.
        claim(form, by=current.user(), at=current.at())
    member = queries.given_access(case.id, (request.view_args or {})["access_id"])
    if member.is_over(current.today()):
        flash("Adgangen er allerede afsluttet.", "info")
        return redirect(url_for("cases.access", case_id=case.id))
    if form.validate_on_submit():
        with saving(form):
            services.end_access(case, member.id, by=current.user(), at=current.at())
            flash("Adgangen er afsluttet.")
            return saved(form, _afterwards(case.id))
    return case_page("cases/end_access.html", case, tab=TAB, form=form, member=member)


def _afterwards(case_id: int) -> str:
    """Where to go next: back to the case, unless one has just put it out of one's own sight."""
    if queries.find_case(case_id) is None:
        flash("Du kan ikke længere se sagen.", "info")
        return url_for("cases.index")
    return url_for("cases.access", case_id=case_id)
