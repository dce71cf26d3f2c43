"""Closing, reopening and moving a case, and restricting it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role
from app.access.policy import ForbiddenError, Permission, requires
from app.access.queries import units
from app.cases import queries, restriction
from app.cases.conflicts import require_same_version
from app.cases.handleplan.services import open_plans
from app.cases.intake import services
from app.cases.intake.forms import CloseForm, ReasonsForm, RestrictForm, TransferForm
from app.cases.intake.routes.blueprint import CASE, bp
from app.cases.intake.routes.visitation import form_page
from app.cases.intake.services.endings import running_clocks
from app.cases.models import Case, CaseStatus
from app.core.forms import saving


@bp.route(f"{CASE}/afslut", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def close(case: Case) -> ResponseReturnValue:
    """End an active case."""
    if elsewhere := _not_now(case, possible=case.status is CaseStatus.ACTIVE, why="Kun en aktiv sag kan afsluttes."):
        return elsewhere
    form = CloseForm(data={"version": case.version})
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            services.close_case(
                case,
                reasons=form.reasons.data,
                result=form.result.data,
                risk_view=form.risk_view.data,
                by=current.user(),
                at=current.at(),
            )
            return _done(case, "Sagen er afsluttet.")
    return form_page("close", case, form, running=running_clocks(case), plans=open_plans(case))


@bp.route(f"{CASE}/genaabn", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def reopen(case: Case) -> ResponseReturnValue:
    """Open a case again that was closed or rejected."""
    if elsewhere := _not_now(case, possible=not case.is_open, why="Sagen er åben."):
        return elsewhere
    form = ReasonsForm(data={"version": case.version})
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            services.reopen_case(case, reasons=form.reasons.data, by=current.user(), at=current.at())
            return _done(case, "Sagen er åben igen.")
    return form_page("reopen", case, form)


@bp.route(f"{CASE}/overfoer", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def transfer(case: Case) -> ResponseReturnValue:
    """Move an open case to another unit; it goes out of one's sight."""
    if elsewhere := _not_now(case, possible=case.is_open, why="En sag, der er afsluttet, kan ikke overføres."):
        return elsewhere
    number = case.number
    form = TransferForm(case, units(active=True))
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            unit_id, reasons = form.unit.data, form.reasons.data
            services.transfer_case(case, unit_id=unit_id, reasons=reasons, by=current.user(), at=current.at())
            flash(f"Sag {number} er overført. Den nye enhed har den nu.")
            return redirect(url_for("cases.index"))
    return form_page("transfer", case, form)


@bp.route(f"{CASE}/begraens", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def restrict(case: Case) -> ResponseReturnValue:
    """Let the case be seen by named people and the leader alone."""
    if elsewhere := _not_now(case, possible=not case.restricted, why="Sagen er allerede begrænset."):
        return elsewhere
    by = current.user()
    form = RestrictForm(case, members=queries.possible_members(case.unit_id), by=by)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            reasons, members = form.reasons.data, form.members.data
            restriction.restrict(case, reasons=reasons, member_ids=members, by=by, at=current.at())
            return _done(case, "Sagen ses nu kun af navngivne og lederen.")
    return form_page("restrict", case, form)


@bp.route(f"{CASE}/ophaev-begraensning", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def lift(case: Case) -> ResponseReturnValue:
    """Let the whole unit see the case again; the leader's decision."""
    if current.reader().role is not Role.LEDER:
        raise ForbiddenError
    if elsewhere := _not_now(case, possible=case.restricted, why="Sagen er ikke begrænset."):
        return elsewhere
    form = ReasonsForm(data={"version": case.version})
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            restriction.lift_restriction(case, reasons=form.reasons.data, by=current.user(), at=current.at())
            return _done(case, "Sagen ses nu af hele enheden.")
    return form_page("lift", case, form)


def _not_now(case: Case, *, possible: bool, why: str) -> ResponseReturnValue | None:
    """Lead whoever opens the form of an act that is not possible back to the case, with the reason.

    A form that is sent gets its answer from the service, so that what was typed is not lost.
    """
    if possible or request.method == "POST":
        return None
    flash(why, "info")
    return redirect(url_for("cases.show", case_id=case.id))


def _done(case: Case, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("cases.show", case_id=case.id))
