"""The list of cases."""

from typing import Any, Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.audit import log
from app.audit.models import Event
from app.cases import listing, searches, searching
from app.cases.forms import CaseFilter, SearchForm
from app.cases.listing import Listing, Sort, Wanted
from app.cases.models import CaseStatus
from app.cases.paging import PARAMETER, Paging, offset, page_number
from app.cases.queries import owner_names
from app.cases.routes.blueprint import bp
from app.cases.searching import Search
from app.core.errors import DomainError
from app.core.pages import page

SEARCH: Final = "soeg"
SORT: Final = "sorter"
DIRECTION: Final = "retning"
DOWN, UP = "ned", "op"
_COLUMNS: Final = (
    (Sort.NUMBER, "Sag", DOWN),
    (Sort.NAME, "Navn", UP),
    (Sort.NIVEAU, "Niveau", DOWN),
    (None, "Status", ""),
    (None, "Ansvarlig", ""),
    (Sort.DEADLINE, "Næste frist", UP),
    (None, "Bydel", ""),
    (Sort.OPENED, "Oprettet", DOWN),
)
_USUAL: Final = {sort: direction for sort, _, direction in _COLUMNS if sort is not None}


@bp.route("/sager")
@requires(Permission.CASE_LIST)
def index() -> ResponseReturnValue:
    """The cases that the reader sees."""
    return _list(SearchForm())


@bp.route("/sager", methods=["POST"])
@requires(Permission.CASE_LIST)
def search() -> ResponseReturnValue:
    """Keep the words and lead to the list of what they find; filters and order stay as they are."""
    form = SearchForm()
    if form.validate_on_submit():
        try:
            searching.read(form.words.data, today=current.today())
        except DomainError as error:
            form.add_error(error.message, error.field)
        else:
            code = searches.remember(form.words.data)
            return redirect(url_for("cases.index", **_address(soeg=code, side=None)))
    return _list(form)


def _list(form: SearchForm) -> ResponseReturnValue:
    reader, number = current.reader(), page_number()
    filters = CaseFilter(owner_names(reader.unit_id))
    words = searches.recall(request.args.get(SEARCH, ""))
    sought = None if words is None else searching.read(words, today=current.today())
    if not form.is_submitted():
        form.words.data = words
    wanted = _wanted(filters, sought, offset(number))
    shown = listing.find(wanted, reader)
    _record(shown, sought)
    return page(
        "cases/index.html",
        form=form,
        filters=filters,
        listing=shown,
        searched=sought is not None,
        search_is_gone=SEARCH in request.args and sought is None,
        closed_too=wanted.status is None,
        columns=_columns(wanted, shown),
        paging=Paging(number, len(shown.cases), shown.more),
        today=current.today(),
        may_open=can(reader, Permission.CASE_OPEN),
        address=_address,
        kept={name: request.args[name] for name in (SEARCH, SORT, DIRECTION) if name in request.args},
    )


def _wanted(filters: CaseFilter, sought: Search | None, begin: int) -> Wanted:
    """What the address asks for. Who looks for one citizen means closed cases too, unless a status is chosen."""
    everything = sought is not None and sought.finds_one_citizen and "status" not in request.args
    status = None if everything else filters.case_status
    text = request.args.get(SORT, "")
    sort = Sort(text) if text in set(Sort) else Sort.NUMBER
    if sort is Sort.DEADLINE and status is not CaseStatus.ACTIVE:
        sort = Sort.NUMBER
    direction = request.args.get(DIRECTION)
    return Wanted(
        today=current.today(),
        status=status,
        niveau=filters.niveau.data,
        owner_id=filters.ansvarlig.data,
        overdue=bool(filters.over_fristen.data),
        search=sought,
        sort=sort,
        descending=(direction if direction in {DOWN, UP} else _USUAL[sort]) == DOWN,
        offset=begin,
    )


def _record(shown: Listing, sought: Search | None) -> None:
    """That these cases were seen; of a search its kind, never the words."""
    ids = [case.id for case in shown.cases]
    if sought is None:
        log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=ids, list="sager")
    else:
        kind = sought.kind.value
        log.record(Event.CASES_SEARCHED, by=current.user(), at=current.at(), listed_case_ids=ids, search=kind)


def _columns(wanted: Wanted, shown: Listing) -> list[dict[str, Any]]:
    """The headings; those with an address sort by their column, the present one the other way round."""
    present = Sort.NUMBER if shown.too_many else wanted.sort
    columns: list[dict[str, Any]] = []
    for sort, label, usual in _COLUMNS:
        column: dict[str, Any] = {"label": label}
        if sort is not None and (sort is not Sort.DEADLINE or wanted.status is CaseStatus.ACTIVE):
            turned = DOWN if sort is present and not wanted.descending else UP if sort is present else usual
            column["url"] = url_for("cases.index", **_address(sorter=sort.value, retning=turned, side=None))
        if sort is present:
            column["sort"] = "descending" if wanted.descending else "ascending"
        columns.append(column)
    return columns


_IN_ADDRESS: Final = ("status", "niveau", "ansvarlig", "over_fristen", SEARCH, SORT, DIRECTION, PARAMETER)


def _address(**changes: str | None) -> dict[str, Any]:
    """The arguments of the present address, with changes; None leaves one out."""
    present = {name: request.args[name] for name in _IN_ADDRESS if request.args.get(name)}
    return {name: value for name, value in (present | changes).items() if value is not None}
