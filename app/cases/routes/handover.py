"""Handing over all open cases of an employee at once, on leave or departure."""

from collections import Counter

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import User
from app.access.policy import Permission, requires
from app.access.routes.employees import employee
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases import handovers, queries
from app.cases.handover_form import HandoverForm, handover_form
from app.cases.routes.blueprint import bp
from app.core.danish import and_list, plural
from app.core.forms import saving
from app.core.pages import page

CONFIRMED, BACK = "ja", "ret"


@bp.route("/medarbejdere/<int:user_id>/overdrag", methods=["GET", "POST"])
@requires(Permission.HANDOVER, employee)
def hand_over(user: User) -> ResponseReturnValue:
    """Choose who takes each case, see it all once more, and hand over."""
    cases = handovers.open_cases_of(user.id, current.today())
    log.record(
        Event.CASES_LISTED,
        by=current.user(),
        at=current.at(),
        listed_case_ids=[case.id for case in cases],
        list="overdragelse",
    )
    takers = [other for other in queries.possible_owners(user.unit_id or 0) if other.id != user.id]
    form = handover_form(cases, takers)
    if not (cases and takers):
        return page("cases/hand_over.html", user=user, has_cases=bool(cases))
    if not form.validate_on_submit() or not _everybody_is_chosen(form) or form.confirmed.data == BACK:
        return _page("cases/hand_over.html", user, form, takers)
    if form.confirmed.data != CONFIRMED:
        return _page("cases/hand_over_confirm.html", user, form, takers)
    with saving(form):
        claim(form, by=current.user(), at=current.at())
        handed = handovers.hand_over_all(
            user,
            takers={case_id: taker for case_id, taker in form.takers.items() if taker is not None},
            note=form.note.data,
            seen=form.seen_ids,
            by=current.user(),
            at=current.at(),
        )
        flash(f"Overdraget fra {user.name}: {_told([taker for _, taker in handed], takers)}.")
        return saved(form, url_for("employees.index"))
    return _page("cases/hand_over.html", user, form, takers)


def _everybody_is_chosen(form: HandoverForm) -> bool:
    missing = [case.number for case in form.cases if form.takers[case.id] is None]
    if missing:
        form.add_error(f"Vælg, hvem der overtager {and_list(missing[:5])}.", "taker")
    return not missing


def _page(template: str, user: User, form: HandoverForm, takers: list[User]) -> ResponseReturnValue:
    names = {taker.id: taker.name for taker in takers}
    count = plural(len(form.cases), "åben sag", "åbne sager")
    return page(template, form=form, user=user, names=names, count=count, has_cases=True, told=_counted(form, takers))


def _counted(form: HandoverForm, takers: list[User]) -> str:
    return _told([taker for taker in form.takers.values() if taker is not None], takers)


def _told(taken: list[int], takers: list[User]) -> str:
    """How many cases each one takes."""
    counts, names = Counter(taken), {taker.id: taker.name for taker in takers}
    return and_list(
        f"{plural(count, 'sag', 'sager')} til {names.get(taker, 'Ukendt')}" for taker, count in counts.items()
    )
