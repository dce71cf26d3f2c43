"""Two signed assessments side by side."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.policy import Permission, requires
from app.cases.assessments import queries
from app.cases.assessments.comparison import compare as compared
from app.cases.assessments.forms import ComparisonForm
from app.cases.assessments.models import Assessment
from app.cases.assessments.reading import read
from app.cases.assessments.routes.frame import ALL, TAB, bp, url_of_all
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.danish import format_date

TWO = 2


@bp.route(f"{ALL}/sammenlign")
@requires(Permission.ASSESSMENT_READ, get_case)
def compare(case: Case) -> ResponseReturnValue:
    """What moved between two assessments; the last two, unless others are chosen."""
    signed = queries.signed_of(case)
    if len(signed) < TWO:
        flash("Der skal være to underskrevne vurderinger, før de kan sammenlignes.", "info")
        return redirect(url_of_all(case))
    form, by_id = _form(signed), {each.id: each for each in signed}
    if not form.validate():
        # An address of one's own making gets the last two.
        return redirect(url_for("assessments.compare", case_id=case.id))
    # Whichever way round they were chosen, the earlier one stands first.
    first, second = sorted((form.fra.data or signed[1].id, form.til.data or signed[0].id))
    return case_page(
        "cases/assessments/compare.html",
        case,
        tab=TAB,
        chosen=form,
        comparison=compared(read(by_id[first]), read(by_id[second])),
    )


def _form(signed: list[Assessment]) -> ComparisonForm:
    form = ComparisonForm(data={"fra": signed[1].id, "til": signed[0].id})
    choices = {each.id: f"{format_date(each.on_day)}, {each.ended_by.name if each.ended_by else ''}" for each in signed}
    form.fra.choices = form.til.choices = choices
    return form
