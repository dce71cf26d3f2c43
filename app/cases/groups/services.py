"""Opening and changing groups, their members over time, and notes about them.

A group's events belong to no case: whoever reads a case may not see the group, and the other way round.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.access.models import Role, User
from app.audit import log
from app.audit.models import Event
from app.cases.groups import queries
from app.cases.groups.models import Group, GroupMember, GroupNote, GroupNoteKind, GroupStatus
from app.cases.network.facts import PersonFacts
from app.cases.network.models import RelatedPerson
from app.cases.network.services import (
    add_person,
    keep_contact_data,
    require_days,
    require_forgetting,
    write_person,
)
from app.core.errors import DomainError
from app.deadlines.arithmetic import local_day
from app.extensions import db
from app.people.models import Citizen


def open_group(
    *, title: str, concern: str, restricted: bool, named_ids: Collection[int], by: User, at: datetime
) -> Group:
    """Open a group in the unit of the one who opens it.

    named_ids: who sees a restricted group, beside the leader and its creator.
    Raises DomainError when a choice is not on offer.
    """
    if by.unit_id is None:
        raise DomainError("Du hører ikke til en enhed, og kan derfor ikke oprette en gruppe.")
    group = Group(
        unit_id=by.unit_id,
        title=title,
        concern=concern,
        restricted=restricted,
        named_ids=_named(named_ids if restricted else (), by.unit_id),
        status=GroupStatus.OPEN,
        opened_on=local_day(at),
        created_by_id=by.id,
        created_at=at,
    )
    db.session.add(group)
    db.session.flush()
    _record(Event.GROUP_OPENED, group, by, at)
    return group


def change_group(
    group: Group,
    *,
    title: str,
    concern: str,
    restricted: bool,
    named_ids: Collection[int],
    by: User,
    at: datetime,
) -> None:
    """Change what the group is about, and who sees it; whoever restricts it goes on seeing it.

    Raises DomainError when a choice is not on offer.
    """
    if not restricted:
        named_ids = ()
    elif by.role is Role.KOORDINATOR and by.id != group.created_by_id:
        named_ids = {*named_ids, by.id}
    # Looked up first: a restriction that is written before the names would put the group out of the writer's sight.
    named = _named(named_ids, group.unit_id)
    group.title, group.concern, group.restricted, group.named_ids = title, concern, restricted, named
    db.session.flush()
    _record(Event.GROUP_CHANGED, group, by, at)


def close_group(group: Group, *, by: User, at: datetime) -> None:
    """Stop following the group; members and notes stay as they are."""
    if not group.is_open:
        raise DomainError("Gruppen er allerede afsluttet.")
    group.status, group.closed_on = GroupStatus.CLOSED, local_day(at)
    db.session.flush()
    _record(Event.GROUP_CLOSED, group, by, at)


def reopen_group(group: Group, *, by: User, at: datetime) -> None:
    """Follow the group again."""
    if group.is_open:
        raise DomainError("Gruppen er allerede aktiv.")
    group.status, group.closed_on = GroupStatus.OPEN, None
    db.session.flush()
    _record(Event.GROUP_REOPENED, group, by, at)


def add_member(
    group: Group,
    who: Citizen | PersonFacts,
    *,
    from_day: date,
    to_day: date | None,
    role_note: str | None,
    by: User,
    at: datetime,
) -> GroupMember:
    """Let somebody belong to the group.

    who: a citizen in sight, or what is known of a person without a case.
    Raises DomainError when the citizen is a member in those days already, or the group has ended.
    """
    require_open(group)
    require_days(from_day, to_day)
    if isinstance(who, Citizen):
        _require_not_twice(group, who, from_day, to_day)
        member = GroupMember(citizen_id=who.id)
    else:
        member = GroupMember(person_id=add_person(who, group_id=group.id, by=by, at=at).id)
    member.group_id, member.from_day, member.to_day, member.role_note = group.id, from_day, to_day, role_note
    member.added_by_id, member.added_at = by.id, at
    db.session.add(member)
    db.session.flush()
    _record(Event.GROUP_MEMBER_ADDED, group, by, at, member.id)
    return member


def change_member(
    member: GroupMember,
    person: PersonFacts | None,
    *,
    from_day: date,
    to_day: date | None,
    role_note: str | None,
    by: User,
    at: datetime,
) -> None:
    """Correct or end a membership.

    person: what is known of a person without a case; None for a citizen.
    Raises DomainError when the citizen is a member in those days already, or a day cannot be right.
    """
    require_days(from_day, to_day)
    if member.citizen is not None:
        _require_not_twice(member.group, member.citizen, from_day, to_day, but=member)
    if member.person is not None and person is not None:
        if person.delete_on != member.person.delete_on:
            require_forgetting(person.delete_on, today=local_day(at))
        write_person(member.person, person)
    member.from_day, member.to_day, member.role_note = from_day, to_day, role_note
    # Also when only the person changed: the form that the next one sends is about both.
    flag_modified(member, "from_day")
    db.session.flush()
    _record(Event.GROUP_MEMBER_CHANGED, member.group, by, at, member.id)


def remove_member(member: GroupMember, *, by: User, at: datetime) -> None:
    """Take out what was registered by mistake; a person without a case is forgotten at the next run."""
    member.removed_at = at
    if member.person is not None:
        member.person.delete_on = local_day(at)
    db.session.flush()
    _record(Event.GROUP_MEMBER_REMOVED, member.group, by, at, member.id)


def add_note(group: Group, *, kind: GroupNoteKind, on_day: date, text: str, by: User, at: datetime) -> GroupNote:
    """Note what was discussed or seen.

    Raises DomainError when the day is ahead, or the group has ended.
    """
    require_open(group)
    if on_day > local_day(at):
        raise DomainError("Datoen ligger i fremtiden.", "on_day")
    note = GroupNote(group_id=group.id, kind=kind, on_day=on_day, text=text, author_id=by.id, at=at)
    db.session.add(note)
    db.session.flush()
    _record(Event.GROUP_NOTE_ADDED, group, by, at)
    return note


def become_citizen(person: RelatedPerson, citizen: Citizen, *, by: User, at: datetime) -> None:
    """Let the memberships of somebody without a case be those of the citizen whom a case has just been opened on."""
    for member in db.session.scalars(select(GroupMember).where(GroupMember.person_id == person.id)):
        member.person_id, member.citizen_id = None, citizen.id
    person.became_citizen_id = citizen.id
    db.session.flush()
    keep_contact_data(person, citizen, by=by, at=at)
    log.record(Event.PERSON_BECAME_CITIZEN, by=by, at=at, subject=("group", person.group_id or 0))


def require_open(group: Group) -> None:
    """Raise DomainError when the group has ended."""
    if not group.is_open:
        raise DomainError("Gruppen er afsluttet. Genåbn den først.")


def _named(user_ids: Collection[int], unit_id: int) -> list[int]:
    wanted = sorted(set(user_ids))
    if wanted and not set(wanted) <= {user.id for user in queries.possible_named(unit_id)}:
        raise DomainError("Vælg koordinatorer i enheden.", "named")
    return wanted


def _require_not_twice(
    group: Group, citizen: Citizen, from_day: date, to_day: date | None, but: GroupMember | None = None
) -> None:
    """The citizen is in sight, and so are all his memberships in a group in sight."""
    for other in queries.members_of(group.id):
        begins_before = to_day is None or other.from_day <= to_day
        if other is not but and other.citizen_id == citizen.id and begins_before and not other.is_over(from_day):
            raise DomainError(f"{citizen.name} er allerede medlem i den periode.", "from_day")


def _record(event: Event, group: Group, by: User, at: datetime, member_id: int | None = None) -> None:
    log.record(event, by=by, at=at, subject=group.subject, member=member_id)
