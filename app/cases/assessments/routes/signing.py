"""Signing: a last look at the whole, and the signature."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.assessments import queries, services
from app.cases.assessments.forms import RATING, SignForm, name_of
from app.cases.assessments.models import Assessment
from app.cases.assessments.reading import read
from app.cases.assessments.routes.frame import ONE, TAB, bp, url_of
from app.cases.conflicts import require_same_version
from app.cases.pages import case_page
from app.core.forms import saving


@bp.route(f"{ONE}/underskriv", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_CHANGE, queries.get_draft)
def sign(draft: Assessment) -> ResponseReturnValue:
    """What the draft comes to, what is missing in it, and the signature."""
    form = SignForm(data={"version": draft.version})
    running = queries.running_review(draft.case_id)
    late = running is not None and running.is_overdue(current.today())
    if not late:
        del form.late_reason
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            require_same_version(form, draft)
            reason = form.late_reason.data if late else None
            services.sign(draft, late_reason=reason, by=current.user(), at=current.at())
            flash("Risikovurderingen er underskrevet.")
            return saved(form, url_of(draft))
    return case_page(
        "cases/assessments/sign.html",
        draft.case,
        tab=TAB,
        form=form,
        reading=read(draft),
        missing=[(each, _target(each)) for each in services.missing(draft)],
        latest_review=services.latest_review_day(draft.case, draft.proposed_niveau, current.at()),
        running=running,
    )


@bp.route(f"{ONE}/resten-uoplyst", methods=["POST"])
@requires(Permission.ASSESSMENT_CHANGE, queries.get_draft)
def rest_unknown(draft: Assessment) -> ResponseReturnValue:
    """Mark what has no answer as unknown."""
    form = SignForm(data={"version": draft.version})
    del form.late_reason
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, draft)
            services.mark_rest_unknown(draft, by=current.user(), at=current.at())
            flash("De ubesvarede punkter er sat til uoplyst.")
            return redirect(url_of(draft, "sign"))
    flash("Kladden er ændret imens. Se den igennem, før du sætter resten til uoplyst.", "warning")
    return redirect(url_of(draft, "sign"))


def _target(each: services.Missing) -> str:
    """The id on the form that the missing thing is mended at."""
    if each.is_domain:
        return f"omraade-{each.field}"
    return name_of(RATING, each.field) if each.is_item else each.field
