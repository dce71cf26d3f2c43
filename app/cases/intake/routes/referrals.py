"""The list of what waits, and registering a referral."""

from typing import Any, Final

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases import beginnings, newcomers, queries
from app.cases.intake import services
from app.cases.intake.forms import NewCitizenReferralForm, ReferralForm
from app.cases.intake.queries import waiting
from app.cases.intake.routes.blueprint import ALL, bp
from app.cases.models import Case
from app.cases.newcomers import Answer
from app.cases.paging import PAGE_SIZE, Paging, offset, page_number
from app.core.addresses import parse_id
from app.core.errors import found
from app.core.forms import saving
from app.core.pages import page
from app.people.models import Citizen
from app.people.queries import get_citizen
from app.people.words import written_number

LIST: Final = "henvendelser"


@bp.route(ALL)
@requires(Permission.INTAKE)
def index() -> ResponseReturnValue:
    """What waits for visitation, the oldest first."""
    number = page_number()
    rows = waiting(offset=offset(number), limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    ids = [row.id for row in shown]
    log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=ids, list=LIST)
    paging = Paging(number, len(shown), len(rows) > PAGE_SIZE)
    return page("cases/intake/index.html", rows=shown, today=current.today(), paging=paging)


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.INTAKE)
def new() -> ResponseReturnValue:
    """Register a referral about somebody new, or about the known citizen that the address names."""
    known = request.args.get("borger")
    if known is not None:
        return _on_known_citizen(get_citizen(found(parse_id(known))))
    return _on_new_citizen()


def _on_new_citizen() -> ResponseReturnValue:
    by, at = current.user(), current.at()
    form = NewCitizenReferralForm(**_choices())
    beginnings.asked().fill(form)
    answer = Answer()
    if form.validate_on_submit():
        # Before the savepoint: that the question was asked stands also when its answer refuses the form.
        answer = newcomers.ask(form, by=by, at=at)
        with saving(form):
            claim(form, by=by, at=at)
            case = _register(form, newcomers.add_citizen(form, answer, by=by, at=at))
            return saved(form, url_for("intake.visitation", case_id=case.id))
    existing = answer.existing
    return _page(form, answer=answer, citizen=None, existing=existing, existing_case=_open_case_of(existing))


def _on_known_citizen(citizen: Citizen) -> ResponseReturnValue:
    form = ReferralForm(**_choices())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            case = _register(form, citizen)
            return saved(form, url_for("intake.visitation", case_id=case.id))
    number = written_number(citizen)
    return _page(form, citizen=citizen, number=number, existing=None, existing_case=_open_case_of(citizen))


def _page(form: ReferralForm, **context: Any) -> ResponseReturnValue:
    return page("cases/intake/new.html", form=form, today=current.today(), **context)


def _choices() -> dict[str, Any]:
    by = current.user()
    return {"members": queries.possible_members(by.unit_id or 0), "by": by, "today": current.today()}


def _register(form: ReferralForm, citizen: Citizen) -> Case:
    case = services.register_referral(
        citizen,
        referrer=form.referrer.data,
        contact=form.contact.data,
        themes=form.themes.data,
        concern=form.concern.data,
        legal_basis=form.legal_basis.data,
        consent=form.consent.data,
        consent_on=form.answered_on,
        received_on=form.received_on.data,
        restricted_to=form.members.data,
        by=current.user(),
        at=current.at(),
    )
    flash(f"Henvendelsen er registreret som sag {case.number}.")
    return case


def _open_case_of(citizen: Citizen | None) -> Case | None:
    """The open case of the citizen who is shown; that he was shown is recorded at each of his cases."""
    cases = [] if citizen is None else queries.cases_of(citizen.id)
    if cases:
        ids = [case.id for case in cases]
        log.record(Event.CASES_SEARCHED, by=current.user(), at=current.at(), listed_case_ids=ids, search="cpr")
    return next((case for case in cases if case.is_open), None)
