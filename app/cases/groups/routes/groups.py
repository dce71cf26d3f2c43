"""The list of groups, and one group: what it is about, its members and notes."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.models import Role, User
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.conflicts import conflict, require_same_version
from app.cases.groups import picture, queries, services
from app.cases.groups.forms import GroupForm, GroupNoteForm, NewGroupForm
from app.cases.groups.models import Group
from app.cases.groups.routes.frame import ALL, ONE, bp, group_page
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.queries import get_case
from app.core.errors import DomainError
from app.core.forms import saving
from app.core.pages import page


@bp.route(ALL)
@requires(Permission.GROUP_LIST)
def index() -> ResponseReturnValue:
    """The groups that the reader sees."""
    return page("cases/groups/index.html", groups=queries.groups(), counts=queries.count_members(current.today()))


@bp.route(f"{ALL}/ny", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE)
def new() -> ResponseReturnValue:
    """Open a group."""
    by, at = current.user(), current.at()
    form = NewGroupForm(_colleagues(by.unit_id, by.id))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            group = services.open_group(**_known(form), by=by, at=at)
            flash("Gruppen er oprettet.")
            return saved(form, _url(group))
    return page("cases/groups/new.html", form=form)


@bp.route(ONE)
@requires(Permission.GROUP_LIST, queries.get_group)
def show(group: Group) -> ResponseReturnValue:
    """The group with those members whom the reader sees."""
    today = current.today()
    members = queries.members_of(group.id)
    cases = queries.cases_of_members(members)
    return group_page(
        "cases/groups/show.html",
        group,
        shown=cases.values(),
        present=[member for member in members if not member.is_over(today)],
        past=[member for member in members if member.is_over(today)],
        cases=cases,
        picture=picture.draw(members, today),
        notes=queries.notes_of(group.id),
        named=queries.names_of([group.created_by_id, *group.named_ids]) if group.restricted else [],
    )


@bp.route(f"{ONE}/rediger", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def edit(group: Group) -> ResponseReturnValue:
    """Change what the group is about, and who sees it."""
    form = GroupForm(group, _colleagues(group.unit_id, group.created_by_id))
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, group)
            services.change_group(group, **_known(form), by=current.user(), at=current.at())
            flash("Ændringerne er gemt.")
            return redirect(_url(group))
    against = conflict(form, group, form.stored, lambda: None)
    return group_page("cases/groups/edit.html", group, form=form, conflict=against, what="gruppen")


@bp.route(f"{ONE}/luk", methods=["POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def close(group: Group) -> ResponseReturnValue:
    """Stop following the group."""
    return _act(group, services.close_group, "Gruppen er afsluttet.")


@bp.route(f"{ONE}/genaabn", methods=["POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def reopen(group: Group) -> ResponseReturnValue:
    """Follow the group again."""
    return _act(group, services.reopen_group, "Gruppen er aktiv igen.")


@bp.route(f"{ONE}/notater/ny", methods=["GET", "POST"])
@requires(Permission.GROUP_CHANGE, queries.get_group)
def add_note(group: Group) -> ResponseReturnValue:
    """Note what was discussed or seen."""
    by, at = current.user(), current.at()
    form = GroupNoteForm(current.today())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            services.add_note(group, kind=form.kind.data, on_day=form.on_day.data, text=form.text.data, by=by, at=at)
            flash("Notatet er gemt.")
            return saved(form, _url(group))
    return group_page("cases/groups/add_note.html", group, form=form)


@bp.route("/sager/<int:case_id>/grupper")
@requires(Permission.NETWORK_READ, get_case)
def of_case(case: Case) -> ResponseReturnValue:
    """The groups in sight that the case's citizen belongs to today."""
    return case_page(
        "cases/groups/of_case.html",
        case,
        tab="netvaerk",
        groups=queries.groups_of(case.citizen_id, current.today()),
    )


def _act(group: Group, act: Callable[..., None], done: str) -> ResponseReturnValue:
    try:
        act(group, by=current.user(), at=current.at())
        flash(done)
    except DomainError as error:
        flash(error.message, "info")
    return redirect(_url(group))


def _known(form: Any) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "concern": form.concern.data,
        "restricted": bool(form.restricted.data),
        "named_ids": form.named.data,
    }


def _colleagues(unit_id: int | None, creator_id: int) -> list[User]:
    """Those who can be named: coordinators, of whom the creator sees the group anyway, as leaders do."""
    users = [] if unit_id is None else queries.possible_named(unit_id)
    return [user for user in users if user.role is Role.KOORDINATOR and user.id != creator_id]


def _url(group: Group) -> str:
    return url_for("groups.show", group_id=group.id)
