"""The page on which a case's level is changed, with the line over time."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role
from app.access.policy import Permission, requires
from app.audit.models import Event
from app.cases import history, niveauer, queries
from app.cases.assessments.queries import get_assessment
from app.cases.conflicts import conflict, require_same_version
from app.cases.levels import services
from app.cases.levels.forms import LevelForm
from app.cases.levels.picture import level_picture
from app.cases.levels.queries import changes_of, spells_of
from app.cases.models import Case, CaseStatus
from app.cases.pages import case_page
from app.core.addresses import parse_id
from app.core.errors import NotFoundError
from app.core.forms import saving

bp = Blueprint("levels", __name__)

TAB = "sag"
PROPOSED = "forslag"
ASSESSMENT = "vurdering"
CHANGES = (Event.CASE_CHANGED, Event.CASE_OWNER_ASSIGNED, Event.LEVEL_CHANGED, Event.CASE_CLOSED, Event.CASE_REOPENED)


@bp.route("/sager/<int:case_id>/niveau", methods=["GET", "POST"])
@requires(Permission.CASE_CHANGE, queries.get_case)
def change(case: Case) -> ResponseReturnValue:
    """Change the level; an assessment may have proposed one, which the address then names."""
    case_id, unit_id, by = case.id, case.unit_id, current.user()
    proposed, proposed_by = _number(PROPOSED), _assessment(case)
    may_lift = current.reader().role is Role.LEDER
    form = LevelForm(case, proposed=proposed, members=queries.possible_members(unit_id), by=by, may_lift=may_lift)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, case)
            services.change_level(
                case,
                niveau=form.niveau.data,
                reasons=form.reasons.data,
                member_ids=form.member_ids,
                lift_restriction=form.lifts,
                assessment_id=proposed_by,
                by=by,
                at=current.at(),
            )
            flash(f"Sagen er nu på niveau {form.niveau.data}.")
            return redirect(url_for("cases.show", case_id=case_id))
    against = conflict(form, case, lambda _: {}, lambda: history.last_change(case_id, *CHANGES))
    spells = spells_of(case_id)
    return case_page(
        "cases/levels/change.html",
        case,
        tab=TAB,
        form=form,
        conflict=against,
        what="sagen",
        niveau=niveauer.label(case.niveau),
        meanings=niveauer.meanings(),
        proposed=proposed if proposed in niveauer.names() and proposed != case.niveau else None,
        may_change=case.status is CaseStatus.ACTIVE,
        picture=level_picture(spells, current.today()),
        spells=spells,
        changes=changes_of(case_id),
    )


def _number(name: str) -> int | None:
    """A number of the address; None when it holds none."""
    text = request.args.get(name)
    return None if text is None else parse_id(text)


def _assessment(case: Case) -> int | None:
    """The id of the signed assessment that proposes the level, if the address names one of the case.

    Raises NotFoundError when it names another, or a draft.
    """
    number = _number(ASSESSMENT)
    if number is None:
        return None
    assessment = get_assessment(case.id, number)
    if assessment.is_draft:
        raise NotFoundError
    return assessment.id
