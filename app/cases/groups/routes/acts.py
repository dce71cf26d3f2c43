"""Acting on the members of a group as one, with a page that says what happened to each."""

from flask import url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.groups import acts, queries
from app.cases.groups.acts import Outcome
from app.cases.groups.forms import SharedNoteForm, SharedReferralForm
from app.cases.groups.models import Group, GroupMember
from app.cases.groups.routes.frame import ONE, bp, group_page
from app.core.forms import saving


@bp.route(f"{ONE}/journal", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def write_journal(group: Group) -> ResponseReturnValue:
    """Write one note in the case of each chosen member."""
    by, at = current.user(), current.at()
    members = _present(group)
    cases = queries.cases_of_members(members)
    form = SharedNoteForm(current.today())
    with_case = [member.id for member in members if acts.open_case_of(member, cases)]
    form.choose_among({member.id: _words(member, cases) for member in members}, with_case)
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            outcomes = acts.write_in_journals(
                group,
                [member for member in members if member.id in form.members.data],
                cases,
                kind=form.kind.data,
                happened_on=form.happened_on.data,
                happened_time=form.happened_time.data,
                text=form.text.data,
                by=by,
                at=at,
            )
            return _told(form, group, outcomes)
    return group_page("cases/groups/journal.html", group, shown=cases.values(), form=form if with_case else None)


@bp.route(f"{ONE}/henvendelser", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def open_referrals(group: Group) -> ResponseReturnValue:
    """Register a referral on each chosen member without an open case."""
    by, at = current.user(), current.at()
    members = _present(group)
    cases = queries.cases_of_members(members)
    form = SharedReferralForm(group, current.today())
    without = [member.id for member in members if not acts.open_case_of(member, cases)]
    form.choose_among({member.id: _words(member, cases) for member in members}, without)
    if form.validate_on_submit():
        chosen = [member for member in members if member.id in form.members.data]
        answers = acts.ask_numbers(chosen, by=by, at=at)
        with saving(form):
            claim(form, by=by, at=at)
            outcomes = acts.open_referrals(group, chosen, cases, answers, referral=form.facts, by=by, at=at)
            return _told(form, group, outcomes)
    return group_page("cases/groups/referrals.html", group, shown=cases.values(), form=form if members else None)


def _present(group: Group) -> list[GroupMember]:
    return [member for member in queries.members_of(group.id) if member.is_member_on(current.today())]


def _words(member: GroupMember, cases: acts.Cases) -> str:
    case = acts.open_case_of(member, cases)
    return f"{member.name} (ingen åben sag)" if case is None else f"{member.name} (sag {case.number})"


def _told(form: SharedNoteForm | SharedReferralForm, group: Group, outcomes: list[Outcome]) -> ResponseReturnValue:
    """What happened to each. It is kept nowhere, because not everybody who sees the group sees them all."""
    saved(form, url_for("groups.show", group_id=group.id))
    shown = [[outcome.case] for outcome in outcomes if outcome.case is not None]
    return group_page("cases/groups/outcomes.html", group, shown=shown, outcomes=outcomes)
