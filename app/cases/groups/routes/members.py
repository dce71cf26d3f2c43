"""Who belongs to a group."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.conflicts import conflict, require_same_version
from app.cases.groups import queries, services
from app.cases.groups.forms import MemberForm, NewMemberForm, PersonMemberForm, RemoveMemberForm
from app.cases.groups.models import Group, GroupMember
from app.cases.groups.routes.frame import ONE, bp, group_page
from app.cases.network import matching
from app.cases.network.forms import person_facts
from app.core.forms import saving
from app.people.queries import get_citizen

MEMBERS = f"{ONE}/medlemmer"
MEMBER = f"{MEMBERS}/<int:member_id>"


@bp.route(f"{MEMBERS}/ny", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def add_member(group: Group) -> ResponseReturnValue:
    """Let somebody belong to the group; whoever may be meant among those in sight is asked about first."""
    by, at = current.user(), current.at()
    form = NewMemberForm(current.today())
    if form.is_submitted():
        form.offer(matching.likely(form.name.data, form.cpr.data, but=None, by=by, at=at))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            services.add_member(
                group,
                person_facts(form) if form.chosen_id is None else get_citizen(form.chosen_id),
                from_day=form.from_day.data,
                to_day=form.to_day.data,
                role_note=form.role_note.data,
                by=by,
                at=at,
            )
            flash("Medlemmet er tilføjet.")
            return saved(form, _url(group.id))
    return group_page("cases/groups/add_member.html", group, form=form)


@bp.route(MEMBER, methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_member)
def change_member(member: GroupMember) -> ResponseReturnValue:
    """Correct or end a membership, and correct what is known of somebody without a case."""
    today = current.today()
    form = PersonMemberForm(member, today) if member.person else MemberForm(member, today)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, member)
            services.change_member(
                member,
                person_facts(form) if member.person else None,
                from_day=form.from_day.data,
                to_day=form.to_day.data,
                role_note=form.role_note.data,
                by=current.user(),
                at=current.at(),
            )
            flash("Ændringerne er gemt.")
            return redirect(_url(member.group_id))
    against = conflict(form, member, form.stored, lambda: None)
    return group_page(
        "cases/groups/change_member.html",
        member.group,
        form=form,
        member=member,
        conflict=against,
        what="medlemmet",
    )


@bp.route(f"{MEMBER}/fjern", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_member)
def remove_member(member: GroupMember) -> ResponseReturnValue:
    """Take out somebody who was registered by mistake, after a question."""
    form = RemoveMemberForm()
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.remove_member(member, by=current.user(), at=current.at())
            flash("Medlemmet er fjernet.")
            return saved(form, _url(member.group_id))
    return group_page("cases/groups/remove_member.html", member.group, form=form, member=member)


def _url(group_id: int) -> str:
    return url_for("groups.show", group_id=group_id)
