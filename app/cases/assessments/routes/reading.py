"""What the case has of assessments, and each of them in full."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.assessments import queries, services
from app.cases.assessments.forms import StartForm
from app.cases.assessments.models import Assessment
from app.cases.assessments.picture import picture
from app.cases.assessments.reading import read
from app.cases.assessments.routes.frame import ALL, ONE, TAB, bp, may_change, url_of, url_of_all, url_of_proposal
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.forms import saving


@bp.route(ALL)
@requires(Permission.ASSESSMENT_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """The assessment that holds now, the draft, what was signed before, and the domains over time."""
    return _index(case, StartForm(formdata=None))


@bp.route(f"{ALL}/ny", methods=["POST"])
@requires(Permission.ASSESSMENT_CHANGE, get_case)
def start(case: Case) -> ResponseReturnValue:
    """Begin an assessment, filled in with what was signed last."""
    form = StartForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            draft = services.start_draft(case, by=current.user(), at=current.at())
            return saved(form, url_of(draft, "edit"))
    return _index(case, form)


def _index(case: Case, form: StartForm) -> ResponseReturnValue:
    assessments = queries.assessments_of(case)
    signed = [read(each) for each in assessments if not each.is_draft]
    return case_page(
        "cases/assessments/index.html",
        case,
        tab=TAB,
        form=form,
        draft=next((each for each in assessments if each.is_draft), None),
        signed=signed,
        picture=picture(signed),
        review=queries.running_review(case.id),
        decide_url=_decide_url(signed[0].assessment) if signed else None,
        may_change=_may_write(case),
    )


@bp.route(ONE)
@requires(Permission.ASSESSMENT_READ, queries.get_assessment)
def show(assessment: Assessment) -> ResponseReturnValue:
    """A signed assessment. A draft is nobody's reading: those who write are led to it, the others to the tab."""
    if assessment.is_draft:
        if may_change(assessment.case):
            return redirect(url_of(assessment, "edit"))
        flash("Vurderingen er en kladde og kan ses, når den er underskrevet.", "info")
        return redirect(url_of_all(assessment.case))
    return case_page(
        "cases/assessments/show.html",
        assessment.case,
        tab=TAB,
        reading=read(assessment),
        decide_url=_decide_url(assessment),
    )


def _decide_url(assessment: Assessment) -> str | None:
    return url_of_proposal(assessment) if _may_write(assessment.case) else None


def _may_write(case: Case) -> bool:
    return may_change(case) and case.closed_on is None
