"""Reading groups. What exists for whom is the row scope's business, never the query's: no count tells of more."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from app.access.models import User
from app.access.policy import OWNING_ROLES
from app.access.queries import users
from app.cases.groups.models import Group, GroupMember, GroupNote
from app.cases.models import Case
from app.core.errors import found
from app.extensions import db


def get_group(group_id: int) -> Group:
    """The group. Raises NotFoundError when there is none in sight."""
    creator = joinedload(Group.created_by, innerjoin=True).load_only(User.name).lazyload(User.unit)
    return found(db.session.scalar(select(Group).where(Group.id == group_id).options(creator)))


def groups() -> list[Group]:
    """The groups in sight, those that are followed first, then the newest first."""
    return list(db.session.scalars(select(Group).order_by(Group.closed_on.is_not(None), Group.id.desc())))


def count_members(today: date) -> dict[int, int]:
    """How many members in sight each group has today."""
    counted = (
        select(GroupMember.group_id, func.count())
        .where(
            GroupMember.removed_at.is_(None),
            GroupMember.from_day <= today,
            or_(GroupMember.to_day.is_(None), GroupMember.to_day >= today),
        )
        .group_by(GroupMember.group_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


_WHO = (joinedload(GroupMember.citizen), joinedload(GroupMember.person))


def members_of(group_id: int) -> list[GroupMember]:
    """Members past, present and to come of whom the reader sees the citizen, in the order in which they joined."""
    standing = select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.removed_at.is_(None))
    return list(db.session.scalars(standing.options(*_WHO).order_by(GroupMember.from_day, GroupMember.id)))


def get_member(group_id: int, member_id: int) -> GroupMember:
    """The member of that group. Raises NotFoundError when there is none in sight."""
    standing = select(GroupMember).where(
        GroupMember.id == member_id, GroupMember.group_id == group_id, GroupMember.removed_at.is_(None)
    )
    return found(db.session.scalar(standing.options(*_WHO, joinedload(GroupMember.group, innerjoin=True))))


def notes_of(group_id: int) -> list[GroupNote]:
    """The group's notes, the newest first."""
    author = joinedload(GroupNote.author, innerjoin=True).load_only(User.name).lazyload(User.unit)
    notes = select(GroupNote).where(GroupNote.group_id == group_id).options(author)
    return list(db.session.scalars(notes.order_by(GroupNote.on_day.desc(), GroupNote.id.desc())))


def cases_of_members(members: Collection[GroupMember]) -> dict[int, list[Case]]:
    """Cases in sight of the members by citizen: the open one first, then the newest."""
    ids = sorted({member.citizen_id for member in members if member.citizen_id is not None})
    cases: dict[int, list[Case]] = {}
    if ids:
        # The citizens are loaded already, with the members.
        rows = select(Case).where(Case.citizen_id.in_(ids)).options(lazyload(Case.citizen))
        for case in db.session.scalars(rows.order_by(Case.closed_on.is_not(None), Case.number.desc())):
            cases.setdefault(case.citizen_id, []).append(case)
    return cases


def possible_named(unit_id: int) -> list[User]:
    """Those who can be named on a restricted group of the unit, by name."""
    return [user for user in users(unit_id=unit_id, active=True) if user.role in OWNING_ROLES]


def names_of(user_ids: Collection[int]) -> list[str]:
    """The names of employees."""
    if not user_ids:
        return []
    return list(db.session.scalars(select(User.name).where(User.id.in_(user_ids)).order_by(User.name)))


def groups_of(citizen_id: int, today: date) -> list[Group]:
    """The groups in sight that the citizen belongs to today."""
    member = select(GroupMember.group_id).where(
        GroupMember.citizen_id == citizen_id,
        GroupMember.removed_at.is_(None),
        GroupMember.from_day <= today,
        or_(GroupMember.to_day.is_(None), GroupMember.to_day >= today),
    )
    return list(db.session.scalars(select(Group).where(Group.id.in_(member)).order_by(Group.id)))
