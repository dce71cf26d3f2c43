"""Looking at a referral, and deciding whether the case is forebyggelsesegnet."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.audit.models import Event
from app.cases import decisions, history, niveauer, queries, themes
from app.cases.conflicts import conflict, require_same_version
from app.cases.intake import services
from app.cases.intake.forms import AcceptForm, RejectForm, VisitationForm
from app.cases.intake.routes.blueprint import CASE, TAB, bp
from app.cases.models import Case
from app.cases.pages import case_page
from app.core.forms import Form, saving
from app.people.words import number_and_age

PAGE = f"{CASE}/visitation"
DECIDED = "Henvendelsen er allerede afgjort."


@bp.route(PAGE)
@requires(Permission.CASE_READ, queries.get_case)
def visitation(case: Case) -> ResponseReturnValue:
    """What is known of the referral, what has been decided, and what can be done now."""
    return case_page(
        "cases/intake/visitation.html",
        case,
        tab=TAB,
        number=number_and_age(case.citizen, current.today()),
        themes=themes.of_case(case.id),
        decisions=decisions.of_case(case.id),
        visitation_form=VisitationForm(data={"version": case.version}),
        may_change=can(current.reader(), Permission.CASE_CHANGE, case),
    )


@bp.route(f"{PAGE}/tag", methods=["POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def take(case: Case) -> ResponseReturnValue:
    """Say that one looks at it."""
    form = VisitationForm()
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            services.take_into_visitation(case, by=current.user(), at=current.at())
            flash("Henvendelsen er taget til visitation.")
    for _, message in form.error_summary():
        flash(message, "error")
    return redirect(url_for("intake.visitation", case_id=case.id))


@bp.route(f"{PAGE}/egnet", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def accept(case: Case) -> ResponseReturnValue:
    """Find it forebyggelsesegnet: it becomes an active case."""
    if already := _decided(case):
        return already
    case_id = case.id
    unit_id, by = case.unit_id, current.user()
    owners, members = queries.possible_owners(unit_id), queries.possible_members(unit_id)
    form = AcceptForm(case, owners=owners, members=members, by=by)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            services.accept(
                case,
                niveau=form.niveau.data,
                reasons=form.reasons.data,
                owner_id=form.owner.data,
                member_ids=form.member_ids,
                by=by,
                at=current.at(),
            )
            flash("Sagen er aktiv.")
            return redirect(url_for("cases.show", case_id=case_id))
    return form_page("accept", case, form, meanings=niveauer.meanings())


@bp.route(f"{PAGE}/afvis", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def reject(case: Case) -> ResponseReturnValue:
    """Find it not forebyggelsesegnet."""
    if already := _decided(case):
        return already
    form = RejectForm(data={"version": case.version})
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            by, at = current.user(), current.at()
            services.reject(case, reasons=form.reasons.data, told=form.told.data, by=by, at=at)
            flash("Henvendelsen er afvist.")
            return redirect(url_for("intake.visitation", case_id=case.id))
    return form_page("reject", case, form)


def _decided(case: Case) -> ResponseReturnValue | None:
    """Lead whoever opens the form of what is decided already to what was decided."""
    if case.status.is_referral or request.method == "POST":
        return None
    flash(DECIDED, "info")
    return redirect(url_for("intake.visitation", case_id=case.id))


ACTS = (
    Event.CASE_CHANGED,
    Event.REFERRAL_TO_VISITATION,
    Event.REFERRAL_ACCEPTED,
    Event.REFERRAL_REJECTED,
    Event.CASE_OWNER_ASSIGNED,
    Event.CASE_RESTRICTED,
    Event.CASE_UNRESTRICTED,
    Event.CASE_CLOSED,
    Event.CASE_REOPENED,
)


def form_page(template: str, case: Case, form: Form, **context: Any) -> ResponseReturnValue:
    """A page of the case with the form of an act, and what somebody else has done meanwhile."""
    against = conflict(form, case, lambda _: {}, lambda: history.last_change(case.id, *ACTS))
    return case_page(
        f"cases/intake/{template}.html", case, tab=TAB, form=form, conflict=against, what="sagen", **context
    )
