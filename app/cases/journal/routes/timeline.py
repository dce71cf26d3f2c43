"""Everything that happened in the case."""

from typing import Any, Final

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.cases import searches
from app.cases.journal import listing
from app.cases.journal.forms import SearchForm, TimelineFilter
from app.cases.journal.routes.frame import JOURNAL, TAB, bp
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.paging import PAGE_SIZE, PARAMETER, Paging, offset, page_number
from app.cases.queries import get_case

SEARCH: Final = "soeg"
_IN_ADDRESS: Final = ("slags", "person", SEARCH, PARAMETER)


@bp.route(JOURNAL)
@requires(Permission.JOURNAL_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """The timeline, newest first."""
    return _timeline(case, SearchForm())


@bp.route(JOURNAL, methods=["POST"])
@requires(Permission.JOURNAL_READ, get_case)
def search(case: Case) -> ResponseReturnValue:
    """Keep the words and lead to what they find; filters stay as they are."""
    form = SearchForm()
    if form.validate_on_submit():
        code = searches.remember(form.words.data)
        return redirect(url_for("journal.index", case_id=case.id, **_address(soeg=code, side=None)))
    return _timeline(case, form)


def _timeline(case: Case, form: SearchForm) -> ResponseReturnValue:
    reader, number = current.reader(), page_number()
    words = searches.recall(request.args.get(SEARCH, ""))
    if not form.is_submitted():
        form.words.data = words
    entries = listing.everything(current_app, case)
    people = listing.people(entries)
    filters = TimelineFilter(listing.kinds(current_app, entries), people)
    found = listing.narrowed(entries, kind=filters.slags.data, who=people.get(filters.person.data), words=words)
    shown = found[offset(number) :][:PAGE_SIZE]
    return case_page(
        "cases/journal/index.html",
        case,
        tab=TAB,
        form=form,
        filters=filters,
        rows=listing.rows(current_app, shown),
        paging=Paging(number, len(shown), len(found) > offset(number) + PAGE_SIZE),
        searched=words is not None,
        search_is_gone=SEARCH in request.args and words is None,
        address=_address,
        may_write=can(reader, Permission.JOURNAL_WRITE, case),
        may_change=can(reader, Permission.CASE_CHANGE, case),
        may_file=can(reader, Permission.CASE_FILE, case),
    )


def _address(**changes: str | None) -> dict[str, Any]:
    """The arguments of the present address, with changes; None leaves one out."""
    present = {name: request.args[name] for name in _IN_ADDRESS if request.args.get(name)}
    return {name: value for name, value in (present | changes).items() if value is not None}
