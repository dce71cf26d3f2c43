"""Two citizens turn out to be one: choose the other, compare, and merge."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases.citizens import Found, case_lines
from app.cases.queries import cases_of
from app.cases.routes.citizens.frame import CITIZEN, bp, citizen_page, get_citizen, number_of, record_reading, url_of
from app.cases.routes.citizens.overview import found_by_address, remembered
from app.core.errors import ChangedMeanwhileError, NotFoundError
from app.core.forms import saving
from app.people.forms.citizens import CitizenSearchForm
from app.people.forms.merging import MergeForm
from app.people.likeness import Described, alike
from app.people.merging import BOTH_OPEN, merge_citizens
from app.people.models import Citizen
from app.people.queries import contact_points

MERGE = f"{CITIZEN}/laeg-sammen"


@bp.route(MERGE)
@requires(Permission.CITIZEN_MERGE, get_citizen)
def choose_other(citizen: Citizen) -> ResponseReturnValue:
    """Those who look like the same person, and a search for others."""
    return _choose(citizen, CitizenSearchForm())


@bp.route(MERGE, methods=["POST"])
@requires(Permission.CITIZEN_MERGE, get_citizen)
def search_other(citizen: Citizen) -> ResponseReturnValue:
    """Keep the words and lead to what they find."""
    form = CitizenSearchForm()
    code = remembered(form)
    if code is None:
        return _choose(citizen, form)
    return redirect(url_for("citizens.choose_other", citizen_id=citizen.id, soeg=code))


def _choose(citizen: Citizen, form: CitizenSearchForm) -> ResponseReturnValue:
    found = found_by_address(form)
    if found is not None:
        others = [other for other in found.citizens if other.id != citizen.id]
        found = Found(others, found.cases, found.more)
    described = Described(citizen.name, citizen.birth_date, citizen.number)
    likely = alike(described, but=[citizen.id])
    lines = case_lines([other.id for other in likely])
    if likely:
        record_reading(Event.CITIZENS_COMPARED, [case.id for cases in lines.values() for case in cases])
    return citizen_page(
        "cases/citizens/choose_other.html", citizen, form=form, found=found, likely=Found(likely, lines)
    )


def _both(citizen_id: int, other_id: int) -> tuple[Citizen, Citizen]:
    if citizen_id == other_id:
        raise NotFoundError
    return get_citizen(citizen_id), get_citizen(other_id)


@bp.route(f"{MERGE}/<int:other_id>", methods=["GET", "POST"])
@requires(Permission.CITIZEN_MERGE, _both)
def merge(both: tuple[Citizen, Citizen]) -> ResponseReturnValue:
    """See both beside each other, choose what holds, and merge them."""
    kept, gone = both
    if kept.id == gone.id:  # they have been merged already
        return redirect(url_of(kept))
    form = MergeForm(kept, gone)
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            if form.is_outdated:
                raise ChangedMeanwhileError
            merge_citizens(kept, gone, form.facts, reasons=form.reasons.data, by=current.user(), at=current.at())
            flash("De to borgere er lagt sammen.")
            return saved(form, url_of(kept))
    return _compare(kept, gone, form)


def _compare(kept: Citizen, gone: Citizen, form: MergeForm) -> ResponseReturnValue:
    cases = {citizen.id: cases_of(citizen.id) for citizen in (kept, gone)}
    record_reading(Event.CITIZEN_READ, [case.id for case in cases[gone.id]], gone)
    open_on = [citizen_id for citizen_id, found in cases.items() if any(case.is_open for case in found)]
    points = contact_points(kept.id, gone.id)
    return citizen_page(
        "cases/citizens/merge.html",
        kept,
        form=form,
        gone=gone,
        sides=[
            {
                "citizen": citizen,
                "number": number_of(citizen),
                "cases": cases[citizen.id],
                "points": [point for point in points if point.citizen_id == citizen.id],
            }
            for citizen in (kept, gone)
        ],
        refused=BOTH_OPEN if len(open_on) > 1 else None,
    )
