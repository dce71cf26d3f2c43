"""The tab Netværk of a case."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases import history
from app.cases.conflicts import conflict, require_same_version
from app.cases.models import Case
from app.cases.network import graph, matching, picture, queries, services
from app.cases.network.forms import (
    EndRelationForm,
    NewRelationForm,
    PersonRelationForm,
    RelationForm,
    RemoveRelationForm,
    person_facts,
    relation_facts,
)
from app.cases.network.models import Relation
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.forms import saving
from app.people.queries import get_citizen

bp = Blueprint("network", __name__)

TAB = "netvaerk"
ALL = "/sager/<int:case_id>/netvaerk"
ONE = f"{ALL}/<int:relation_id>"
LIST = "netvaerk"
CHANGES = (Event.RELATION_CHANGED, Event.RELATION_ENDED)


@bp.route(ALL)
@requires(Permission.NETWORK_READ, get_case)
def index(case: Case) -> ResponseReturnValue:
    """Who hangs with whom, of those whom the reader sees."""
    today = current.today()
    network = graph.network_of(case.citizen_id, case.citizen.name)
    now = graph.present(network, today)
    cases = queries.cases_of_citizens(sorted(network.citizen_ids()))
    shown = [each.id for of_one in cases.values() for each in of_one]
    if shown:
        log.record(Event.CASES_LISTED, by=current.user(), at=current.at(), listed_case_ids=shown, list=LIST)
    return case_page(
        "cases/network/index.html",
        case,
        tab=TAB,
        present=now,
        past=[line for line in network.first if line.relation.is_over(today)],
        picture=picture.draw(now),
        cases=cases,
        may_change=can(current.reader(), Permission.NETWORK_CHANGE, case),
        may_open=can(current.reader(), Permission.CASE_OPEN),
    )


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.NETWORK_CHANGE, get_case)
def add(case: Case) -> ResponseReturnValue:
    """Record a relation; whoever may be meant among those in sight is asked about first."""
    by, at = current.user(), current.at()
    form = NewRelationForm(current.today())
    if form.is_submitted():
        form.offer(matching.likely(form.name.data, form.cpr.data, but=case.citizen_id, by=by, at=at))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            other = person_facts(form) if form.chosen_id is None else get_citizen(form.chosen_id)
            services.add_relation(case, other, relation_facts(form), by=by, at=at)
            flash("Relationen er gemt.")
            return saved(form, url_for("network.index", case_id=case.id))
    return case_page("cases/network/add.html", case, tab=TAB, form=form)


@bp.route(ONE, methods=["GET", "POST"])
@requires(Permission.NETWORK_CHANGE, queries.get_relation)
def change(relation: Relation) -> ResponseReturnValue:
    """Correct a relation, and what is known of somebody without a case."""
    today = current.today()
    form = PersonRelationForm(relation, today) if relation.person else RelationForm(relation, today)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, relation)
            person = person_facts(form) if relation.person else None
            services.change_relation(relation, relation_facts(form), person, by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(url_for("network.index", case_id=relation.case_id))
    against = conflict(form, relation, form.stored, lambda: history.last_change(relation.case_id, *CHANGES))
    return case_page(
        "cases/network/change.html",
        relation.case,
        tab=TAB,
        form=form,
        relation=relation,
        conflict=against,
        what="relationen",
    )


@bp.route(f"{ONE}/slut", methods=["GET", "POST"])
@requires(Permission.NETWORK_CHANGE, queries.get_relation)
def end(relation: Relation) -> ResponseReturnValue:
    """Say that a relation has ended."""
    form = EndRelationForm(relation, current.today())
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, relation)
            services.end_relation(relation, form.to_day.data, by=current.user(), at=current.at())
            flash("Relationen er afsluttet.")
            return redirect(url_for("network.index", case_id=relation.case_id))
    return case_page("cases/network/end.html", relation.case, tab=TAB, form=form, relation=relation)


@bp.route(f"{ONE}/fjern", methods=["GET", "POST"])
@requires(Permission.NETWORK_CHANGE, queries.get_relation)
def remove(relation: Relation) -> ResponseReturnValue:
    """Take out what was registered by mistake, after a question."""
    form = RemoveRelationForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.remove_relation(relation, by=current.user(), at=current.at())
            flash("Relationen er fjernet.")
            return saved(form, url_for("network.index", case_id=relation.case_id))
    return case_page("cases/network/remove.html", relation.case, tab=TAB, form=form, relation=relation)
