"""Searching citizens, and one citizen at a glance."""

from typing import Final

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.audit.models import Event
from app.cases import queries as case_queries
from app.cases import searches, searching, tabs
from app.cases.citizens import Found, find
from app.cases.routes.citizens.frame import CITIZEN, bp, citizen_page, get_citizen, number_of, record_reading, url_of
from app.cases.searching import Search, SearchKind
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.pages import page
from app.people import queries
from app.people.forms.citizens import CitizenSearchForm
from app.people.models import Citizen

SEARCH: Final = "soeg"
NOT_A_CASE_NUMBER: Final = "Skriv et navn eller et helt CPR-nummer. Sagsnumre søges under Sager."
NETWORK: Final = "netvaerk"


@bp.route("/borgere")
@requires(Permission.CITIZEN_LIST)
def index() -> ResponseReturnValue:
    """The search, and what the latest one found."""
    return _show(CitizenSearchForm())


@bp.route("/borgere", methods=["POST"])
@requires(Permission.CITIZEN_LIST)
def search() -> ResponseReturnValue:
    """Keep the words and lead to what they find."""
    form = CitizenSearchForm()
    code = remembered(form)
    return _show(form) if code is None else redirect(url_for("citizens.index", soeg=code))


def _show(form: CitizenSearchForm) -> ResponseReturnValue:
    found = found_by_address(form)
    is_gone = found is None and SEARCH in request.args
    return page(
        "cases/citizens/index.html",
        form=form,
        found=found,
        number_of=number_of,
        search_is_gone=is_gone,
        may_open=can(current.reader(), Permission.CASE_OPEN),
    )


def remembered(form: CitizenSearchForm) -> str | None:
    """The code under which the words are kept; None when they cannot be searched for, which the form then tells."""
    if not form.validate_on_submit():
        return None
    try:
        _read(form.words.data)
    except DomainError as error:
        form.add_error(error.message, "words")
        return None
    return searches.remember(form.words.data)


def _read(words: str) -> Search:
    sought = searching.read(words, today=current.today())
    if sought.kind is SearchKind.NUMBER:
        raise DomainError(NOT_A_CASE_NUMBER)
    return sought


def found_by_address(form: Form) -> Found | None:
    """What the search that the address names finds; None when it names none. Recorded, and written into the form."""
    words = searches.recall(request.args.get(SEARCH, ""))
    if words is None:
        return None
    if not form.is_submitted():
        form["words"].data = words
    try:
        sought = _read(words)
    except DomainError:  # kept by the list of cases, which knows case numbers
        return None
    found = find(sought)
    record_reading(Event.CITIZENS_SEARCHED, found.case_ids, search=sought.kind.value)
    return found


@bp.route(CITIZEN)
@requires(Permission.CITIZEN_LIST, get_citizen)
def show(citizen: Citizen) -> ResponseReturnValue:
    """The citizen, how to reach him, his cases, and how he came to his numbers."""
    if citizen.id != (request.view_args or {})["citizen_id"]:
        return redirect(url_of(citizen))
    works = can(current.reader(), Permission.CITIZEN_CHANGE)
    points = queries.contact_points(citizen.id)
    return citizen_page(
        "cases/citizens/show.html",
        citizen,
        points=[point for point in points if not point.is_over(current.today())],
        former_points=[point for point in points if point.is_over(current.today())],
        full_cases=case_queries.cases_of(citizen.id),
        cpr_changes=queries.cpr_changes(citizen.id) if works else [],
        merges=queries.merges_into(citizen.id) if works else [],
        network=next((tab.endpoint for tab in tabs.of(current_app) if tab.key == NETWORK), None),
        may_open=can(current.reader(), Permission.CASE_OPEN),
        may_merge=can(current.reader(), Permission.CITIZEN_MERGE),
    )
