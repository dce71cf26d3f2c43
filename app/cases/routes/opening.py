"""Opening a case."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases import beginnings, newcomers, queries, services
from app.cases.forms import NewCaseForm, NewCitizenCaseForm
from app.cases.models import Case
from app.cases.newcomers import Answer
from app.cases.routes.blueprint import bp
from app.core.addresses import parse_id
from app.core.cpr import Cpr
from app.core.errors import found
from app.core.forms import saving
from app.core.pages import page
from app.people.models import Citizen
from app.people.queries import get_citizen
from app.people.words import written_number


@bp.route("/sager/ny", methods=["GET", "POST"])
@requires(Permission.CASE_OPEN)
def new() -> ResponseReturnValue:
    """Open a case on somebody new, or on the known citizen that the address names."""
    known = request.args.get("borger")
    if known is not None:
        return _on_known_citizen(get_citizen(found(parse_id(known))))
    return _on_new_citizen()


def _on_new_citizen() -> ResponseReturnValue:
    by, at = current.user(), current.at()
    form = NewCitizenCaseForm(**_choices())
    beginnings.asked().fill(form)
    answer = Answer()
    if form.validate_on_submit():
        # Before the savepoint: that the question was asked stands also when its answer refuses the form.
        answer = newcomers.ask(form, by=by, at=at)
        with saving(form):
            claim(form, by=by, at=at)
            case = _open(form, newcomers.add_citizen(form, answer, by=by, at=at))
            _ask_to_check(form.cpr.data)
            return saved(form, url_for("cases.show", case_id=case.id))
    return page(
        "cases/new.html",
        form=form,
        citizen=None,
        answer=answer,
        existing=answer.existing,
        existing_case=_open_case_of(answer.existing),
    )


def _on_known_citizen(citizen: Citizen) -> ResponseReturnValue:
    form = NewCaseForm(**_choices())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            case = _open(form, citizen)
            return saved(form, url_for("cases.show", case_id=case.id))
    return page(
        "cases/new.html",
        form=form,
        citizen=citizen,
        existing=None,
        existing_case=_open_case_of(citizen),
        number=written_number(citizen),
    )


def _choices() -> dict[str, Any]:
    by = current.user()
    unit_id = by.unit_id or 0
    return {
        "owners": queries.possible_owners(unit_id),
        "members": queries.possible_members(unit_id),
        "by": by,
        "today": current.today(),
    }


def _open(form: NewCaseForm, citizen: Citizen) -> Case:
    case = services.open_case(
        citizen,
        niveau=form.niveau.data,
        referrer=form.referrer.data,
        concern=form.concern.data,
        owner_id=form.owner.data,
        member_ids=form.member_ids,
        suitable=form.suitable.data,
        themes=form.themes.data,
        legal_basis=form.legal_basis.data,
        consent=form.consent.data,
        consent_on=form.answered_on,
        by=current.user(),
        at=current.at(),
    )
    flash(f"Sag {case.number} er oprettet.")
    return case


def _ask_to_check(cpr: Cpr | None) -> None:
    """A soft hint: numbers without a check digit have been given since 2007."""
    if cpr is not None and not cpr.mod11_ok:
        flash("Tjek CPR-nummeret. Kontrolcifret passer ikke, men nummeret kan godt være rigtigt.", "info")


def _open_case_of(citizen: Citizen | None) -> Case | None:
    """The open case of the citizen who is shown; that he was shown is recorded at each of his cases."""
    cases = [] if citizen is None else queries.cases_of(citizen.id)
    if cases:
        ids = [case.id for case in cases]
        log.record(Event.CASES_SEARCHED, by=current.user(), at=current.at(), listed_case_ids=ids, search="cpr")
    return next((case for case in cases if case.is_open), None)
